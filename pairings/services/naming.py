"""The name of its day on what is past of a pairing: the party of one that ended, a signature."""

from django.db.models import Q
from django.utils import timezone

from core.kit.days import BRUSSELS
from pairings.models import Pairing, PairingMember, Signature
from pairings.states import LIVE, PairingStatus
from programme.organisations.models import MovedRow, Organisation

MEMBER = "pairings.PairingMember.organisation"


def keep_names(organisation: Organisation) -> None:
    """Write the name of its day on past pairings and signed agreements of an organisation.

    What came with another one that was merged into it keeps the name of that one.
    """
    members = PairingMember.objects.filter(organisation=organisation).select_related("pairing")
    came_along = MovedRow.objects.filter(relation=MEMBER, merge__apart_at=None)
    named = members.exclude(called="").filter(pk__in=came_along.values("row_id"))
    own = members.exclude(pk__in=named.values("pk")).prefetch_related("pairing__closings")
    for member in own:
        called = _name_in(organisation, member.pairing)
        _write(member, "" if called == organisation.name else called)
    theirs = members.filter(pk__in=came_along.values("row_id"))
    signatures = Signature.objects.filter(member__organisation=organisation)
    for signature in signatures.exclude(~Q(called=""), member__in=theirs.values("pk")):
        called = organisation.name_on(signature.signed_on)
        _write(signature, "" if called == organisation.name else called)


def keep_name_of_merged(goes: Organisation) -> None:
    """Write its name on what is past of an organisation that is merged into another."""
    members = PairingMember.objects.filter(organisation=goes, called="")
    members.exclude(pairing__status__in=LIVE).update(called=goes.name)
    Signature.objects.filter(member__organisation=goes, called="").update(called=goes.name)


def _name_in(organisation: Organisation, pairing: Pairing) -> str:
    """Return the name that stands on a pairing: of today while it goes on, else of its day."""
    if pairing.status in LIVE:
        return organisation.name
    if pairing.status == PairingStatus.PUBLISHED:
        # The list has no days: what it was called here when the record was made.
        known = [
            row.name
            for row in organisation.own_names
            if row.from_day is None or row.written_at <= pairing.created_at
        ]
        return known[-1] if known else organisation.name
    closing = pairing.closing
    day = timezone.localdate(closing.at, BRUSSELS) if closing else pairing.ends_on
    return organisation.name_on(day) if day else organisation.name


def _write(row: PairingMember | Signature, called: str) -> None:
    if row.called != called:
        row.called = called
        row.save(update_fields=["called"])
