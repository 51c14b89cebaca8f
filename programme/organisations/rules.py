"""Who may do what for an organisation."""

from collections.abc import Iterable
from typing import Any

import rules
from django.db.models import Q

from accounts.rules import (
    is_city_user,
    is_coordinator,
    is_office,
    is_regional_desk,
    is_signed_in,
    is_within_reach,
)
from core.kit.people import remember, remembered
from core.kit.text import fold
from programme.organisations.states import MembershipRole, Standing

# What is remembered of a person.
_ROLES, _ROLE, _DESK = "roles", "role", "desk countries"


def role_in(user: Any, organisation: Any) -> str | None:
    """Return the person's role in the organisation; read once, until a write asks for a right."""
    if organisation is None or not is_signed_in(user):
        return None
    alone: dict[int, str | None] = remembered(user, _ROLE) or {}
    if organisation.pk in alone:
        return alone[organisation.pk]
    role, _name = _roles_and_names(user).get(organisation.pk, (None, ""))
    return role


def organisation_names(user: Any) -> list[str]:
    """Return the names of the person's organisations, from what `role_in` has read."""
    if not is_signed_in(user):
        return []
    return sorted((name for _role, name in _roles_and_names(user).values()), key=fold)


def remember_role(user: Any, organisation: Any, role: str | None) -> None:
    """Keep the role that was read with a thing of the organisation; None where there is none."""
    remember(user, _ROLE, {organisation.pk: role})


def remember_roles(user: Any, memberships: Iterable[Any]) -> None:
    """Keep what a page has read of all the person's memberships, so that nobody asks again."""
    kept = {each.organisation_id: (each.role, each.organisation.name) for each in memberships}
    remember(user, _ROLES, kept)


def _roles_and_names(user: Any) -> dict[int, tuple[str, str]]:
    cached: dict[int, tuple[str, str]] | None = remembered(user, _ROLES)
    if cached is None:
        rows = user.memberships.values_list("organisation_id", "role", "organisation__name")
        cached = {pk: (role, name) for pk, role, name in rows}
        remember(user, _ROLES, cached)
    return cached


@rules.predicate
def is_lead(user: Any, organisation: Any = None) -> bool:
    """The person speaks for the organisation: submits, accepts, signs, invites."""
    return role_in(user, organisation) == MembershipRole.LEAD


@rules.predicate
def is_writer(user: Any, organisation: Any = None) -> bool:
    """The person writes for the organisation: as its lead or as an editor."""
    return role_in(user, organisation) in (MembershipRole.LEAD, MembershipRole.EDITOR)


def desk_countries(user: Any) -> dict[str, str]:
    """Return the partner countries of a regional desk, codes with names; read once per person."""
    cached: dict[str, str] | None = remembered(user, _DESK)
    if cached is None:
        # A coordinator who looks as a desk has its countries.
        cached = (
            dict(user.looks_as.countries)
            if user.looks_as
            else dict(user.desk_countries.values_list("country_id", "country__name"))
        )
        remember(user, _DESK, cached)
    return cached


def desk_country_codes(user: Any) -> set[str]:
    """Return the codes of the partner countries of a regional desk."""
    return set(desk_countries(user))


def of_desk(user: Any, organisation: str = "") -> Q:
    """Return the condition on rows whose organisation lies in a country of the person's desk.

    `organisation` is the path to it, e.g. "members__organisation__". Everything that a desk
    reaches by its countries is reached by this condition.
    """
    return Q(**{f"{organisation}country__in": desk_country_codes(user)})


@rules.predicate
def is_desk_with_countries(user: Any) -> bool:
    """The person is a regional desk that has something to look after."""
    return bool(is_regional_desk(user) and desk_country_codes(user))


@rules.predicate
def is_desk_for(user: Any, country: Any = None) -> bool:
    """The country is one of the person's regional desk."""
    return bool(
        is_regional_desk(user) and country is not None and country.pk in desk_country_codes(user)
    )


@rules.predicate
def has_lead(user: Any, organisation: Any = None) -> bool:  # noqa: ARG001 - predicates take both
    """Somebody leads the organisation and can sign in."""
    return organisation is not None and (
        organisation.memberships.filter(role=MembershipRole.LEAD, user__is_active=True).exists()
    )


def is_confirmed(organisation: Any) -> bool:
    """Tell whether staff, or the programme itself, know the organisation for what it says."""
    return bool(organisation.standing == Standing.CONFIRMED)


rules.add_perm("organisations.list_organisations", is_office)
# Whether the person registers organisations at all; in which country, the next one tells.
rules.add_perm(
    "organisations.register_organisations", is_city_user | is_coordinator | is_desk_with_countries
)
rules.add_perm("organisations.create_organisation", is_city_user | is_coordinator | is_desk_for)
rules.add_perm("organisations.set_capacity", is_coordinator)
rules.add_perm("organisations.describe_organisation", is_writer)
rules.add_perm("organisations.manage_members", is_lead | is_coordinator)
rules.add_perm(
    "organisations.invite_first_lead",
    is_coordinator | (is_regional_desk & is_within_reach & ~has_lead),
)
# Two rows of one city become one, and two again. That two are two, who confirms organisations says.
rules.add_perm("organisations.merge_organisations", is_coordinator)
rules.add_perm("organisations.rename_organisation", is_coordinator)
rules.add_perm("organisations.split_organisation", is_coordinator)
# Who asks to be let into an organisation that is in the portal; a lead of it answers, or staff.
rules.add_perm("organisations.ask_to_join", is_city_user)
rules.add_perm(
    "organisations.answer_claims",
    is_lead | is_coordinator | (is_regional_desk & is_within_reach & ~has_lead),
)
# What people say of themselves: whether an organisation is one, its mail domains, objections.
rules.add_perm("organisations.list_claims", is_office)
rules.add_perm(
    "organisations.confirm_organisations", is_coordinator | (is_regional_desk & is_within_reach)
)
