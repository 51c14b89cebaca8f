"""Who may do what with a pairing."""

from typing import Any

import rules

from accounts.rules import is_coordinator, is_office, is_regional_desk, is_within_reach
from programme.organisations.rules import role_in
from programme.organisations.states import WRITERS


@rules.predicate
def is_lead_of_member(user: Any, member: Any = None) -> bool:
    """The person leads the organisation of this pairing member."""
    return member is not None and role_in(user, member.organisation) == "lead"


@rules.predicate
def is_desk_of_member(user: Any, member: Any = None) -> bool:
    """The person's regional desk reaches the pairing of this member."""
    return bool(
        is_regional_desk(user) and member is not None and is_within_reach(user, member.pairing)
    )


@rules.predicate
def is_writer_of_member(user: Any, member: Any = None) -> bool:
    """The person writes for the organisation of this pairing member."""
    return member is not None and role_in(user, member.organisation) in WRITERS


@rules.predicate
def is_writer_of_applicant(user: Any, application: Any = None) -> bool:
    """The person writes for the organisation that was chosen with this application."""
    return application is not None and role_in(user, application.organisation) in WRITERS


acts_as_staff = is_coordinator | (is_regional_desk & is_within_reach)

rules.add_perm("pairings.list_pairings", is_office)
rules.add_perm("pairings.create_pairing", is_coordinator)
rules.add_perm("pairings.cancel_pairing", is_coordinator)
rules.add_perm("pairings.complete_pairing", is_coordinator)
# What a proposal says, or a pairing after an answer; and what follows a proposal up.
rules.add_perm("pairings.correct_pairing", is_coordinator & is_within_reach)
rules.add_perm("pairings.follow_up_proposal", acts_as_staff)
rules.add_perm("pairings.answer_pairing", is_lead_of_member)
# Before a city is paired: whom of the other side it would like, or would not.
rules.add_perm("pairings.say_wish", is_writer_of_applicant)
rules.add_perm("pairings.ask_staff", is_writer_of_member)
rules.add_perm("pairings.answer_party", is_coordinator | is_desk_of_member)
rules.add_perm("pairings.record_signature", is_lead_of_member | is_coordinator | is_desk_of_member)
rules.add_perm("pairings.move_milestone", acts_as_staff)
rules.add_perm("pairings.complete_milestone", acts_as_staff)
