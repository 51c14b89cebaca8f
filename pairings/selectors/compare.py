"""The paired cities side by side, for the page on which they answer."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Challenge
from applications.states import Direction
from core.kit.clocks import minutes_ahead
from pairings.clocks import LocalTime, local_times
from pairings.models import Pairing, PairingMember


@dataclass(frozen=True)
class CellText:
    """What one city has in a row; `name` is the city's, for narrow screens."""

    name: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class CompareRow:
    """A row: one fact of every city."""

    label: str
    cells: list[CellText]


@dataclass(frozen=True)
class Exchange:
    """A main topic that one city can share and another wants to learn, in the words of both."""

    topic: str
    giver: str
    gives: str
    taker: str
    takes: str


def exchanges(pairing: Pairing) -> list[Exchange]:
    """Return what one of the cities wants and another has, as their applications say it."""
    members = list(pairing.members.all())
    prefetch_related_objects(members, "application__challenges__topic")
    told = [(member, _challenges(member)) for member in members]
    return [
        Exchange(given.topic.name, giver.name, given.words, taker.name, taken.words)
        for giver, shares in told
        for given in shares
        if given.direction == Direction.SHARE
        for taker, learns in told
        if taker.side != giver.side
        for taken in learns
        if taken.direction == Direction.LEARN and taken.topic_id == given.topic_id
    ]


def _challenges(member: PairingMember) -> list[Challenge]:
    return list(member.application.challenges.all()) if member.application else []


def comparison(pairing: Pairing, reader: PairingMember, now: dt.datetime) -> list[CompareRow]:
    """Return what each city of a pairing from `with_everything` is: its public profile.

    Times say how far each city is from the reader's own.
    """
    members = list(pairing.members.all())
    prefetch_related_objects(members, "organisation__tags", "organisation__languages")
    rows = [
        CompareRow(_("Country"), [_country(member) for member in members]),
        CompareRow(_("Inhabitants"), [_inhabitants(member) for member in members]),
        CompareRow(_("Kind of place"), [_named(member, "tags") for member in members]),
        CompareRow(_("Works in"), [_named(member, "languages") for member in members]),
        CompareRow(_("Time"), [_time(member, reader, now) for member in members]),
    ]
    return [row for row in rows if any(cell.text for cell in row.cells)]


def _country(member: PairingMember) -> CellText:
    organisation = member.organisation
    return CellText(organisation.name, organisation.country.name)


def _named(member: PairingMember, what: str) -> CellText:
    named = getattr(member.organisation, what).all()
    return CellText(member.name, ", ".join(str(one) for one in named))


def _inhabitants(member: PairingMember) -> CellText:
    """Return the declared figure, else the reference figure with its source."""
    name = member.name
    municipalities = list(member.application.municipalities.all()) if member.application else []
    figures = [m.population for m in municipalities if m.population is not None]
    if figures and len(figures) == len(municipalities):
        lead = municipalities[0]
        source = ", ".join(
            str(part) for part in (lead.population_source, lead.population_year) if part
        )
        count = len(municipalities)
        parts = ngettext("%(n)d municipality", "%(n)d municipalities", count) % {"n": count}
        return CellText(
            name,
            number_format(sum(figures), force_grouping=True),
            _("declared; %(source)s") % {"source": source if count == 1 else parts},
        )
    seat = next(iter(member.organisation.cities.all()), None)
    if seat is None or seat.reference_population is None:
        return CellText(name, "")
    return CellText(
        name,
        number_format(seat.reference_population, force_grouping=True),
        _("for comparison only; %(source)s") % {"source": seat.reference_source},
    )


def _time(member: PairingMember, reader: PairingMember, now: dt.datetime) -> CellText:
    name = member.name
    clock = _clock(member, now)
    if clock is None:
        return CellText(name, "")
    own = _clock(reader, now)
    text = _("%(time)s now") % {"time": clock.shown}
    if member.pk == reader.pk or own is None:
        return CellText(name, text)
    return CellText(name, text, _apart(clock, own))


def _clock(member: PairingMember, now: dt.datetime) -> LocalTime | None:
    organisation = member.organisation
    return next(iter(local_times([(organisation.name, organisation.time_zone)], now)), None)


def _apart(clock: LocalTime, own: LocalTime) -> str:
    ahead = minutes_ahead(clock.at, own.at)
    hours, minutes = divmod(abs(ahead), 60)
    if not hours and not minutes:
        return _("the same time as yours")
    length = _("%(hours)d h %(minutes)d min") if minutes else _("%(hours)d h")
    length %= {"hours": hours, "minutes": minutes}
    if ahead > 0:
        return _("%(length)s ahead of you today") % {"length": length}
    return _("%(length)s behind you today") % {"length": length}
