"""Long work of the assessment: telling the cities."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.assessment.engine.line import Line
from applications.assessment.exports import DOSSIERS, write_dossiers
from applications.assessment.models import Release
from applications.assessment.services.lines import FROM_LINE, prepare_from_line
from applications.assessment.services.outcomes import prepared_words
from applications.assessment.services.releasing import RELEASE, tell_outcome, waiting_in
from applications.selectors import sent_applications
from applications.selectors.reach import reaches_as_before
from core.files.kinds import ZIP
from core.jobs.kinds import JobKind, Made, Params, Work
from core.jobs.services import LARGEST_RESULT
from core.kit.days import today
from core.kit.errors import InvalidError
from core.kit.people import Person
from core.kit.rows import in_chunks
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


def pack_dossiers(work: Work) -> Made:
    """Pack the dossiers of the applications that were chosen and that the person still reaches."""
    by: Any = work.by
    rows = sent_applications(by).filter(pk__in=work.params["ids"])
    rows = rows.select_related("organisation__country", "call").order_by("reference")
    number = rows.count()
    if not number:
        raise InvalidError(_("None of these is yours to read. Choose at least one application."))
    for done, one in enumerate(write_dossiers(in_chunks(rows, size=50), work.file, by), 1):
        work.progress(done, number, str(one))
        if work.file.tell() > LARGEST_RESULT:
            raise InvalidError(
                _("These are more than fits into one file. Choose fewer, and pack the rest after.")
            )
    words = ngettext("%(number)d dossier", "%(number)d dossiers", number)
    return Made(
        name=f"dossiers-{today().isoformat()}", kind=ZIP, message=words % {"number": number}
    )


def _may_have_dossiers(person: Person, params: Params) -> bool:
    """Whether the person packs dossiers, and reaches what they did when they asked for these."""
    reader: Any = person
    may = person.has_perm("assessment.take_dossiers")
    return may and reaches_as_before(reader, params.get("reach"))


JOBS = {
    DOSSIERS: JobKind(
        title=gettext_lazy("Dossiers of applications"),
        work=pack_dossiers,
        may=_may_have_dossiers,
        back="applications:staff_list",
        otherwise=gettext_lazy(
            "What you may read has changed since you asked for these dossiers, or is not for your "
            "role. Pack those that you may read anew."
        ),
    ),
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
