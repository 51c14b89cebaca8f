"""What the municipalities of a group, supporters, and cities named twice, are told."""

from typing import Any

from django.db import transaction

from applications.models import Application, Municipality
from applications.selectors import municipalities_of, stakeholders_of
from applications.selectors.doubles import doubles_of
from applications.services.letters import write_to_city
from applications.states import ApplicantKind
from core.duties.catalogue import key_of
from core.kit.writes import lock
from core.post.mail import send_mail
from core.trail.selectors import events_of
from core.trail.services import record_event


def tell_doubles(application: Application, named: Municipality | None = None) -> None:
    """Write to whose application names a municipality of this one too; once for each.

    Who writes this one reads it on its own pages. What another has sent counts, and the
    coordination unit asks both. Where the call takes a municipality once, who still writes is
    told of what was sent.

    Done once the change holds: it goes on record with the others, and of two who name each other
    at once each would wait for the record that the other one keeps back until its own change holds.
    """
    of, only = application.pk, named.pk if named else None
    transaction.on_commit(lambda: _find_and_tell(of, only), robust=True)


def _find_and_tell(of: int, only: int | None) -> None:
    application = Application.objects.select_related("call", "organisation").get(pk=of)
    members = [one for one in municipalities_of(application) if only in (None, one.pk)]
    with_drafts = application.call.takes_part_once and not application.is_draft
    for _member, row in doubles_of(application, members, with_drafts=with_drafts):
        _tell(row, application)


@transaction.atomic
def _tell(municipality: Municipality, sender: Application) -> None:
    """Write to the application of a municipality that the sender's names it too, unless told."""
    other = lock(municipality.application, "call", "organisation")
    details = {"municipality": municipality.name, "organisation": sender.organisation.name}
    told = events_of(other).filter(
        verb="application.doubled",
        words__details__municipality=details["municipality"],
        words__details__organisation=details["organisation"],
    )
    if told.exists():
        return
    record_event(verb="application.doubled", target=other, by=None, details=details)
    values = {
        "municipality": municipality,
        "sender": sender,
        "takes_once": sender.call.takes_part_once,
    }
    write_to_city(other, "municipality_doubled", values)


def tell_named(municipality: Municipality) -> None:
    """Where a municipality takes part once, write at once to who has sent what names this one."""
    if municipality.application.call.takes_part_once:
        tell_doubles(municipality.application, municipality)


def tell_members(application: Application, *, language: str) -> None:
    """Write to the offices of a group that its application is withdrawn: it is dissolved."""
    write_to_members(
        application,
        "group_dissolved",
        language=language,
        values={"application": application},
    )


def tell_supporters(application: Application, *, language: str) -> None:
    """Write to who has written a letter for it online that the application is withdrawn."""
    for stakeholder in stakeholders_of(application):
        letter = getattr(stakeholder, "letter", None)
        if letter is not None and letter.is_online:
            send_mail(
                template="support_ended",
                to=letter.email,
                language=language,
                context={"application": application, "name": stakeholder.name},
                about=key_of(application),
            )


def write_to_members(
    application: Application, template: str, *, language: str, values: dict[str, Any]
) -> None:
    """Write to the offices of a group's members but the lead, each once; nothing for one city."""
    if application.kind != ApplicantKind.GROUP:
        return
    addresses: dict[str, str] = {}
    for member in municipalities_of(application):
        commitment = getattr(member, "commitment", None)
        address = (commitment.email if commitment else "") or member.contact_email
        if address and not member.is_lead:
            addresses.setdefault(address.lower(), member.name)
    for address, name in addresses.items():
        send_mail(
            template=template,
            to=address,
            language=language,
            context={**values, "name": name},
            about=key_of(application),
        )
