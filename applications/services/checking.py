"""An eligibility check of two people: what the first found waits for another's word."""

from django.utils.translation import gettext as _

from accounts.models import User
from applications.eligibility import JudgedCriterion
from applications.models import Application, FirstCheck
from applications.selectors.checking import first_check_of, read_version_of_check, states_of
from applications.states import ApplicationStatus
from core.kit import days
from core.kit.writes import require_version
from core.trail.services import record_event
from programme.calls.states import Checkers


def require_seen(application: Application, read_version: int | None) -> None:
    """Raise StaleError when a locked case is not as its page showed it any more.

    None: it is judged by a program that has just read it, not from a page.
    """
    if read_version is None:
        return
    require_version(
        read_version_of_check(application),
        read_version,
        otherwise=_(
            "This case has changed since you opened it: it was sent again, a letter came, or a "
            "colleague judged something. Nothing was saved. Look at it as it is now, then judge."
        ),
    )


def void_first_check(application: Application) -> None:
    """Take away what the first person found: something was judged anew, or sent again."""
    FirstCheck.objects.filter(application=application).delete()


def needs_another(
    application: Application,
    criteria: list[JudgedCriterion],
    *,
    outcome: ApplicationStatus,
    reason: str,
    by: User,
) -> bool:
    """Tell whether another person has to confirm what `by` found; keep it as the first check.

    Who finds the same as another person before them, with the same words for the city,
    completes the check. Whoever finds something else is the first anew. The application is
    locked, so that two who decide at once come one after the other.
    """
    if application.call.checkers != Checkers.TWO:
        void_first_check(application)
        return False
    first = first_check_of(application, criteria)
    is_same = first is not None and (first.outcome, first.reason) == (outcome, reason)
    if first is not None and is_same and first.by_id == by.pk:
        return True
    void_first_check(application)
    if is_same:
        return False
    FirstCheck.objects.create(
        application=application,
        outcome=outcome,
        reason=reason,
        states=states_of(criteria),
        by=by,
        at=days.now(),
    )
    record_event(verb=f"application.check_{outcome}", target=application, by=by, reason=reason)
    return True


def take_back_first_check(application: Application, by: User) -> bool:
    """Take back what this person found first of a locked application; tell whether it was there."""
    gone, _rows = FirstCheck.objects.filter(application=application, by=by).delete()
    if gone:
        record_event(verb="application.check_taken_back", target=application, by=by)
    return bool(gone)
