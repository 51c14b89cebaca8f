"""Who may do what with a pairing. Objects are pairings already visible to the user."""

from typing import Any

import rules

from accounts.rules import is_coordinator, is_observer, is_regional_desk
from programme.organisations.rules import role_in


@rules.predicate
def is_lead_of_member(user: Any, member: Any) -> bool:
    """The person leads the organisation of this pairing member."""
    return role_in(user, member.organisation) == "lead"


# A desk reaches only pairings with its countries: visible_to sees to that.
acts_as_staff = is_coordinator | is_regional_desk

rules.add_perm("pairings.list_pairings", acts_as_staff | is_observer)
rules.add_perm("pairings.create_pairing", is_coordinator)
rules.add_perm("pairings.cancel_pairing", is_coordinator)
rules.add_perm("pairings.complete_pairing", is_coordinator)
rules.add_perm("pairings.answer_pairing", is_lead_of_member)
rules.add_perm("pairings.record_signature", is_lead_of_member | acts_as_staff)
rules.add_perm("pairings.move_milestone", acts_as_staff)
rules.add_perm("pairings.complete_milestone", acts_as_staff)
