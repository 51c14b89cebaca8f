"""Who else is in a section: remembered for some minutes in the cache, never in the database.

Where the cache is away nobody is seen, and nothing else changes. Two who come in the same moment
may overwrite each other's line; the next save brings it back.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from accounts.models import initials_of
from core.kit.days import now, saved_at_words

# So long after the last sign of somebody they still count as there.
SEEN_FOR = dt.timedelta(minutes=5)
# So short after it they are there "now".
JUST_NOW = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Seen:
    """Somebody else who has opened a section or written in it."""

    name: str
    at: dt.datetime

    @property
    def initials(self) -> str:
        """Up to two letters for the avatar."""
        return initials_of(self.name)

    @property
    def is_now(self) -> bool:
        """Whether they gave a sign just now."""
        return now() - self.at < JUST_NOW

    @property
    def time(self) -> str:
        """Return when they were seen, in words."""
        return saved_at_words(self.at)


def enter(*, response_id: int, section_key: str, person: Any) -> list[Seen]:
    """Note that a person is in a section; return who else is, by name."""
    at, key = now(), f"section:{response_id}:{section_key}"
    there: dict[int, tuple[str, dt.datetime]] = cache.get(key) or {}
    others = {pk: seen for pk, seen in there.items() if pk != person.pk and at - seen[1] < SEEN_FOR}
    cache.set(key, others | {person.pk: (str(person), at)}, SEEN_FOR.total_seconds())
    return sorted((Seen(*seen) for seen in others.values()), key=lambda seen: seen.name)
