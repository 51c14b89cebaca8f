"""The phases of a call as bars of a small chart. Pure: instants in, numbers out."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WIDTH = 628
LEFT = 6
ROOM_FOR_A_NAME = 90


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
    *, opens: dt.date, closes: dt.date, decisions: dt.date | None, acceptance_days: int
) -> list[Bar]:
    """Return the bars from opening to the last day of acceptance, in order.

    Days out of order give nothing: the editor says what is wrong.
    """
    phases: list[tuple[str, str | Promise, dt.date, dt.date]] = [
        ("phase-open", _("Open"), opens, closes)
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
