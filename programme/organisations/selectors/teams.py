"""Reads on organisations and their people."""

from typing import Any

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, When

from accounts.models import User
from accounts.states import StaffRole
from core.kit.rows import number_of
from core.kit.text import search_words
from programme.organisations.models import (
    DeskCountry,
    Invitation,
    Membership,
    Organisation,
    hash_of,
)
from programme.organisations.states import MembershipRole


def role_of(user: Any, organisation: str) -> Subquery:
    """Return the person's role in the organisation of a row, as a part of the row's query.

    `organisation` leads there from the row: "member__organisation".
    """
    own = Membership.objects.filter(user=user.pk, organisation=OuterRef(organisation))
    return Subquery(own.order_by().values("role")[:1])


def team_of(organisation: Organisation) -> "QuerySet[Membership]":
    """Return the members of an organisation, leads first, then editors, then viewers."""
    rank = Case(
        When(role=MembershipRole.LEAD, then=0),
        When(role=MembershipRole.EDITOR, then=1),
        default=2,
    )
    return organisation.memberships.select_related("user").order_by(rank, "since", "id")


def open_invitations(organisation: Organisation) -> "QuerySet[Invitation]":
    """Return invitations nobody has used or taken back, those that ran out included."""
    return organisation.invitations.filter(accepted_at=None, revoked_at=None).select_related(
        "invited_by"
    )


def organisations(
    *,
    user: User,
    words: str = "",
    side: str = "",
    kind: str = "",
    country: str = "",
    standing: str = "",
    without_lead: bool = False,
) -> "QuerySet[Organisation]":
    """Return the organisations a member of staff may see, with counts for the list.

    `without_lead`: only those they act on that should have a lead and have none.
    """
    found = Organisation.objects.visible_to(user).lasting().matching(words)
    if without_lead:
        acted_on = Organisation.objects.reached_by(user).without_lead()
        found = found.filter(pk__in=acted_on.values("pk"))
    team = Membership.objects.filter(organisation=OuterRef("pk"))
    filters = {"side": side, "kind": kind, "country": country, "standing": standing}
    return (
        found.filter(**{name: value for name, value in filters.items() if value})
        .select_related("country")
        .annotate(
            people=number_of(team),
            leads=number_of(team.filter(role=MembershipRole.LEAD, user__is_active=True)),
        )
        .order_by("search_name", "id")
    )


def people(*, words: str = "", role: str = "") -> "QuerySet[User]":
    """Return people for the console: staff alone, unless words or a role ask for others.

    `role` is a staff role, "city" for people without one, or "all".
    """
    found = User.objects.prefetch_related(
        Prefetch("memberships", Membership.objects.select_related("organisation")),
        Prefetch("desk_countries", DeskCountry.objects.select_related("country")),
    )
    for word in search_words(words):
        found = found.filter(Q(search_name__contains=word) | Q(email__contains=word))
    if role == "city":
        found = found.filter(staff_role=StaffRole.NONE)
    elif role and role != "all":
        found = found.filter(staff_role=role)
    elif not role and not words:
        found = found.exclude(staff_role=StaffRole.NONE)
    return found.order_by("search_name", "id")


def only_led_by(person: User) -> list[Organisation]:
    """Return the organisations of which the person is the only lead who can sign in."""
    others = Membership.objects.filter(
        organisation=OuterRef("pk"), role=MembershipRole.LEAD, user__is_active=True
    ).exclude(user=person)
    led = Organisation.objects.filter(
        memberships__user=person, memberships__role=MembershipRole.LEAD
    )
    return list(led.filter(~Exists(others)).select_related("country").order_by("search_name"))


def invitation_by_token(token: str) -> Invitation | None:
    """Return the invitation a link belongs to, whatever its state; None if there is none."""
    found = Invitation.objects.filter(token_hash=hash_of(token))
    return found.select_related("organisation__country", "invited_by").first()
