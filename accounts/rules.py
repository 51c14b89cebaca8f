"""Predicates on a person alone, and the permissions made of them."""

from typing import Any

import rules

from accounts.states import StaffRole


@rules.predicate
def is_signed_in(user: Any) -> bool:
    """The person has an account that is open."""
    return bool(user.is_authenticated and user.is_active)


@rules.predicate
def is_coordinator(user: Any) -> bool:
    """Coordinators run the programme: they see and do everything."""
    return bool(is_signed_in(user) and user.staff_role == StaffRole.COORDINATOR)


@rules.predicate
def is_regional_desk(user: Any) -> bool:
    """A regional desk sees and acts on its own partner countries."""
    return bool(is_signed_in(user) and user.staff_role == StaffRole.REGIONAL_DESK)


@rules.predicate
def is_assessor(user: Any) -> bool:
    """An assessor sees the applications assigned to them."""
    return bool(is_signed_in(user) and user.staff_role == StaffRole.ASSESSOR)


@rules.predicate
def is_observer(user: Any) -> bool:
    """An observer reads everything and changes nothing."""
    return bool(is_signed_in(user) and user.staff_role == StaffRole.OBSERVER)


is_staff_member = is_coordinator | is_regional_desk | is_assessor | is_observer
sees_everything = is_coordinator | is_observer

rules.add_perm("accounts.enter_console", is_staff_member)
rules.add_perm("accounts.manage_people", is_coordinator)
rules.add_perm("trail.view_audit", sees_everything)

# What each role may do in core, which knows rights by their names alone.
rules.add_perm("post.view_outbox", is_coordinator | is_regional_desk | is_observer)
rules.add_perm("post.manage_outbox", is_coordinator)
