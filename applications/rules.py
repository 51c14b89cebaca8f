"""Who may do what with an application. Objects are applications already visible to the user."""

from typing import Any

import rules

from accounts.rules import is_coordinator, is_regional_desk
from programme.organisations.rules import role_in


@rules.predicate
def is_applicant_editor(user: Any, application: Any) -> bool:
    """The person writes for the applying organisation."""
    return role_in(user, application.organisation) in ("lead", "editor")


@rules.predicate
def is_applicant_lead(user: Any, application: Any) -> bool:
    """The person leads the applying organisation."""
    return role_in(user, application.organisation) == "lead"


# A desk reaches only applications that ask for its countries: visible_to sees to that.
acts_as_staff = is_coordinator | is_regional_desk

rules.add_perm("applications.edit_application", is_applicant_editor)
rules.add_perm("applications.submit_application", is_applicant_lead)
rules.add_perm("applications.withdraw_application", is_applicant_lead)
rules.add_perm("applications.check_application", acts_as_staff)
rules.add_perm("applications.decide_application", is_coordinator)
rules.add_perm("applications.assign_assessor", is_coordinator)
