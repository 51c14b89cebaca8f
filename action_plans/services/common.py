"""What all writes on a plan share: the right, the lock, the state."""

from django.utils.translation import gettext as _

from accounts.models import User
from action_plans.models import Plan
from action_plans.states import PlanStatus
from core.kit.errors import WrongStateError
from core.kit.writes import lock, require
from pairings.states import PairingStatus


def lock_plan(plan: Plan, *, by: User | None) -> Plan:
    """Re-read and lock a plan and its response for its authors; `by` None is the portal.

    NotAllowedError for anybody else; WrongStateError when it was handed in or the pairing
    does not run any more.
    """
    locked = lock(plan, "member__organisation", "member__pairing", "response", along=("response",))
    if by is not None:
        require(
            by,
            "action_plans.edit_plan",
            locked,
            otherwise=_(
                "Only leads and editors of %(city)s write this plan. Ask a lead of the "
                "city for that role."
            )
            % {"city": locked.member.organisation},
        )
    if locked.status != PlanStatus.DRAFT:
        raise WrongStateError(
            _(
                "The plan has been handed in and takes no more changes. Copy your text to "
                "keep it, and write to the coordination unit."
            )
        )
    if locked.member.pairing.status != PairingStatus.RUNNING:
        raise WrongStateError(
            _(
                "The pairing does not run any more, so its plan takes no more changes. "
                "Copy your text to keep it, and write to the coordination unit."
            )
        )
    return locked
