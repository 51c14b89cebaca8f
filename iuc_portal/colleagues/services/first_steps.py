"""The checklist of a new colleague: their own marks."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.writes import lock, require
from iuc_portal.colleagues.models import FirstSteps
from iuc_portal.colleagues.steps import STEPS, steps_of


def _lock_own(user: User) -> FirstSteps:
    require(
        user,
        "accounts.enter_console",
        otherwise=_("The checklist is for colleagues of the unit."),
    )
    row, _made = FirstSteps.objects.get_or_create(person_id=user.pk)
    return lock(row)


@transaction.atomic
def tick_step(*, key: str, user: User) -> FirstSteps:
    """Note that the person has done a step; the portal finds the others out by itself."""
    row = _lock_own(user)
    if key not in {step.key for step in STEPS if step.is_done is None}:
        raise InvalidError(_("Choose a step of the list."))
    if key not in row.ticked:
        row.ticked = [*row.ticked, key]
        row.save(update_fields=["ticked"])
    return row


@transaction.atomic
def untick_step(*, key: str, user: User) -> FirstSteps:
    """Take back that the person has done a step; one that is not ticked stays so."""
    row = _lock_own(user)
    if key in row.ticked:
        row.ticked = [one for one in row.ticked if one != key]
        row.save(update_fields=["ticked"])
    return row


@transaction.atomic
def end_first_steps(*, user: User) -> FirstSteps:
    """Show the checklist no more. Raises WrongStateError while a step is open."""
    row = _lock_own(user)
    if not all(shown.is_done for shown in steps_of(user, row)):
        raise WrongStateError(_("A step is still open. Do it first, then hide the list."))
    if row.ended_at is None:
        row.ended_at = days.now()
        row.save(update_fields=["ended_at"])
    return row
