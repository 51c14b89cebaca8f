"""Who is told what about a pairing. Called inside the transaction of the change."""

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from accounts.states import StaffRole
from core.post.mail import send_mail
from pairings.models import Pairing, PairingMember
from programme.organisations.states import MembershipRole
from programme.states import Side


def tell_parties(
    *,
    template: str,
    pairing: Pairing,
    members: Iterable[PairingMember],
    context: dict[str, Any] | None = None,
) -> None:
    """Mail every lead of each given party, in the lead's language.

    The template gets the reader's own party as `member`, the names of the others as
    `partner_names`, and the names of the topics.
    """
    topics = [topic.name for topic in pairing.topics.all()]
    everybody = list(pairing.members.select_related("organisation__country"))
    for member in members:
        partners = [m.organisation.name for m in everybody if m.pk != member.pk]
        leads = User.objects.filter(
            memberships__organisation=member.organisation_id,
            memberships__role=MembershipRole.LEAD,
            is_active=True,
        ).order_by("id")
        for lead in leads:
            send_mail(
                template=template,
                to=lead.email,
                language=lead.language,
                context={
                    "reader": lead,
                    "pairing": pairing,
                    "member": member,
                    "partner_names": ", ".join(partners),
                    "topic_names": ", ".join(topics),
                    **(context or {}),
                },
            )


def tell_staff(*, template: str, pairing: Pairing, context: dict[str, Any] | None = None) -> None:
    """Mail those of the unit who look after the pairing."""
    for person in staff_of(pairing):
        send_mail(
            template=template,
            to=person.email,
            language=person.language,
            context={
                "reader": person,
                "pairing": pairing,
                "for_staff": True,
                **(context or {}),
            },
        )


def staff_of(pairing: Pairing) -> list[User]:
    """Return who proposed it and the desks of its partner countries.

    When the proposer has left the unit, all coordinators take the place.
    """
    people = User.objects.filter(is_active=True).order_by("id")
    coordinators = people.filter(staff_role=StaffRole.COORDINATOR)
    proposer = coordinators.filter(pk=pairing.proposed_by_id or 0)
    countries = pairing.members.filter(side=Side.PARTNER).values("organisation__country")
    desks = people.filter(
        staff_role=StaffRole.REGIONAL_DESK, desk_countries__country__in=countries
    ).distinct()
    return [*(proposer or coordinators), *desks]
