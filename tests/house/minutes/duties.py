from django.db.models import Q
from django.urls import reverse

from core.duties.catalogue import OVERDUE, Ask, Duty, Search, Words, duty, key_of
from programme.organisations.states import WRITERS
from tests.house.minutes.models import Minutes


@duty("minutes", label="Minutes of a meeting", days=(3, OVERDUE), to=WRITERS)
def late_minutes(ask: Ask) -> Search[Minutes]:
    """Each meeting whose minutes are not written."""
    return ask.search(
        Minutes.objects.select_related("organisation"),
        _minutes_due,
        is_open=Q(text=""),
        is_done=~Q(text=""),
        owner={"organisation": "organisation"},
        about={"minutes": "pk", "organisation": "organisation"},
        due="due_at",
    )


def _minutes_due(minutes: Minutes) -> Duty:
    return Duty(
        kind="minutes",
        about=key_of(minutes),
        owner=key_of(minutes.organisation),
        due=minutes.due_at,
        done=bool(minutes.text),
        page=reverse("minutes:staff_list"),
        say=lambda: Words(f"Write the minutes of {minutes.meeting}"),
        facts=lambda: {"meeting": minutes.meeting},
    )
