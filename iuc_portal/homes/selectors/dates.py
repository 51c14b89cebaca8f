"""The dates of the console: what comes, and which pairings are late."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.rules import sees_everything
from core.duties.catalogue import Ask, Duty, find, key_of, kinds
from core.kit.days import days_between, days_in_words, now
from iuc_portal.homes.selectors.funnels import Counted
from pairings.models import Pairing
from programme.calls.models import Call

AHEAD = dt.timedelta(days=60)
ROWS = 6
# So many dates of a kind at most, as long as another kind has dates too.
OF_A_KIND = 3
CLOSING = "closing"


@dataclass(frozen=True)
class Ahead:
    """A date that comes, or that has passed without what it asked for."""

    at: dt.datetime
    kind: str
    title: str
    note: str
    url: str
    whole_day: bool = False
    state: str = ""
    tone: str = ""

    @property
    def when(self) -> str:
        """Return how far away the day is, in words."""
        return days_in_words(days_between(now(), self.at))


def dates_ahead(
    user: User, calls: Iterable[Call], counted: Counted, at: dt.datetime
) -> list[Ahead]:
    """Return the dates that come, a few of each kind; the nearest closing is always among them."""
    closings = [
        _closing(call, counted, sees_drafts=bool(sees_everything(user)))
        for call in calls
        if call.closes_at and call.closes_at >= at
    ]
    watched = [kind for kind in kinds().values() if kind.watched]
    ask = Ask(reader=user, now=at, due_from=at, due_until=at + AHEAD, nearest=ROWS)
    return _few([*closings, *map(_date, find(ask, watched))])


def _few(dates: Iterable[Ahead]) -> list[Ahead]:
    """Return ROWS dates in order, none of them a kind's fourth before the third of another."""
    seen: dict[str, int] = {}
    ranked = []
    for date in sorted(dates, key=lambda each: each.at):
        seen[date.kind] = place = seen.get(date.kind, 0) + 1
        is_first_closing = date.kind == CLOSING and place == 1
        ranked.append((not is_first_closing, place > OF_A_KIND, date))
    # Sorting keeps the order of dates among equals.
    chosen = sorted(ranked, key=lambda each: each[:2])[:ROWS]
    return sorted((date for *_rank, date in chosen), key=lambda each: each.at)


def _date(duty: Duty) -> Ahead:
    assert duty.due is not None  # noqa: S101 - the caller asked
    words = duty.words
    return Ahead(
        at=duty.due,
        kind=duty.kind,
        title=words.title,
        note=words.context,
        url=duty.page,
        whole_day=duty.whole_day,
        state=words.state,
        tone=words.tone,
    )


def _closing(call: Call, counted: Counted, *, sees_drafts: bool) -> Ahead:
    assert call.closes_at is not None  # noqa: S101 - the caller asked
    numbers = {"drafts": counted.drafts(call), "sent": counted.sent(call)}
    note = _("Drafts: %(drafts)d, sent: %(sent)d") if sees_drafts else _("Sent: %(sent)d")
    return Ahead(
        at=call.closes_at,
        kind=CLOSING,
        title=_("%(call)s closes") % {"call": call.title},
        note=note % numbers,
        url=reverse("calls:staff_call", args=[call.slug]),
        tone="gold",
        state=_("Open"),
    )


def late_dates(user: User, pairings: Iterable[Pairing], at: dt.datetime) -> list[Ahead]:
    """Return for each of these pairings the date that passed first."""
    about = {key_of(pairing) for pairing in pairings}
    if not about:
        return []
    watched = [kind for kind in kinds().values() if kind.watched]
    of_pairing: dict[str, list[Duty]] = {}
    for duty in find(Ask(reader=user, now=at, about=about, due_until=at), watched):
        of_pairing.setdefault(duty.page, []).append(duty)
    return sorted(map(_late, of_pairing.values()), key=lambda date: date.at)


def _late(duties: list[Duty]) -> Ahead:
    first = _date(min(duties, key=lambda duty: duty.due or now()))
    others = len(duties) - 1
    if not others:
        return first
    more = ngettext("%(note)s, and %(n)d more date", "%(note)s, and %(n)d more dates", others) % {
        "note": first.note,
        "n": others,
    }
    return replace(first, note=more)
