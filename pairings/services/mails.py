"""What is told about a pairing. Called inside the transaction of the change."""

from collections.abc import Iterable
from typing import Any

from core.duties.catalogue import key_of
from core.post.mail import send_mail
from pairings.models import Pairing, PairingMember
from pairings.selectors.recipients import readers_of, staff_of

# Mails that ask a party to answer a proposal as it stood when they were written.
ASKING = ("pairing_proposed", "pairing_corrected", "pairing_prolonged", "pairing_reminded")


def tell_parties(
    *,
    template: str,
    pairing: Pairing,
    members: Iterable[PairingMember],
    context: dict[str, Any] | None = None,
) -> None:
    """Mail every lead of each given party, in the lead's language; else its other people.

    The template gets the reader's own party as `member`, the names of the others as
    `partner_names`, and the names of the topics.
    """
    topics = [topic.name for topic in pairing.topics.all()]
    everybody = list(pairing.members.select_related("organisation__country"))
    for member in members:
        partners = [m.organisation.name for m in everybody if m.pk != member.pk]
        readers, are_leads = readers_of(member)
        for reader in readers:
            send_mail(
                template=template,
                to=reader.email,
                language=reader.language,
                about=key_of(pairing),
                owner=key_of(member.organisation),
                context={
                    "reader": reader,
                    "without_lead": not are_leads,
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
            about=key_of(pairing),
            owner=key_of(person),
            context={
                "reader": person,
                "pairing": pairing,
                "for_staff": True,
                **(context or {}),
            },
        )
