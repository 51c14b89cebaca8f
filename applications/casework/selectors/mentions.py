"""Who is called in a note, who can be, and what they have not read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import TruncDate

from accounts.models import User
from accounts.selectors import open_accounts
from accounts.states import StaffRole
from applications.casework.models import Mention, Note
from applications.models import Application
from applications.selectors import people_with_a_link
from applications.selectors.reach import office_reaches, readers_of
from core.kit.days import BRUSSELS
from core.kit.text import fold


def is_unread() -> Q:
    """Return the condition that a mention waits: no page has shown it to whom it calls."""
    return Q(read_at=None, note__removed_at=None)


def mentions_of(user: User) -> "QuerySet[Mention]":
    """Return what mentions a person, the newest first, as far as they see its application."""
    mentions = Mention.objects.filter(
        person=user, note__removed_at=None, note__in=Note.objects.reached_by(user).values("pk")
    )
    return mentions.order_by("-at", "-pk")


def unread_mentions(user: User) -> "QuerySet[Mention]":
    """Return what mentions a person and waits for them."""
    return mentions_of(user).filter(is_unread())


def with_applications(mentions: "QuerySet[Mention]") -> "QuerySet[Mention]":
    """Return mentions with what their list shows: the note, the applicant, whether it is new."""
    return mentions.select_related("note__application__organisation__country", "note__by").annotate(
        is_new=ExpressionWrapper(is_unread(), output_field=BooleanField())
    )


def people_who_are_told() -> "QuerySet[User]":
    """Return people of the office with `unread_since`: the day of the first mention that waits.

    None where nothing does. Only what they still see counts.
    """
    waiting = (
        Mention.objects.filter(
            is_unread(), office_reaches("note__application", "person"), person=OuterRef("pk")
        )
        .order_by()
        .values("person")
        .annotate(first=Min("at"))
        .values("first")
    )
    return User.objects.filter(is_active=True).annotate(
        unread_since=TruncDate(Subquery(waiting), tzinfo=BRUSSELS)
    )


@dataclass(frozen=True)
class Colleague:
    """Somebody of staff, and whether they see the notes about an application.

    `is_linked`: they have a link with its applicant, and nobody calls them there.
    """

    person: User
    sees: bool
    is_linked: bool = False


def colleagues_for(application: Application) -> list[Colleague]:
    """Return all of staff, each with whether they see the notes about the application."""
    readers = set(readers_of(application).values_list("pk", flat=True))
    linked = Q(pk__in=people_with_a_link(application).values("pk"))
    people: Any = open_accounts().exclude(staff_role=StaffRole.NONE).annotate(is_linked=linked)
    return [
        Colleague(person, person.pk in readers and not person.is_linked, person.is_linked)
        for person in people.order_by("search_name", "pk")
    ]


# An address has an "@" too, but none at the beginning of a word.
_CALLED = re.compile(r"(?<!\S)[(\[\"'“„«]?@(?=\S)")
_LONGEST_NAME = 8
_AFTER_A_NAME = ".,;:!?)]\"'”“»"


def called_in(words: str, colleagues: Iterable[Colleague]) -> dict[str, list[Colleague]]:
    """Return whom the words call by "@": what was typed, with who goes by that name.

    A name is the full one, the first one where only one of staff has it, or the address. The
    longest counts; what is nobody's has an empty list.
    """
    names: dict[str, list[Colleague]] = {}
    for one in colleagues:
        full = fold(one.person.full_name)
        for name in dict.fromkeys((full, full.split(" ")[0], fold(one.person.email))):
            names.setdefault(name, []).append(one)
    found = {}
    for call in _CALLED.finditer(words):
        typed, who = _longest(words[call.end() :], names)
        found[typed] = who
    return found


def _longest(text: str, names: dict[str, list[Colleague]]) -> tuple[str, list[Colleague]]:
    """Return the longest beginning of a text that is a name, and who has it."""
    parts = text.split("\n", 1)[0].split()[:_LONGEST_NAME]
    for count in range(len(parts), 0, -1):
        typed = " ".join(parts[:count])
        for name in (typed, typed.rstrip(_AFTER_A_NAME), re.split("['’]s$", typed)[0]):
            if who := names.get(fold(name)):
                return name, who
    return parts[0].rstrip(_AFTER_A_NAME), []
