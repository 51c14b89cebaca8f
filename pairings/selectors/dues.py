"""What is due in a pairing: how a fetched row becomes a duty, for finders and timelines alike."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core.duties.catalogue import Duty, Words, key_of
from core.kit.days import end_of
from pairings.models import Milestone, Pairing, PairingMember
from pairings.states import PairingStatus, PartyAnswer

# What is owed still: conditions on members, members and milestones.
ANSWER_OWED = Q(pairing__status=PairingStatus.PROPOSED, answer=PartyAnswer.PENDING)
SIGNATURE_OWED = Q(pairing__status=PairingStatus.ACCEPTED, signature=None)
MILESTONE_OWED = Q(pairing__status=PairingStatus.RUNNING, done_at=None)


def answer_due(member: PairingMember, *, for_staff: bool = False) -> Duty:
    """Return the answer that a party owes to a proposal."""
    pairing = member.pairing
    return Duty(
        kind="acceptance",
        about=key_of(member),
        owner=f"organisation:{member.organisation_id}",
        due=pairing.accept_by,
        done=member.answer == PartyAnswer.ACCEPTED,
        page=_page(pairing, "staff_detail" if for_staff else "answer"),
        say=lambda: _answer_for_staff(member) if for_staff else _answer_words(member),
        facts=lambda: {"pairing": pairing, "partners": member.partner_names},
    )


def signature_due(member: PairingMember, *, for_staff: bool = False) -> Duty:
    """Return the signature that a party owes to an agreement."""
    pairing = member.pairing
    return Duty(
        kind="signature",
        about=key_of(member),
        owner=f"organisation:{member.organisation_id}",
        due=pairing.sign_by,
        done=hasattr(member, "signature"),
        page=_page(pairing, "staff_detail" if for_staff else "sign"),
        say=lambda: _signature_for_staff(member) if for_staff else _signature_words(member),
        facts=lambda: {"pairing": pairing, "partners": member.partner_names},
    )


def milestone_due(milestone: Milestone, *, for_staff: bool = False) -> Duty:
    """Return a milestone as what the whole pairing has to reach."""
    pairing = milestone.pairing
    return Duty(
        kind="milestone",
        about=key_of(milestone),
        owner=key_of(pairing),
        due=end_of(milestone.due_on),
        whole_day=True,
        done=milestone.done_at is not None,
        page=_page(pairing, "staff_detail" if for_staff else "workspace"),
        say=lambda: Words(
            title=milestone.title,
            context=pairing.reference,
            state=milestone.get_kind_display(),
            tone="info",
            note="" if for_staff else _move_note(milestone),
        ),
    )


def report_due(milestone: Milestone, *, organisation_id: int) -> Duty:
    """Return the report that one of the cities owes at a milestone."""
    pairing = milestone.pairing
    return Duty(
        kind="report",
        about=key_of(milestone),
        owner=f"organisation:{organisation_id}",
        due=end_of(milestone.due_on),
        whole_day=True,
        done=milestone.done_at is not None,
        page=_page(pairing, "workspace"),
        say=lambda: Words(
            title=milestone.title,
            context=_("Pairing %(reference)s") % {"reference": pairing.reference},
            text=_("The page of the pairing shows what the milestone asks for."),
            state=_("Report"),
            tone="info",
        ),
        facts=lambda: {
            "pairing": pairing,
            "partners": pairing.names_beside(organisation_id),
            "title": milestone.title,
        },
    )


def _move_note(milestone: Milestone) -> str:
    move = milestone.last_move
    return _("Moved: %(reason)s") % {"reason": move.reason} if move else ""


def _page(pairing: Pairing, name: str) -> str:
    return reverse(f"pairings:{name}", args=[pairing.reference])


def _answer_words(member: PairingMember) -> Words:
    names = ", ".join(member.partner_names)
    return Words(
        title=_("Answer the proposal to work with %(names)s") % {"names": names},
        context=_("Pairing %(reference)s") % {"reference": member.pairing.reference},
        text=_("Read why the coordination unit paired you, then accept or decline."),
        state=_("Waits for you"),
        tone="warning",
    )


def _answer_for_staff(member: PairingMember) -> Words:
    return Words(
        title=_("Answer of %(city)s") % {"city": member.organisation.name},
        context=member.pairing.reference,
        state=_("Answer awaited"),
        tone="warning",
    )


def _signature_words(member: PairingMember) -> Words:
    names = ", ".join(member.partner_names)
    return Words(
        title=_("Sign the Partnership Agreement"),
        context=_("Pairing with %(names)s") % {"names": names},
        text=_("Record who signed it and when. The last signature starts the clock."),
        state=_("Signature missing"),
        tone="warning",
    )


def _signature_for_staff(member: PairingMember) -> Words:
    return Words(
        title=_("Signature of %(city)s") % {"city": member.organisation.name},
        context=member.pairing.reference,
        state=_("Signature awaited"),
        tone="warning",
    )
