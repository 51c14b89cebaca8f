"""What a party asks the coordination unit about its pairing, and what staff answer."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.kit.errors import WrongStateError
from core.kit.text import clean_paragraphs
from core.threads.models import Message
from core.threads.services import add_message, open_thread
from core.trail.services import record_event
from pairings.models import PairingMember
from pairings.services.common import locked, require_right
from pairings.services.mails import tell_parties, tell_staff
from pairings.states import LIVE


@transaction.atomic
def ask_staff(*, member: PairingMember, text: str, by: User) -> Message:
    """Ask the unit something about a live pairing; the other parties do not read it.

    Who looks after the pairing gets a mail. Sent twice in a row it is one.
    """
    member = _locked(member)
    require_right(by, "pairings.ask_staff", member)
    return _write(member, text, by, "pairing.question_asked", tell=_tell_staff)


@transaction.atomic
def answer_party(*, member: PairingMember, text: str, by: User) -> Message:
    """Answer a party, or write to it first; its leads get a mail, the other parties do not."""
    member = _locked(member)
    require_right(by, "pairings.answer_party", member)
    return _write(member, text, by, "pairing.question_answered", tell=_tell_party)


def _locked(member: PairingMember) -> PairingMember:
    pairing = locked(member.pairing_id)
    found = pairing.members.select_related("organisation", "thread").get(pk=member.pk)
    found.pairing = pairing
    return found


def _write(member: PairingMember, text: str, by: User, verb: str, *, tell: Any) -> Message:
    if member.pairing.status not in LIVE:
        raise WrongStateError(
            _("This pairing has ended, so nothing more is written here. Write a mail instead."),
            code="not_open",
        )
    newest = member.thread.messages.last() if member.thread else None
    if newest and (newest.by_id, newest.words) == (by.pk, clean_paragraphs(text)):
        return newest
    if member.thread is None:
        member.thread = open_thread()
        member.save(update_fields=["thread"])
    message = add_message(thread=member.thread, text=text, by=by)
    # On the party, not the pairing: the other parties read the history of that.
    record_event(verb=verb, target=member, by=by)
    tell(member, message)
    return message


def _tell_staff(member: PairingMember, message: Message) -> None:
    context = {"member": member, "message": message}
    tell_staff(template="pairing_question", pairing=member.pairing, context=context)


def _tell_party(member: PairingMember, message: Message) -> None:
    tell_parties(
        template="pairing_question",
        pairing=member.pairing,
        members=[member],
        context={"message": message},
    )
