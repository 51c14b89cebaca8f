"""Local times of paired cities and the hours when all offices are open. Pure: no database."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

from core.kit.clocks import on_clock, zone_of

OPENS, CLOSES = dt.time(9), dt.time(17)
SATURDAY = 5


@dataclass(frozen=True)
class LocalTime:
    """A city's clock at one instant."""

    name: str
    at: dt.datetime

    @property
    def shown(self) -> str:
        """The clock's face. Templates would turn the instant into the portal's zone."""
        return f"{self.at:%H:%M}"

    @property
    def shown_day(self) -> str:
        """Return the day that it is there."""
        return date_format(self.at.date())

    @property
    def is_office_hour(self) -> bool:
        """Whether an office is likely to be open: weekdays from 9 to 17."""
        return self.at.weekday() < SATURDAY and OPENS <= self.at.time() < CLOSES


@dataclass(frozen=True)
class MeetingHours:
    """The same stretch of time on one city's clock, as its face shows it."""

    name: str
    begins: str
    ends: str


def local_times(cities: Iterable[tuple[str, str]], now: dt.datetime) -> list[LocalTime]:
    """Return the clocks of (name, time zone); a city whose zone is unknown is left out."""
    return [LocalTime(name, local) for name, code in cities if (local := on_clock(now, code))]


def meeting_hours(cities: Sequence[tuple[str, str]], day: dt.date) -> list[MeetingHours]:
    """Return when all offices are open on a day, on each city's clock; [] when never.

    Also empty when a zone is unknown: half an answer would mislead.
    """
    zones = [(name, zone_of(code)) for name, code in cities]
    if not zones or any(zone is None for _name, zone in zones):
        return []
    begins = max(dt.datetime.combine(day, OPENS, tzinfo=zone) for _name, zone in zones)
    ends = min(dt.datetime.combine(day, CLOSES, tzinfo=zone) for _name, zone in zones)
    if begins >= ends:
        return []
    return [
        MeetingHours(name, f"{begins.astimezone(zone):%H:%M}", f"{ends.astimezone(zone):%H:%M}")
        for name, zone in zones
    ]
