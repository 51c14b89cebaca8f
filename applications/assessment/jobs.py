"""Long work of the assessment: telling the cities."""

from typing import Any

from django.utils.translation import gettext_lazy

from applications.assessment.models import Release
from applications.assessment.services.releasing import RELEASE, tell_outcome, waiting_in
from core.jobs.kinds import JobKind, Work


def tell_all(work: Work) -> None:
    """Tell each city of a release that was not told yet; what fails is noted beside it."""
    by: Any = work.by
    release = Release.objects.get(pk=work.params["release"])
    waiting = waiting_in(release)
    for done, outcome in enumerate(waiting):
        work.progress(done, len(waiting), str(outcome.application))
        tell_outcome(outcome=outcome, release=release, by=by)


JOBS = {
    RELEASE: JobKind(
        title=gettext_lazy("Release of outcomes"),
        work=tell_all,
        may=lambda person, _params: person.has_perm("assessment.release_outcomes"),
        back="assessment:calls",
    ),
}
