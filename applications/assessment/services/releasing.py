"""The release: every ready outcome of a call is told, each city by exactly one letter."""

import logging

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from applications.assessment.engine.line import Line, place
from applications.assessment.models import Letter, Outcome, Release
from applications.assessment.selectors.outcomes import readiness_of
from applications.assessment.selectors.results import results_of
from applications.assessment.services.letters import own_words_of, preview_of
from applications.selectors import submission_of
from applications.services.decisions import decide_application
from applications.services.locking import lock_application, refuse_moved
from applications.states import ApplicationStatus
from core.jobs.services import start_job
from core.jobs.states import JobState
from core.kit import days
from core.kit.errors import PortalError, StaleError, WrongStateError
from core.kit.writes import lock, require
from core.trail.services import record_event
from programme.calls.models import Call

logger = logging.getLogger(__name__)

RELEASE = "assessment.release"


def _require_right(by: User) -> None:
    require(
        by,
        "assessment.release_outcomes",
        otherwise=_("Only coordinators release outcomes. Ask one of them."),
    )


@transaction.atomic
def release_outcomes(*, call: Call, mark: str, by: User) -> Release:
    """Begin to tell the cities; return the release, whose page says what became of each.

    `mark` stands for exactly what the last question showed. Raises StaleError when something
    was prepared, held or changed since, WrongStateError when nothing is ready.
    """
    call = lock(call)
    _require_right(by)
    # Nobody holds or changes what is counted here before it is claimed below.
    rows = Outcome.objects.filter(application__call=call).pending()
    list(rows.select_for_update(of=("self",)).order_by("pk").only("pk"))
    ready = readiness_of(by, call)
    if not ready.total:
        raise WrongStateError(
            _("Nothing is ready to be released. Somebody may have been first: see the letters."),
            code="nothing_ready",
        )
    if ready.mark != mark:
        raise StaleError(
            _("Something was prepared, held or changed since you looked. Read the numbers again.")
        )
    number = call.releases.aggregate(last=Max("number"))["last"] or 0
    release = Release.objects.create(call=call, number=number + 1, by=by)
    _claim([row.pk for row in ready.ready], release)
    record_event(verb="call.released", target=call, by=by, details={"letters": ready.total})
    return _start(release, by)


@transaction.atomic
def retry_release(*, release: Release, by: User) -> Release:
    """Go on with what a release has not told yet: its work broke off, or was stopped."""
    release = lock(release)
    _require_right(by)
    if not _waiting(release).exists():
        raise WrongStateError(
            _("This release is finished. What failed can be put right and released anew."),
            code="finished",
        )
    return _start(release, by)


def _claim(pks: list[int], release: Release) -> None:
    """Take outcomes in hand, and keep where each stands in the ranking now.

    Who is on the reserve list moves up in that order. Each row is written once: a second time
    PostgreSQL would wait for its application, which others lock first.
    """
    placed = {row.result.application.pk: row for row in place(results_of(release.call), Line())}
    rows = list(Outcome.objects.filter(pk__in=pks).select_related("application"))
    for row in rows:
        row.release, row.failure = release, ""
        found = placed.get(row.application_id)
        # Who waits on the reserve list already keeps the place that was told.
        if found is not None and row.application.status == ApplicationStatus.ELIGIBLE:
            row.rank, row.points = found.rank, found.result.total
    Outcome.objects.bulk_update(rows, ["release", "failure", "rank", "points"], batch_size=500)


def _start(release: Release, by: User) -> Release:
    release.job = start_job(kind=RELEASE, params={"release": release.pk}, by=by)
    release.save(update_fields=["job"])
    return release


def _waiting(release: Release) -> "QuerySet[Outcome]":
    return Outcome.objects.filter(release=release, released_at=None, failure="")


def waiting_in(release: Release) -> list[Outcome]:
    """Return what a release still has in hand, in the order in which it tells them."""
    rows = _waiting(release).select_related("application")
    return list(rows.order_by("application_id"))


def tell_outcome(*, outcome: Outcome, release: Release, by: User) -> bool:
    """Tell one city, or note why not; return whether it was told just now.

    All of it is one transaction: the decision, its letter and that it is released. Whoever
    comes second finds it done, and writes nothing. Nothing is told any more once the work was
    stopped. Raises NotAllowedError for who has lost the right since it began: the others wait.
    """
    by = User.objects.get(pk=by.pk)
    _require_right(by)
    try:
        return _tell(outcome, release, by)
    except PortalError as error:
        failure = str(error)
    except Exception:
        # One that breaks must not keep the others, here or on the next attempt, from being told.
        logger.exception("Outcome %s of release %s broke off.", outcome.pk, release.pk)
        failure = _("The work broke off at this one and we have been told. Release it again later.")
    _waiting(release).filter(pk=outcome.pk).update(failure=failure[:500])
    return False


def _is_stopped(release: Release) -> bool:
    """Tell whether its work was stopped since; a release that goes on has another job."""
    return Release.objects.filter(pk=release.pk, job__state=JobState.CANCELLED).exists()


@transaction.atomic
def _tell(outcome: Outcome, release: Release, by: User) -> bool:
    application = lock_application(outcome.application, "applications.decide_application", by)
    outcome = Outcome.objects.select_for_update().get(pk=outcome.pk)
    outcome.application = application
    if outcome.is_released or outcome.release_id != release.pk or _is_stopped(release):
        return False
    if outcome.is_held:
        raise WrongStateError(
            _("The letter is held back. Let it go, and it leaves with the next release."),
            code="held",
        )
    submission = submission_of(application)
    if submission is None or submission.pk != outcome.submission_id:
        raise WrongStateError(
            _("The applicant has sent again since this was prepared. Prepare the outcome anew."),
            code="sent_again",
        )
    if application.status == outcome.outcome:
        refuse_moved(application)
    own, letter = own_words_of(outcome), preview_of(outcome)
    decide_application(
        application=application,
        outcome=outcome.outcome,
        reason=outcome.reason,
        by=by,
        words=own,
    )
    decision = application.decisions.latest("number")
    Letter.objects.create(
        decision=decision,
        release=release,
        language=letter.language,
        subject=letter.subject,
        text=letter.text,
        is_own=own is not None,
    )
    outcome.decision, outcome.released_at = decision, days.now()
    outcome.save(update_fields=["decision", "released_at"])
    record_event(verb="outcome.released", target=outcome, by=by)
    return True
