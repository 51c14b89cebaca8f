from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from core.duties.catalogue import OVERDUE, Ask, Duty, Words, duty, key_of, stream
from programme.organisations.states import WRITERS
from tests.house.minutes.models import Minutes


@duty("minutes", label="Minutes of a meeting", days=(3, OVERDUE), to=WRITERS)
def late_minutes(ask: Ask) -> Iterator[Duty]:
    """Each meeting whose minutes are not written."""
    rows = ask.narrow(
        Minutes.objects.select_related("organisation"),
        is_open=Q(text=""),
        is_done=~Q(text=""),
        owner={"organisation": "organisation"},
        about={"minutes": "pk", "organisation": "organisation"},
        due="due_at",
    )
    for minutes in stream(rows):
        yield Duty(
            kind="minutes",
            about=key_of(minutes),
            owner=key_of(minutes.organisation),
            due=minutes.due_at,
            done=bool(minutes.text),
            page=reverse("minutes:staff_list"),
            say=lambda meeting=minutes.meeting: Words(f"Write the minutes of {meeting}"),
            facts=lambda meeting=minutes.meeting: {"meeting": meeting},
        )
