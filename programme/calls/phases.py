"""The phases of a call as bars of a small chart. Pure: instants in, numbers out."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WIDTH = 628
LEFT = 6
# A letter of a name and the space around the name, as the style sheet draws them.
LETTER = 7.5
AROUND_A_NAME = 20
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
        return self.width > AROUND_A_NAME + LETTER * len(str(self.label))


@dataclass(frozen=True)
class Dates:
    """The days of a call that a drawing of a moved deadline shows; `interest` of two stages."""

    opens: dt.date
    closes: dt.date
    interest: dt.date | None = None
    decisions: dt.date | None = None

    @property
    def in_order(self) -> bool:
        """Whether the stages follow each other."""
        stages = [day for day in (self.opens, self.interest, self.closes) if day]
        return stages == sorted(stages)

    @property
    def phases(self) -> Iterator[tuple[str, str | Promise, dt.date, dt.date]]:
        """Yield (class, name, first day, last day) until the day of decisions."""
        if self.interest:
            yield "phase-open", _("Expressions of interest"), self.opens, self.interest
            yield "phase-open", _("Those invited apply"), self.interest, self.closes
        else:
            yield "phase-open", _("Open"), self.opens, self.closes
        if self.decisions and self.decisions > self.closes:
            yield "phase-check", _("Check and assessment"), self.closes, self.decisions


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
    dates = Dates(opens, closes, interest, decisions)
    phases = list(dates.phases)
    if decisions:
        if decisions <= closes:
            return []
        accept_by = decisions + dt.timedelta(days=acceptance_days)
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
    *, before: Dates, after: Dates, moved: tuple[dt.date, dt.date], today: dt.date
) -> MovedChart | None:
    """Return the drawing; None for days out of order. `moved` is the day before and after."""
    if not (before.in_order and after.in_order):
        return None
    shown = (before.closes, after.closes, before.decisions, today)
    end = max(day for day in shown if day) + dt.timedelta(days=7)
    start = min(before.opens, today)
    scale = WIDTH / (end - start).days

    def x_of(day: dt.date) -> float:
        return round(LEFT + (day - start).days * scale, 1)

    return MovedChart(
        before=tuple(_moved_bar(*phase, x_of) for phase in before.phases),
        after=tuple(_moved_bar(*phase, x_of) for phase in after.phases),
        old_x=x_of(moved[0]),
        new_x=x_of(moved[1]),
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
