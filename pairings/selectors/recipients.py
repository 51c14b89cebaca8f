"""Who is written to about a pairing."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.selectors import coordinators, staff_who_get_mail
from accounts.states import StaffRole
from pairings.models import Pairing, PairingMember
from programme.organisations.states import MembershipRole
from programme.states import Side


def leads_of(member: PairingMember) -> "QuerySet[User]":
    """Return the leads of a party who can sign in."""
    return User.objects.filter(
        memberships__organisation=member.organisation_id,
        memberships__role=MembershipRole.LEAD,
        is_active=True,
    ).order_by("id")


def readers_of(member: PairingMember) -> "tuple[QuerySet[User], bool]":
    """Return who is written to for a party, and whether they are its leads.

    Without a lead its other people are told, so that it reaches somebody.
    """
    leads = leads_of(member)
    if leads.exists():
        return leads, True
    people = User.objects.filter(memberships__organisation=member.organisation_id, is_active=True)
    return people.order_by("id"), False


def staff_of(pairing: Pairing) -> list[User]:
    """Return who proposed it and the desks of its partner countries.

    When the proposer has left the unit, all coordinators take the place.
    """
    unit = coordinators()
    proposer = unit.filter(pk=pairing.proposed_by_id or 0)
    countries = pairing.members.filter(side=Side.PARTNER).values("organisation__country")
    desks = staff_who_get_mail(StaffRole.REGIONAL_DESK).filter(
        desk_countries__country__in=countries
    )
    return [*(proposer or unit), *desks.distinct()]
