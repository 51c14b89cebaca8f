"""Who is written to about an application."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.models import User
from applications.models import Application, Clarification, LeadOffer, OnlineInvitation
from applications.selectors.records import newest_submissions
from programme.organisations.models import Membership
from programme.organisations.states import MembershipRole


def mails_kept_from(user: User) -> Q:
    """Return the condition on mails about what the person has declared a link with."""
    linked = Application.objects.linked_to(user).order_by().values("pk")
    return (
        Q(about__in=_keys("application", Application.objects.filter(pk__in=linked)))
        | Q(about__in=_keys("clarification", Clarification.objects.filter(application__in=linked)))
        | Q(about__in=_keys("leadoffer", LeadOffer.objects.filter(application__in=linked)))
        | Q(about__in=_keys("onlineinvitation", OnlineInvitation.objects.of(pk__in=linked)))
    )


def _keys(kind: str, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Return how mails name the rows: "application:3"."""
    number = Cast("pk", CharField())
    named = Concat(Value(f"{kind}:"), number, output_field=CharField())
    return rows.order_by().annotate(mail_key=named).values("mail_key")


def recipients_of(application: Application) -> list[tuple[str, str]]:
    """Return (address, language) of who is written to about an application, each once.

    These are the contacts as they were sent, the current leads, and who sent it last while of
    the team. Whoever left the team, or has a closed account, gets nothing; a role of staff is
    no place in it. An address without an account is as the city gave it.
    """
    return recipients_among([application])[application.pk]


def recipients_among(
    applications: Collection[Application],
) -> dict[int, list[tuple[str, str]]]:
    """Return what `recipients_of` does for several at once, by their ids; three queries."""
    sent = newest_submissions([one.pk for one in applications]).select_related("by")
    senders = {row.application_id: row.by for row in sent}
    at = _people_at({address for one in applications for address in _contacts(one)})
    teams: dict[int, list[Membership]] = defaultdict(list)
    for row in Membership.objects.filter(
        organisation__in={one.organisation_id for one in applications}, user__is_active=True
    ).select_related("user"):
        teams[row.organisation_id].append(row)
    return {
        one.pk: _recipients(one, senders.get(one.pk), at, teams[one.organisation_id])
        for one in applications
    }


def _recipients(
    application: Application, sender: User | None, at: dict[str, User], team: list[Membership]
) -> list[tuple[str, str]]:
    people = {row.user_id for row in team}
    found: dict[str, str] = {}
    told: set[int] = set()
    if sender and sender.pk in people:
        found[sender.email] = sender.language
        told.add(sender.pk)
    default = sender.language if sender else settings.LANGUAGE_CODE
    for contact in _contacts(application):
        person = at.get(contact)
        if person is None:
            found.setdefault(contact, default)
        elif person.pk in people:
            found.setdefault(contact, person.language)
            told.add(person.pk)
    for row in sorted(team, key=lambda one: one.user_id):
        if row.role == MembershipRole.LEAD and row.user_id not in told:
            found.setdefault(row.user.email, row.user.language)
    return list(found.items())


def _contacts(application: Application) -> list[str]:
    addresses = (application.contact_email, application.deputy_email)
    return [address.strip().lower() for address in addresses if address.strip()]


def _people_at(addresses: Collection[str]) -> dict[str, User]:
    """Return who has each address, as accounts.selectors.people_at says of one."""
    rows = User.objects.filter(
        Q(email__in=addresses) | Q(emailaddress__email__in=addresses, emailaddress__verified=True)
    ).annotate(address=F("emailaddress__email"), is_confirmed=F("emailaddress__verified"))
    at: dict[str, User] = {}
    for person in rows:
        if person.is_confirmed:
            at.setdefault(person.address, person)
    return at | {person.email: person for person in rows}
