"""Who may do what with a plan."""

from typing import Any

import rules

from accounts.rules import is_office
from programme.organisations.rules import role_in


@rules.predicate
def is_author(user: Any, plan: Any = None) -> bool:
    """The person writes for the city whose plan it is."""
    return plan is not None and role_in(user, plan.member.organisation) in ("lead", "editor")


@rules.predicate
def is_author_of_member(user: Any, member: Any = None) -> bool:
    """The person writes for the city of this pairing member."""
    return member is not None and role_in(user, member.organisation) in ("lead", "editor")


rules.add_perm("action_plans.open_plan", is_author_of_member)
# What may be done at all; whether the plan can still change is the services' question.
rules.add_perm("action_plans.edit_plan", is_author)
rules.add_perm("action_plans.list_plans", is_office)
