"""What of pairings moves in a way of its own when two organisations are merged."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.models import User
from applications.merging import APPLICATION
from core.duties.catalogue import key_of
from core.duties.services import touch
from pairings.models import Milestone, Pairing, PairingMember, PartnerWish
from pairings.selectors import members_key
from pairings.services.naming import MEMBER, keep_name_of_merged
from pairings.states import LIVE, PairingStatus
from programme.organisations.models import MovedRow, Organisation
from programme.organisations.relations import Part, RowKey
from programme.organisations.states import MovedHow

PLACE = "organisations.CapacitySlot.organisation"


def _refuse_twice(goes: Organisation, stays: Organisation) -> list[str]:
    """Return the pairings that both are in, or that would be one and the same."""
    both = Pairing.objects.filter(members__organisation=goes).filter(members__organisation=stays)
    found = [
        _("Both are in the pairing %(reference)s, so they are two.")
        % {"reference": pairing.reference}
        for pairing in both
    ]
    for pairing in Pairing.objects.filter(members__organisation=goes).exclude(pk__in=both):
        twin = _twin(pairing, goes, stays)
        if twin is not None:
            found.append(
                _(
                    "The pairings %(one)s and %(other)s would have the same members. End or "
                    "decline one of them first."
                )
                % {"one": pairing.reference, "other": twin.reference}
            )
    return found


def _twin(pairing: Pairing, goes: Organisation, stays: Organisation) -> Pairing | None:
    """Return the pairing that would have the same members and be as alive."""
    kinds = next(
        (states for states in (LIVE, (PairingStatus.PUBLISHED,)) if pairing.status in states), ()
    )
    bodies = [member.organisation for member in pairing.members.select_related("organisation")]
    key = members_key(stays if body == goes else body for body in bodies)
    return Pairing.objects.filter(members_key=key, status__in=kinds).exclude(pk=pairing.pk).first()


def _members(goes: Organisation, stays: Organisation) -> None:
    """Move the places in pairings; what is past keeps the name of its day."""
    keep_name_of_merged(goes)
    PairingMember.objects.filter(organisation=goes).update(organisation=stays)


def _wishes_of(goes: Organisation, stays: Organisation) -> None:
    """Move what it wished for; where both said something of one city, the newer one counts."""
    _move_wishes("organisation", "about", goes, stays)


def _wishes_about(goes: Organisation, stays: Organisation) -> None:
    """Move what others wished of it, in the same way."""
    _move_wishes("about", "organisation", goes, stays)


def _move_wishes(end: str, other: str, goes: Organisation, stays: Organisation) -> None:
    rows = PartnerWish.objects.all()
    # A city wishes nothing of itself.
    rows.filter(**{end: goes, other: stays}).delete()
    for wish in rows.filter(**{end: goes}):
        twin = rows.filter(call=wish.call_id, **{end: stays, other: getattr(wish, other)}).first()
        if twin is None or twin.at < wish.at:
            if twin is not None:
                twin.delete()
            rows.filter(pk=wish.pk).update(**{end: stays})
        else:
            wish.delete()


def _keys_anew(organisation: Organisation) -> None:
    """Write anew what tells the members of its pairings from others."""
    for pairing in Pairing.objects.filter(members__organisation=organisation):
        bodies = [row.organisation for row in pairing.members.select_related("organisation")]
        pairing.members_key = members_key(bodies)
        pairing.save(update_fields=["members_key"])
        touch(pairing)


def _held(rows: Collection[MovedRow], holder: Organisation) -> dict[RowKey, str]:
    """Return what of applications, parties and places stays, so that all of a pairing is in one."""
    going: dict[str, set[int]] = {name: set() for name in (APPLICATION, MEMBER, PLACE)}
    for row in rows:
        if row.relation in going and row.how != MovedHow.REMOVED:
            going[row.relation].add(row.row_id)
    held: dict[RowKey, str] = {}
    members = PairingMember.objects.filter(organisation=holder).select_related("pairing")
    for member in members:
        reference = {"reference": member.pairing.reference}
        if member.pk not in going[MEMBER]:
            if member.application_id in going[APPLICATION]:
                words = _("It is paired since, in %(reference)s.") % reference
                held[APPLICATION, member.application_id] = words
            if member.slot_id in going[PLACE]:
                held[PLACE, member.slot_id] = _("%(reference)s holds it since.") % reference
        elif member.application_id and member.application_id not in going[APPLICATION]:
            held[MEMBER, member.pk] = _("Its application stays.")
        elif member.slot_id and member.slot_id not in going[PLACE]:
            held[MEMBER, member.pk] = _("Its place stays.")
    return held


def _parts(organisation: Organisation, _by: User | None) -> list[Part]:
    """Return each pairing with the place that it holds; with an application where it has one."""
    members = PairingMember.objects.filter(organisation=organisation).select_related(
        "pairing", "application"
    )
    return [
        _part(member, organisation)
        for member in members.prefetch_related("pairing__members__organisation")
    ]


def _part(member: PairingMember, organisation: Organisation) -> Part:
    label = f"{member.pairing.reference}, {member.pairing.title}"
    rows: list[RowKey] = [(MEMBER, member.pk)]
    if member.slot_id:
        rows.append((PLACE, member.slot_id))
    if member.application and member.application.organisation_id == organisation.pk:
        return Part(f"application:{member.application_id}", label, tuple(rows), hint=label)
    return Part(f"pairing:{member.pairing_id}", label, tuple(rows))


def _mails_about(ids: Collection[int]) -> list[str]:
    """Return the pairings of some parties with their milestones, by their keys."""
    pairings = Pairing.objects.filter(members__in=ids)
    milestones = Milestone.objects.filter(pairing__members__in=ids)
    return [key_of(row) for row in (*pairings, *milestones)]


MOVE = {
    MEMBER: _members,
    "pairings.PartnerWish.organisation": _wishes_of,
    "pairings.PartnerWish.about": _wishes_about,
}
REFUSE = (_refuse_twice,)
AFTER = (_keys_anew,)
WRITES = {MEMBER: ("called",)}
SAME: dict[str, tuple[str, ...]] = {}
HELD = (_held,)
PARTS = (_parts,)
MAILS = {MEMBER: _mails_about}
