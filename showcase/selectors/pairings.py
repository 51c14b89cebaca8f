"""One public pairing: its row, what overtook it, its clocks and milestones."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db.models import Exists, F, OuterRef
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from core.kit import days
from core.kit.clocks import minutes_ahead
from pairings.models import Milestone, Pairing
from pairings.states import PairingStatus
from programme.organisations.models import OrganisationName
from showcase.selectors.rows import PairingRow, Party, load_rows, published


def public_row(slug: str) -> tuple[PairingRow, Pairing] | None:
    """Return one public pairing with its record, or None."""
    names = OrganisationName.objects.filter(organisation__pairing_members__pairing=OuterRef("pk"))
    public = published(Pairing.objects.public()).annotate(has_former_names=Exists(names))
    pairing = public.filter(slug=slug).first()
    row = load_rows([pairing.pk]).get(pairing.pk) if pairing else None
    if pairing is None or row is None:
        return None
    return (_with_former_names(row) if pairing.has_former_names else row), pairing


def _with_former_names(row: PairingRow) -> PairingRow:
    """Return the row with what its parties were called before; one query."""
    bodies = [party.organisation for party in row.parties]
    began = OrganisationName.objects.filter(
        bearer_id__in=bodies, organisation=F("bearer_id")
    ).exclude(from_day__gt=days.today())
    names: dict[int, list[OrganisationName]] = {}
    for name in began:
        names.setdefault(name.bearer_id, []).append(name)

    def former(party: Party) -> tuple[tuple[str, date], ...]:
        own = names.get(party.organisation, [])
        until = [
            (each.name, later.from_day - timedelta(days=1))
            for each, later in pairwise(own)
            if later.from_day and each.name != party.name
        ]
        return tuple(reversed(until))

    return replace(
        row, parties=tuple(replace(party, formerly=former(party)) for party in row.parties)
    )


def successor_of(slug: str) -> str | None:
    """Return the slug of the real pairing that overtook this published record, if any."""
    record = Pairing.objects.filter(slug=slug, status=PairingStatus.PUBLISHED)
    heirs = published(Pairing.objects.public().exclude(status=PairingStatus.PUBLISHED))
    heirs = heirs.filter(members_key__in=record.values("members_key")).order_by("-id")
    return heirs.values_list("slug", flat=True).first()


@dataclass(frozen=True)
class Clock:
    """What the clocks of a party show, and how far ahead of the first party's they are."""

    party: Party
    time: str
    ahead: str


def _ahead(local: datetime, first: datetime) -> str:
    minutes = minutes_ahead(local, first)
    hours, rest = divmod(abs(minutes), 60)
    span = f"{hours}:{rest:02d}" if rest else str(hours)
    if minutes > 0:
        return _("%(span)s h ahead") % {"span": span}
    return _("%(span)s h behind") % {"span": span} if minutes else _("same time")


def clocks(row: PairingRow, now: datetime) -> list[Clock]:
    """Return the local times of the parties whose time zone is known."""
    found = [(party, party.local_time(now)) for party in row.parties]
    known = [(party, local) for party, local in found if local]
    return [
        Clock(
            party=party,
            time=time_format(local.time(), "H:i"),
            ahead=_ahead(local, known[0][1]) if index else "",
        )
        for index, (party, local) in enumerate(known)
    ]


def milestones_of(pairing: Pairing) -> list[Milestone]:
    """Return the milestones of a pairing made in the portal; published records have none."""
    return list(pairing.milestones.all())
