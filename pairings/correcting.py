"""What of a pairing rests on the acceptance of an application."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applications.models import Application
from pairings.models import Pairing
from pairings.states import LIVE, PairingStatus


def in_the_way(application: Application) -> list[str]:
    """Return, as a sentence each, the pairings that a decision put right would leave in the air."""
    return [_cancel_first(row) for row in _pairings_of(application).filter(status__in=LIVE)]


def holds_the_place(application: Application, *, for_staff: bool) -> list[str]:
    """Return, as a sentence each, the pairings that use the place, with the way out of each."""
    rows = _pairings_of(application).filter(status__in=[*LIVE, PairingStatus.COMPLETED])
    return [_way_out(row, for_staff=for_staff) for row in rows]


def _pairings_of(application: Application) -> "QuerySet[Pairing]":
    return Pairing.objects.filter(
        call=application.call_id, members__organisation=application.organisation_id
    ).order_by("pk")


def _cancel_first(row: Pairing) -> str:
    return _("%(reference)s rests on this decision. Cancel that pairing first.") % {
        "reference": row.reference
    }


def _way_out(row: Pairing, *, for_staff: bool) -> str:
    if row.status == PairingStatus.COMPLETED:
        words = _("%(reference)s is completed: its place was used, and nothing is left to give up.")
    elif for_staff:
        return _cancel_first(row)
    elif row.status == PairingStatus.PROPOSED:
        words = _("%(reference)s is proposed to you. Decline it first, then give up the place.")
    else:
        words = _(
            "%(reference)s is agreed with your partner. Write to the coordination unit: it ends "
            "the pairing with you, then you can give up the place."
        )
    return words % {"reference": row.reference}
