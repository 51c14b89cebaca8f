"""What all writes on a plan share: the right, the lock, the state."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from action_plans.models import Plan
from action_plans.states import PlanStatus
from core.kit.errors import WrongStateError
from core.kit.writes import lock
from pairings.states import PairingStatus
from programme.organisations.services.rights import lock_by_right

# What is read with a plan: its pairing is locked before it, as by who ends the pairing.
RELATED = ("member__organisation", "member__pairing", "response")


def lock_plan(plan: Plan, *, by: User | None, **beside: Any) -> Plan:
    """Re-read and lock a plan and its response for its authors; `by` None is the portal.

    Its pairing stays as it is until the transaction ends. `beside` are expressions that are read
    in the same query. NotAllowedError for anybody else; WrongStateError when it was handed in or
    the pairing does not run any more.
    """
    locks: dict[str, Any] = {"above": ("member__pairing",), "along": ("response",)}
    if by is None:
        locked = lock(plan, *RELATED, **locks, **beside)
    else:
        locked = lock_by_right(
            plan,
            "action_plans.edit_plan",
            *RELATED,
            organisation="member__organisation",
            by=by,
            otherwise=_(
                "Only leads and editors of %(name)s write this plan. Ask a lead of the "
                "city for that role."
            ),
            **locks,
            **beside,
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
