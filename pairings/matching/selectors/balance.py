"""How the pairs of a run are spread over countries and topics."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pairings.matching.models import Run
from programme.models import Country, MainTopic


@dataclass(frozen=True)
class Share:
    """How many pairs a country or a topic has, of those that its cities have places for."""

    name: str
    pairs: int
    places: int

    @property
    def hundredths(self) -> float:
        """Return the pairs for each hundred places, a hundred at most."""
        return min(100.0, 100 * self.pairs / self.places) if self.places else 0.0


@dataclass(frozen=True)
class Balance:
    """Countries of either side and topics, those with the fewest pairs for their places first."""

    left: list[Share]
    right: list[Share]
    topics: list[Share]


def balance_of(run: Run) -> Balance:
    """Return how even a done run is; two queries. A topic counts in a pair that shares it."""
    sides = {side: {city["id"]: city for city in run.instance[side]} for side in ("left", "right")}
    pairs = (run.result or {})["pairs"]
    names = dict(Country.objects.values_list("pk", "name"))

    def countries(side: str) -> list[Share]:
        places: Counter[str] = Counter()
        for city in sides[side].values():
            places[city["country"]] += city.get("capacity", 1)
        paired = Counter(sides[side][pair[side]]["country"] for pair in pairs)
        return _sorted(
            Share(names.get(code, code), paired[code], number) for code, number in places.items()
        )

    named: list[Counter[str]] = []
    for cities in sides.values():
        held: Counter[str] = Counter()
        for city in cities.values():
            held.update(dict.fromkeys(_topics(city), city.get("capacity", 1)))
        named.append(held)
    shared = Counter(
        topic
        for pair in pairs
        for topic in _topics(sides["left"][pair["left"]]) & _topics(sides["right"][pair["right"]])
    )
    # A pair has a city of either side: no more can share a topic than the side with fewer holds.
    possible = {topic: min(number, named[1][topic]) for topic, number in named[0].items()}
    words = dict(MainTopic.objects.filter(slug__in=possible).values_list("slug", "name"))
    return Balance(
        countries("left"),
        countries("right"),
        _sorted(
            Share(words.get(topic, topic), shared[topic], number)
            for topic, number in possible.items()
            if number
        ),
    )


def _topics(city: Mapping[str, Any]) -> set[str]:
    return {*city.get("topics", ()), *city.get("needs", ()), *city.get("offers", ())}


def _sorted(shares: Iterable[Share]) -> list[Share]:
    return sorted(shares, key=lambda share: (share.hundredths, -share.places, share.name))
