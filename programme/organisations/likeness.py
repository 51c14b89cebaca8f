"""How alike two cities are. It suggests whom to talk to; it decides nothing."""

import math
from dataclasses import dataclass

# What each likeness can add; together 100.
SIZE, TAGS, TOPICS, COUNTRY = 30, 35, 25, 10
# A tenfold difference in population is no likeness of size.
SPAN = math.log(10)


@dataclass(frozen=True)
class Traits:
    """What a city is compared by. What is not known makes nobody alike."""

    country: str = ""
    population: int | None = None
    tags: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()


def likeness(one: Traits, other: Traits) -> int:
    """Return how alike two cities are, from 0 to 100; the order of the two does not matter.

    Size by the ratio of their populations, tags and topics by what they share of what both
    have, and a little for the same country.
    """
    return round(
        SIZE * _size(one.population, other.population)
        + TAGS * _shared(one.tags, other.tags)
        + TOPICS * _shared(one.topics, other.topics)
        + COUNTRY * (one.country != "" and one.country == other.country)
    )


def _size(one: int | None, other: int | None) -> float:
    if not one or not other:
        return 0.0
    return max(0.0, 1 - abs(math.log(one) - math.log(other)) / SPAN)


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    both = one | other
    return len(one & other) / len(both) if both else 0.0
