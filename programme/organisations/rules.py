"""Who may do what for an organisation."""

from collections.abc import Iterable
from typing import Any

import rules

from accounts.rules import (
    is_assessor,
    is_coordinator,
    is_observer,
    is_regional_desk,
    is_signed_in,
    is_staff_member,
)
from programme.organisations.states import MembershipRole


def role_in(user: Any, organisation: Any) -> str | None:
    """Return the person's role in the organisation; read once per person object."""
    if organisation is None or not is_signed_in(user):
        return None
    role, _name = _roles_and_names(user).get(organisation.pk, (None, ""))
    return role


def organisation_names(user: Any) -> list[str]:
    """Return the names of the person's organisations, from what `role_in` has read."""
    if not is_signed_in(user):
        return []
    return sorted(name for _role, name in _roles_and_names(user).values())


def remember_roles(user: Any, memberships: Iterable[Any]) -> None:
    """Keep what a page has read of all the person's memberships, so that nobody asks again."""
    user._roles = {  # noqa: SLF001 - a cache on the request's person
        each.organisation_id: (each.role, each.organisation.name) for each in memberships
    }


def _roles_and_names(user: Any) -> dict[int, tuple[str, str]]:
    cached: dict[int, tuple[str, str]] | None = getattr(user, "_roles", None)
    if cached is None:
        rows = user.memberships.values_list("organisation_id", "role", "organisation__name")
        cached = {pk: (role, name) for pk, role, name in rows}
        user._roles = cached  # noqa: SLF001 - a cache on the request's person
    return cached


def forget_roles(user: Any) -> None:
    """Drop what `role_in` remembers; services call it when they change a membership."""
    user.__dict__.pop("_roles", None)


@rules.predicate
def is_lead(user: Any, organisation: Any = None) -> bool:
    """The person speaks for the organisation: submits, accepts, signs, invites."""
    return role_in(user, organisation) == MembershipRole.LEAD


def desk_country_codes(user: Any) -> set[str]:
    """Return the codes of the partner countries of a regional desk; read once per person."""
    cached: set[str] | None = getattr(user, "_desk_codes", None)
    if cached is None:
        cached = set(user.desk_countries.values_list("country_id", flat=True))
        user._desk_codes = cached  # noqa: SLF001 - a cache on the request's person
    return cached


@rules.predicate
def is_desk_of(user: Any, organisation: Any = None) -> bool:
    """The organisation lies in a country of the person's regional desk."""
    return organisation is not None and organisation.country_id in desk_country_codes(user)


@rules.predicate
def has_lead(user: Any, organisation: Any = None) -> bool:  # noqa: ARG001 - predicates take both
    """Somebody leads the organisation and can sign in."""
    return organisation is not None and (
        organisation.memberships.filter(role=MembershipRole.LEAD, user__is_active=True).exists()
    )


rules.add_perm("organisations.list_organisations", is_staff_member & ~is_assessor)
rules.add_perm("organisations.create_organisation", is_signed_in & ~is_assessor & ~is_observer)
rules.add_perm("organisations.set_capacity", is_coordinator)
rules.add_perm("organisations.manage_members", is_lead | is_coordinator)
rules.add_perm(
    "organisations.invite_first_lead",
    is_coordinator | (is_regional_desk & is_desk_of & ~has_lead),
)
