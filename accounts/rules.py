"""Predicates on a person and on what staff reach, and the permissions made of them.

A role of staff has no right unless a rule names it: one that is added later begins with none.
"""

from typing import Any

import rules

from accounts.states import StaffRole


@rules.predicate
def is_signed_in(user: Any) -> bool:
    """The person has an account that is open."""
    return bool(user.is_authenticated and user.is_active)


@rules.predicate
def is_city_user(user: Any) -> bool:
    """The person works for a city or on their own: no role in the coordination unit."""
    return bool(is_signed_in(user) and user.staff_role == StaffRole.NONE)


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


@rules.predicate
def is_within_reach(user: Any, row: Any = None) -> bool:
    """The person's role of staff reaches the row, as it stands in the database.

    `reached_by` of the row's QuerySet says what a role reaches; `visible_to` adds to it what
    is the person's own. So what staff see and what they may do cannot drift apart. Asked once
    of each row as it was read: what a service re-reads under its lock is asked anew.
    """
    if row is None or row.pk is None:
        return False
    known, person = _known_reach(user, row)
    if person not in known:
        # Not type(): a row may be a proxy that names its class only this way.
        reached = row.__class__.objects.reached_by(user)
        known[person] = bool(reached.filter(pk=row.pk).exists())
    return known[person]


def mark_within_reach(user: Any, row: Any) -> None:
    """Note that the row was just read through `reached_by` of the person: no need to ask again."""
    known, person = _known_reach(user, row)
    known[person] = True


def _known_reach(user: Any, row: Any) -> tuple[dict[tuple[Any, str], bool], tuple[Any, str]]:
    """Return what is known of the row's reach, and the key of the person in it."""
    return row.__dict__.setdefault("_reached", {}), (user.pk, getattr(user, "staff_role", ""))


sees_everything = is_coordinator | is_observer
# Those who work on all of it, each within their reach; an assessor has what is assigned.
is_office = is_coordinator | is_regional_desk | is_observer

rules.add_perm("accounts.enter_console", is_office | is_assessor)
rules.add_perm("accounts.manage_people", is_coordinator)
rules.add_perm("accounts.view_as", is_coordinator)
rules.add_perm("trail.view_audit", sees_everything)

# What each role may do in core, which knows rights by their names alone.
rules.add_perm("post.view_outbox", is_office)
rules.add_perm("post.manage_outbox", is_coordinator)
