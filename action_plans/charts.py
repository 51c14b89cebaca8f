"""Numbers of the drawings: bars of money and the timeline. Pure; templates draw the SVG."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.dates import MONTHS_3

from action_plans.selectors import MeasureRow, Money
from action_plans.states import MeasureKind

# Wide and narrow drawing, in SVG units.
WIDE_LEFT, WIDE_RIGHT, WIDE_ROW, WIDE_TOP = 330, 1130, 46, 44
NARROW_RIGHT, NARROW_ROW, NARROW_TOP = 320, 58, 40
# Beside a bar of money stand its amounts.
MONEY_RIGHT = 860
# About as many letters fit left of the bars, and above them.
WIDE_LETTERS, NARROW_LETTERS = 38, 34
MONTHS = 12
QUARTER = 3
# A label of a quarter needs so much room; narrower ones are left out.
LABEL_ROOM = 62
YEAR_ROOM = 36
SHORTEST = 8.0

KIND_CLASS = {
    MeasureKind.ACTION: "gantt-action",
    MeasureKind.PILOT: "gantt-pilot",
    MeasureKind.EXCHANGE: "gantt-exchange",
    MeasureKind.FOLLOW_UP: "gantt-exchange",
}


@dataclass(frozen=True)
class Piece:
    """A rectangle of a bar: its class and place, as SVG attributes."""

    css: str
    x: str
    width: str


def _n(value: float | Decimal) -> str:
    """Return a number as SVG reads it, whatever the language."""
    return f"{float(value):.1f}"


def short(text: str, letters: int) -> str:
    """Return a title that fits; the whole one stands in the table below."""
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"


def money_bar(
    money: Money, *, left: float = 0, width: float = 120, whole: Decimal | None = None
) -> list[Piece]:
    """Return the bar of one measure; `whole` is the amount that takes the full width."""
    total = whole or max(money.cost or Decimal(0), money.funded)
    if not total:
        return []
    pieces, x = [], float(left)
    for css, amount in (
        ("fund-secured", money.secured),
        ("fund-applied", money.applied),
        ("fund-planned", money.planned),
        ("fund-gap", money.gap or Decimal(0)),
    ):
        if amount:
            wide = float(amount / total) * width
            pieces.append(Piece(css, _n(x), _n(wide)))
            x += wide
    return pieces


@dataclass(frozen=True)
class MoneyLine:
    """A measure in the drawing of the money, wide and narrow."""

    row: MeasureRow
    wide_title: str
    narrow_title: str
    wide: list[Piece]
    narrow: list[Piece]
    y: int
    narrow_y: int
    label_x: str


@dataclass(frozen=True)
class MoneyChart:
    """The drawing of one currency's measures."""

    money: Money
    lines: list[MoneyLine]
    height: int
    narrow_height: int


def money_charts(rows: Sequence[MeasureRow], sums: Sequence[Money]) -> list[MoneyChart]:
    """Return one drawing for each currency: amounts of two currencies share no scale."""
    charts = []
    for total in sums:
        own = [
            row
            for row in rows
            if row.money.currency == total.currency and (row.money.cost or row.money.funded)
        ]
        whole = max(
            (max(row.money.cost or Decimal(0), row.money.funded) for row in own),
            default=Decimal(0),
        )
        lines = []
        for place, row in enumerate(own):
            wide = money_bar(row.money, left=WIDE_LEFT, width=MONEY_RIGHT - WIDE_LEFT, whole=whole)
            end = float(wide[-1].x) + float(wide[-1].width) if wide else WIDE_LEFT
            lines.append(
                MoneyLine(
                    row=row,
                    wide_title=short(row.measure.title, WIDE_LETTERS),
                    narrow_title=short(row.measure.title, NARROW_LETTERS - 12),
                    wide=wide,
                    narrow=money_bar(row.money, width=NARROW_RIGHT, whole=whole),
                    y=place * 44,
                    narrow_y=place * NARROW_ROW,
                    label_x=_n(end + 10),
                )
            )
        charts.append(MoneyChart(total, lines, len(own) * 44 + 4, len(own) * NARROW_ROW + 4))
    return charts


@dataclass(frozen=True)
class Quarter:
    """A column of the timeline; `year` stands above the first of a year."""

    x: str
    width: str
    label: str
    label_x: str
    year: str
    is_odd: bool


@dataclass(frozen=True)
class Bar:
    """A measure in the timeline."""

    row: MeasureRow
    css: str
    x: str
    width: str
    y: int
    title: str
    is_narrow: bool

    @property
    def text_y(self) -> int:
        """Return the base line of its title: beside the bar, or above it."""
        return self.y + (22 if self.is_narrow else 28)

    @property
    def bar_y(self) -> int:
        """Return the upper edge of the bar."""
        return self.y + (31 if self.is_narrow else 13)

    @property
    def height(self) -> int:
        """Return the height of the bar."""
        return 16 if self.is_narrow else 20

    @property
    def line_y(self) -> int:
        """Return the line under the row."""
        return self.y + (NARROW_ROW if self.is_narrow else WIDE_ROW)


@dataclass(frozen=True)
class Mark:
    """A milestone of the pairing: a dashed line with its words."""

    x: str
    label: str
    anchor: str


@dataclass(frozen=True)
class Timeline:
    """One drawing: its columns, bars and the end of the pairing."""

    width: int
    left: int
    height: int
    bottom: int
    top: int
    quarters: list[Quarter]
    bars: list[Bar]
    end: Mark | None
    first_year: int
    last_year: int

    @property
    def inner(self) -> int:
        """Return the height of the columns."""
        return self.bottom - self.top

    @property
    def end_y(self) -> int:
        """Return the base line of the words under the end of the pairing."""
        return self.bottom + 20


def _months(day: dt.date) -> float:
    """Return a day as months since year 0, to the day."""
    first = day.replace(day=1)
    following = (first + dt.timedelta(days=32)).replace(day=1)
    return day.year * MONTHS + day.month - 1 + (day.day - 1) / (following - first).days


def timeline(
    rows: Sequence[MeasureRow], *, ends_on: dt.date | None, end_label: str, narrow: bool
) -> Timeline | None:
    """Return the drawing of all measures that have dates; None without one."""
    dated = [
        (row, row.measure.start_date, row.measure.end_date)
        for row in rows
        if row.measure.start_date and row.measure.end_date
    ]
    if not dated:
        return None
    left = 0 if narrow else WIDE_LEFT
    right = NARROW_RIGHT if narrow else WIDE_RIGHT
    top, row_height = (NARROW_TOP, NARROW_ROW) if narrow else (WIDE_TOP, WIDE_ROW)
    first = min(start for _row, start, _end in dated)
    last = max([end for _row, _start, end in dated] + ([ends_on] if ends_on else []))
    begin = first.year * MONTHS
    end = (last.year + 1) * MONTHS
    scale = (right - left) / (end - begin)

    def at(day: dt.date) -> float:
        return left + (_months(day) - begin) * scale

    bars = []
    for place, (row, start, stop) in enumerate(dated):
        x = at(start)
        bars.append(
            Bar(
                row=row,
                css=KIND_CLASS[MeasureKind(row.measure.kind)],
                x=_n(x),
                width=_n(max(at(stop + dt.timedelta(days=1)) - x, SHORTEST)),
                y=top + place * row_height,
                is_narrow=narrow,
                title=short(row.measure.title, NARROW_LETTERS if narrow else WIDE_LETTERS),
            )
        )
    bottom = top + len(dated) * row_height
    mark = None
    if ends_on and begin <= _months(ends_on) < end:
        x = at(ends_on)
        anchor = "middle"
        if x > right - 120:
            anchor = "end"
        elif x < left + 120:
            anchor = "start"
        mark = Mark(_n(x), end_label, anchor)
    return Timeline(
        width=right,
        left=left,
        height=bottom + 26,
        bottom=bottom,
        top=top,
        quarters=_quarters(begin, end, left, scale),
        bars=bars,
        end=mark,
        first_year=first.year,
        last_year=last.year,
    )


def _quarters(begin: int, end: int, left: float, scale: float) -> list[Quarter]:
    """Return the columns: quarters while their labels fit, else half years, else years."""
    step = QUARTER
    while step * scale < LABEL_ROOM and step < MONTHS:
        step *= 2
    # Many years: only every so many are named.
    named = math.ceil(YEAR_ROOM / (MONTHS * scale))
    columns = []
    for place, month in enumerate(range(begin, end, step)):
        x = left + (month - begin) * scale
        first, last = MONTHS_3[month % MONTHS + 1], MONTHS_3[(month + step - 1) % MONTHS + 1]
        columns.append(
            Quarter(
                x=_n(x),
                width=_n(step * scale),
                label="" if step == MONTHS else f"{first}–{last}".title(),
                label_x=_n(x + 5),
                year=str(month // MONTHS)
                if month % MONTHS == 0 and (month - begin) // MONTHS % named == 0
                else "",
                is_odd=bool(place % 2),
            )
        )
    return columns
