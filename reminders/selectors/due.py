"""What is due by now and not yet recorded: the question that the sweep asks the catalogue.

Each kind of duty has its days before the date. Of the days that have come, only the newest
counts: who starts a draft two days before the close gets the reminder of day three once, and
not that of day fourteen as well. A moved date is a new occasion.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.urls import reverse

from accounts.models import User
from core.duties.catalogue import CHUNK, OVERDUE, Ask, Duty, Kind, kinds
from programme.organisations.models import Organisation
from reminders.models import Delivery
from reminders.selectors.people import recipients_of


@dataclass(frozen=True)
class DueReminder:
    """One reminder to one person. The duty, the person and `due_key` make it single."""

    duty: Duty
    recipient: User
    organisation: Organisation | None
    due_key: str
    deadline: dt.datetime
    # Its people cannot do it, so others are told; see selectors.people.
    stands_in: bool = False
    for_staff: bool = False

    @property
    def key(self) -> tuple[str, int, str]:
        """Return what the database holds unique."""
        return (self.duty.key, self.recipient.pk, self.due_key)

    @property
    def kind(self) -> str:
        """Return the kind of the duty."""
        return self.duty.kind

    @property
    def template(self) -> str:
        """Return the mail: for staff who stand in, that nobody of the city can do it."""
        return "reminder_without_lead" if self.for_staff else f"reminder_{self.kind}"

    @property
    def page(self) -> str:
        """Return the page where it is done; for staff who stand in, where they invite a lead."""
        if self.for_staff and self.organisation:
            return reverse("organisations:staff_organisation", args=[self.organisation.slug])
        return self.duty.page

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return what the mail's words need beside."""
        return self.duty.facts()


def due_reminders(
    at: dt.datetime, *, since: dt.datetime | None = None, about: Collection[str] = ()
) -> Iterator[DueReminder]:
    """Give every reminder that is due at this time and not recorded, a few hundred read at a time.

    With `since`, only what has come up since that time, and whatever hangs on the things
    `about`; without, everything. The queries grow with hundreds of duties, not with each, and
    the memory not at all.
    """
    # On a clock that is put forward or back a day is not 24 hours, and a day's reminder is lost.
    at = at.astimezone(dt.UTC)
    for kind in kinds().values():
        duties = _come_up(kind, at, since, about) if since else _all(kind, at)
        while batch := list(islice(duties, CHUNK)):
            yield from _unrecorded(_reminders(kind, batch, at))


def _all(kind: Kind, at: dt.datetime, about: Collection[str] | None = None) -> Iterator[Duty]:
    """Return the duties of which any day has come."""
    if kind.days:
        reach = at + dt.timedelta(days=max(kind.days))
        yield from kind.find(Ask(about=about, due_until=reach, now=at))


def _come_up(
    kind: Kind, at: dt.datetime, since: dt.datetime, about: Collection[str]
) -> Iterator[Duty]:
    """Return the duties of which a day has come since, and those that were touched, once each."""
    seen = set()
    if about:
        for duty in _all(kind, at, about):
            seen.add(duty.key)
            yield duty
    before = [dt.timedelta(days=days) for days in kind.days]
    for duty in kind.find(Ask(due_in=[(since + each, at + each) for each in before], now=at)):
        if duty.key not in seen:
            yield duty


def _reminders(kind: Kind, duties: list[Duty], at: dt.datetime) -> Iterator[DueReminder]:
    """Give each duty to each of its people."""
    recipients = recipients_of(duties)
    for duty in duties:
        day = kind.day_come(duty.due, at) if duty.due else None
        if duty.due is None or day is None:
            continue
        if duty.told_at and duty.told_at >= duty.due - dt.timedelta(days=day):
            continue
        instant = instant_of(duty.due)
        for recipient in recipients[duty.key]:
            yield DueReminder(
                duty=duty,
                recipient=recipient.user,
                organisation=recipient.organisation,
                due_key=f"{instant}/{'overdue' if day == OVERDUE else day}",
                deadline=duty.due,
                stands_in=recipient.stands_in,
                for_staff=recipient.stands_in and recipient.is_staff,
            )


def instant_of(due: dt.datetime) -> str:
    """Return a date as an occasion names it: first, before the slash."""
    return due.astimezone(dt.UTC).isoformat(timespec="seconds")


def _unrecorded(reminders: Iterable[DueReminder]) -> list[DueReminder]:
    """Return those that have no delivery; asked once, by the keys of the duties."""
    reminders = list(reminders)
    if not reminders:
        return []
    rows = Delivery.objects.filter(duty__in={reminder.duty.key for reminder in reminders})
    recorded = set(rows.values_list("duty", "recipient_id", "due_key"))
    return [reminder for reminder in reminders if reminder.key not in recorded]
