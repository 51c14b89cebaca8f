"""Who may do what with an application."""

from typing import Any

import rules

from accounts.rules import (
    is_assessor,
    is_coordinator,
    is_office,
    is_regional_desk,
    is_within_reach,
)
from programme.organisations.rules import role_in


@rules.predicate
def is_applicant_editor(user: Any, application: Any = None) -> bool:
    """The person writes for the applying organisation."""
    return application is not None and role_in(user, application.organisation) in (
        "lead",
        "editor",
    )


@rules.predicate
def is_applicant_lead(user: Any, application: Any = None) -> bool:
    """The person leads the applying organisation."""
    return application is not None and role_in(user, application.organisation) == "lead"


@rules.predicate
def is_asked_to_lead(user: Any, offer: Any = None) -> bool:
    """The person leads the organisation that is asked to lead a group."""
    return offer is not None and role_in(user, offer.organisation) == "lead"


@rules.predicate
def is_own_view(user: Any, view: Any = None) -> bool:
    """The person keeps the view of the list."""
    return view is not None and view.person_id == user.pk


@rules.predicate
def is_shared_view(_user: Any, view: Any = None) -> bool:
    """Colleagues have the view too."""
    return view is not None and bool(view.is_shared)


# Nobody of staff acts on a draft: it is the city's own.
acts_as_coordinator = is_coordinator & is_within_reach
acts_as_staff = (is_coordinator | is_regional_desk) & is_within_reach

rules.add_perm("applications.list_applications", is_office | is_assessor)
# Who puts the views in order that colleagues share; each of them is asked for by itself as well.
rules.add_perm("applications.manage_views", is_coordinator)
rules.add_perm("applications.remove_view", is_own_view | is_coordinator & is_shared_view)
rules.add_perm("applications.pass_on_view", is_coordinator & is_shared_view)
# Who reads the queue of the eligibility check; an assessor has a queue of their own.
rules.add_perm("applications.list_to_check", is_office)
# Who is offered the workbench; each application is asked for by itself as well.
rules.add_perm("applications.check_applications", is_coordinator | is_regional_desk)
# Whose queue the eligible ones are.
rules.add_perm("applications.list_to_decide", is_coordinator)

# Who reads the expressions of interest of a call: all that were sent, within reach.
rules.add_perm("applications.list_interests", is_office)
# Who is offered to decide on them; each of them is asked for by itself as well.
rules.add_perm("applications.decide_interests", is_coordinator)

rules.add_perm("applications.edit_interest", is_applicant_editor)
rules.add_perm("applications.send_interest", is_applicant_lead)
rules.add_perm("applications.withdraw_interest", is_applicant_lead)
rules.add_perm("applications.decide_interest", acts_as_coordinator)

rules.add_perm("applications.edit_application", is_applicant_editor)
rules.add_perm("applications.submit_application", is_applicant_lead)
rules.add_perm("applications.reopen_application", is_applicant_editor)
rules.add_perm("applications.withdraw_application", is_applicant_lead)
rules.add_perm("applications.name_contacts", is_applicant_lead)
rules.add_perm("applications.give_up_place", is_applicant_lead | acts_as_coordinator)
rules.add_perm("applications.answer_lead_offer", is_asked_to_lead)
rules.add_perm("applications.check_application", acts_as_staff)
rules.add_perm("applications.ask_clarification", acts_as_staff)
rules.add_perm("applications.write_to_applicant", acts_as_staff)
rules.add_perm("applications.answer_clarification", is_applicant_editor)
rules.add_perm("applications.decide_application", acts_as_coordinator)
# Who is offered to name one for many applications; each of them is asked for by itself as well.
rules.add_perm("applications.assign_assessors", is_coordinator)
rules.add_perm("applications.assign_assessor", acts_as_coordinator)
# All that led to where it stands, mails and roles included: not for assessors.
rules.add_perm("applications.explain_application", is_office & is_within_reach)
