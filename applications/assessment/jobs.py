"""Long work of the assessment: telling the cities."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from applications.assessment.engine.line import Line
from applications.assessment.models import Release
from applications.assessment.services.lines import FROM_LINE, prepare_from_line
from applications.assessment.services.outcomes import prepared_words
from applications.assessment.services.releasing import RELEASE, tell_outcome, waiting_in
from core.jobs.kinds import JobKind, Work
from programme.calls.models import Call


def tell_all(work: Work) -> None:
    """Tell each city of a release that was not told yet; what fails is noted beside it."""
    by: Any = work.by
    release = Release.objects.get(pk=work.params["release"])
    waiting = waiting_in(release)
    for done, outcome in enumerate(waiting):
        work.progress(done, len(waiting), str(outcome.application))
        tell_outcome(outcome=outcome, release=release, by=by)


def prepare_all(work: Work) -> str:
    """Prepare what a line in the ranking decides; say how many, and what was left and why."""
    by: Any = work.by
    params = work.params
    threshold, reserve, places = params["line"]
    line = Line(
        threshold=None if threshold is None else Decimal(threshold),
        reserve=None if reserve is None else Decimal(reserve),
        places=None if places is None else int(places),
    )
    prepared = prepare_from_line(
        call=Call.objects.get(pk=params["call"]),
        line=line,
        reasons=params["reasons"],
        paragraphs=params["paragraphs"],
        setting=[(pk, outcome) for pk, outcome in params["setting"]],
        by=by,
        tell=work.progress,
    )
    return prepared_words(prepared)


JOBS = {
    FROM_LINE: JobKind(
        title=gettext_lazy("Outcomes set from a line"),
        work=prepare_all,
        may=lambda person, _params: person.has_perm("assessment.prepare_outcomes"),
        back="assessment:calls",
    ),
    RELEASE: JobKind(
        title=gettext_lazy("Release of outcomes"),
        work=tell_all,
        may=lambda person, _params: person.has_perm("assessment.release_outcomes"),
        back="assessment:calls",
    ),
}
