"""The life of a pairing after the proposal: its milestones and its end."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_fsm import can_proceed

from accounts.models import User
from core.duties.services import touch
from core.kit import days
from core.kit.days import BRUSSELS
from core.kit.errors import InvalidError, WrongStateError
from core.kit.writes import clean_reason
from core.trail.services import record_event
from pairings.models import Milestone, MilestoneMove, Pairing
from pairings.services.closing import close
from pairings.services.common import locked, require_right
from pairings.services.mails import tell_parties
from pairings.states import PairingStatus

MOVE_REASON_LIMIT = 300
# Said when a cooperation is completed before all its milestones are.
NEEDS_REASON = gettext_lazy(
    "Write why the cooperation is complete although some of its milestones are not done."
)


@transaction.atomic
def cancel_pairing(*, pairing: Pairing, reason: str, by: User) -> Pairing:
    """End a live pairing with a reason that its cities read; all places are free again."""
    pairing = locked(pairing.pk)
    require_right(by, "pairings.cancel_pairing", pairing)
    reason = clean_reason(
        reason, missing=_("Write why the pairing is cancelled. Its cities read it.")
    )
    if not can_proceed(pairing.mark_cancelled):
        raise _moved_on(pairing)
    was_proposed = pairing.status == PairingStatus.PROPOSED
    close(pairing, outcome=PairingStatus.CANCELLED, by=by, reason=reason)
    record_event(verb="pairing.cancelled", target=pairing, by=by, reason=reason)
    tell_parties(
        template="pairing_cancelled",
        pairing=pairing,
        members=pairing.members.all(),
        context={"reason": reason, "was_proposed": was_proposed},
    )
    return pairing


@transaction.atomic
def complete_pairing(*, pairing: Pairing, by: User, reason: str = "") -> Pairing:
    """Close a cooperation that has ended as foreseen; its places are free again.

    With milestones that are not done it needs a reason, which stays on record.
    """
    pairing = locked(pairing.pk)
    require_right(by, "pairings.complete_pairing", pairing)
    if not can_proceed(pairing.mark_completed):
        raise _moved_on(pairing)
    left = [milestone.title for milestone in pairing.milestones.filter(done_at=None)]
    reason = clean_reason(reason, missing=NEEDS_REASON if left else "")
    close(pairing, outcome=PairingStatus.COMPLETED, by=by, reason=reason)
    record_event(
        verb="pairing.completed",
        target=pairing,
        by=by,
        reason=reason,
        details={"open_milestones": ", ".join(left)} if left else {},
    )
    return pairing


@transaction.atomic
def complete_milestone(*, milestone: Milestone, by: User) -> Milestone:
    """Mark a milestone of a running pairing as done, now."""
    pairing, milestone = _open_milestone(milestone, "pairings.complete_milestone", by)
    milestone.done_at, milestone.done_by = days.now(), by
    milestone.save(update_fields=["done_at", "done_by"])
    record_event(
        verb="pairing.milestone_done",
        target=pairing,
        by=by,
        details={"milestone": milestone.title},
    )
    return milestone


@transaction.atomic
def reopen_milestone(*, milestone: Milestone, reason: str, by: User) -> Milestone:
    """Take back that a milestone is done, with a reason; its day counts again.

    Raises WrongStateError for one that is not marked as done, and once the pairing is over.
    """
    pairing = locked(milestone.pairing_id)
    require_right(by, "pairings.complete_milestone", pairing)
    milestone = pairing.milestones.get(pk=milestone.pk)
    if pairing.status != PairingStatus.RUNNING:
        raise _moved_on(pairing)
    if not milestone.done_at:
        raise WrongStateError(
            _("This milestone is not marked as done. Open the pairing again."), code="not_done"
        )
    reason = clean_reason(reason, missing=_("Write why it is not done: it stays on record."))
    milestone.done_at = milestone.done_by = None
    milestone.save(update_fields=["done_at", "done_by"])
    touch(milestone)
    record_event(
        verb="pairing.milestone_reopened",
        target=pairing,
        by=by,
        reason=reason,
        details={"milestone": milestone.title},
    )
    return milestone


@transaction.atomic
def move_milestone(*, milestone: Milestone, due_on: dt.date, reason: str, by: User) -> Milestone:
    """Give a milestone another day, with a reason that both cities read."""
    pairing, milestone = _open_milestone(milestone, "pairings.move_milestone", by)
    reason = clean_reason(
        reason,
        missing=_("Write why the milestone moves. The cities read it."),
        limit=MOVE_REASON_LIMIT,
    )
    if due_on == milestone.due_on:
        raise InvalidError(
            _("The milestone is due on that day already. Choose another one."), field="due_on"
        )
    if pairing.started_on and due_on < pairing.started_on:
        raise InvalidError(
            _("The cooperation started on %(date)s. Choose a day after it.")
            % {"date": date_format(pairing.started_on)},
            field="due_on",
        )
    before, milestone.due_on = milestone.due_on, due_on
    milestone.save(update_fields=["due_on"])
    MilestoneMove.objects.create(
        milestone=milestone,
        number=milestone.moves.next_number(),
        moved_from=before,
        moved_to=due_on,
        by=by,
        reason=reason,
    )
    touch(milestone)
    record_event(
        verb="pairing.milestone_moved",
        target=pairing,
        by=by,
        reason=reason,
        details={
            "milestone": milestone.title,
            "from": before.isoformat(),
            "to": due_on.isoformat(),
        },
    )
    return milestone


def _open_milestone(milestone: Milestone, permission: str, by: User) -> tuple[Pairing, Milestone]:
    """Return the locked pairing and its milestone, if the person may and can still change it."""
    pairing = locked(milestone.pairing_id)
    require_right(by, permission, pairing)
    milestone = pairing.milestones.select_related("done_by").get(pk=milestone.pk)
    if pairing.status != PairingStatus.RUNNING:
        raise _moved_on(pairing)
    if milestone.done_at:
        raise WrongStateError(
            _("%(person)s has already marked this milestone as done, on %(date)s.")
            % {
                "person": milestone.done_by or _("A former colleague"),
                "date": date_format(timezone.localtime(milestone.done_at, BRUSSELS)),
            },
            code="already_done",
        )
    return pairing, milestone


def _moved_on(pairing: Pairing) -> WrongStateError:
    return WrongStateError(
        _("This cannot be done now: the pairing is “%(status)s”. Open it to see what happened.")
        % {"status": pairing.get_status_display()},
        code="moved_on",
    )
