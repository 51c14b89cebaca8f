"""The phases of a call as bars of a small chart. Pure: instants in, numbers out."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WIDTH = 628
LEFT = 6
ROOM_FOR_A_NAME = 90
MONTHS = 12


@dataclass(frozen=True)
class Bar:
    """One phase: where it stands in the chart, its name, its first day."""

    css: str
    label: str | Promise
    starts_on: dt.date
    x: float
    width: float

    @property
    def has_room(self) -> bool:
        """Whether the name fits into the bar."""
        return self.width > ROOM_FOR_A_NAME


def phase_bars(
    *,
    opens: dt.date,
    closes: dt.date,
    decisions: dt.date | None,
    acceptance_days: int,
    interest: dt.date | None = None,
) -> list[Bar]:
    """Return the bars from opening to the last day of acceptance, in order.

    `interest` is the day on which the first of two stages closes.
    Days out of order give nothing: the editor says what is wrong.
    """
    phases: list[tuple[str, str | Promise, dt.date, dt.date]] = [
        ("phase-open", _("Open"), opens, closes)
    ]
    if interest:
        phases = [
            ("phase-open", _("Expressions of interest"), opens, interest),
            ("phase-open", _("Those invited apply"), interest, closes),
        ]
    if decisions:
        accept_by = decisions + dt.timedelta(days=acceptance_days)
        phases.append(("phase-check", _("Check and assessment"), closes, decisions))
        phases.append(("phase-accept", _("Acceptance"), decisions, accept_by))
    if any(end <= start for _css, _label, start, end in phases):
        return []
    total = (phases[-1][3] - opens).days
    scale = WIDTH / total
    return [
        Bar(
            css,
            label,
            start,
            x=round(LEFT + (start - opens).days * scale, 1),
            width=round(max((end - start).days * scale - 3, 2), 1),
        )
        for css, label, start, end in phases
    ]


@dataclass(frozen=True)
class MovedChart:
    """A moved deadline: the phases before (row 0) and after (row 1), today, and the months.

    All numbers are units of the drawing, WIDTH wide.
    """

    before: tuple[Bar, ...]
    after: tuple[Bar, ...]
    old_x: float
    new_x: float
    today_x: float
    months: tuple[tuple[float, dt.date], ...]


def moved_chart(
    *,
    opens: dt.date,
    before: dt.date,
    after: dt.date,
    decisions: dt.date | None,
    today: dt.date,
) -> MovedChart | None:
    """Return the drawing; None for days out of order. The day of decisions stays where it is."""
    end = max(day for day in (before, after, decisions, today) if day) + dt.timedelta(days=7)
    start = min(opens, today)
    if min(before, after) < opens:
        return None
    scale = WIDTH / (end - start).days

    def x_of(day: dt.date) -> float:
        return round(LEFT + (day - start).days * scale, 1)

    def bars(closes: dt.date) -> tuple[Bar, ...]:
        found = [_moved_bar("phase-open", _("Open"), opens, closes, x_of)]
        if decisions and decisions > closes:
            label = _("Check and assessment")
            found.append(_moved_bar("phase-check", label, closes, decisions, x_of))
        return tuple(found)

    return MovedChart(
        before=bars(before),
        after=bars(after),
        old_x=x_of(before),
        new_x=x_of(after),
        today_x=x_of(today),
        months=tuple((x_of(day), day) for day in _months(start, end)),
    )


def _moved_bar(
    css: str,
    label: str | Promise,
    start: dt.date,
    end: dt.date,
    x_of: Callable[[dt.date], float],
) -> Bar:
    return Bar(
        css, label, start, x=x_of(start), width=round(max(x_of(end) - x_of(start) - 2, 2), 1)
    )


def _months(start: dt.date, end: dt.date) -> Iterator[dt.date]:
    """Return the first days of the months after the start."""
    year, month = start.year, start.month
    while True:
        year, month = (year + 1, 1) if month == MONTHS else (year, month + 1)
        first = dt.date(year, month, 1)
        if first > end:
            return
        yield first
