"""What colleagues wait for: that notes which call somebody are read."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from applications.casework.selectors import people_who_are_told
from core.duties.catalogue import OVERDUE, Ask, Duty, Search, Words, duty, key_of
from core.kit.days import end_of
from core.kit.rows import NOTHING


@duty("notes_unread", label=gettext_lazy("Notes that call you"), days=(OVERDUE,))
def notes(ask: Ask) -> Search[User]:
    """The notes that call a person and wait: one duty, however many, of the first of their days.

    So who reads them on the day gets no mail, and nobody gets more than one for a day.
    """
    # mypy cannot see what was annotated.
    rows: Any = people_who_are_told()
    if ask.reader is not None:
        rows = rows.filter(pk=ask.reader.pk)
    return ask.search(
        rows.order_by("unread_since", "pk"),
        _due,
        is_open=Q(unread_since__isnull=False),
        is_done=NOTHING,
        owner={"person": "pk"},
        about={"user": "pk"},
        due="unread_since",
        whole_day=True,
    )


def _due(person: Any) -> Duty:
    day = person.unread_since
    return Duty(
        kind="notes_unread",
        about=key_of(person),
        owner=f"person:{person.pk}",
        due=end_of(day) if day else None,
        whole_day=True,
        page=reverse("casework:mine"),
        say=lambda: Words(
            title=_("Read the notes that call you"),
            text=_("Colleagues have called you in notes about applications."),
            state=_("To read"),
        ),
    )
