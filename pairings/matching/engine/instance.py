"""What a match is made of: cities, rules and the locks that can be kept."""

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pairings.matching.engine.weights import DEFAULT_WEIGHTS

IntArray = npt.NDArray[np.int64]

LARGEST_CITY = 1_000_000_000


class MatchingInputError(ValueError):
    """Input that cannot be matched. `place` names where in the file, e.g. `left[3].capacity`."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.place = place


@dataclass(frozen=True)
class City:
    """One city of either side. `population` is None where it is not known.

    A need weighs 1 to 3; one that `need_weights` does not name weighs 1. Each preference that
    is stated is a wish of its own: for countries, for partners by id, for kinds of body, for a
    number of inhabitants (from, to; None: no limit). `wishes` is what it has said of single cities
    of the other side after it saw their profiles: would like, or would not.
    """

    id: str
    country: str
    capacity: int = 1
    population: int | None = None
    topics: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    preferred_countries: frozenset[str] = frozenset()
    earlier_partners: frozenset[str] = frozenset()
    kind: str = ""
    need_weights: dict[str, int] = field(default_factory=dict)
    preferred_partners: frozenset[str] = frozenset()
    preferred_kinds: frozenset[str] = frozenset()
    preferred_population: tuple[int | None, int | None] = (None, None)
    wishes: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Quota:
    """Bounds on the number of pairs of a country. `maximum` None: no limit."""

    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True)
class Instance:
    """A checked match. Cities are sorted by id, pairs are index pairs into these lists.

    `scores` is None where they are computed from the cities, else maps (left, right) to
    0…10,000; a pair it does not hold is not allowed. `min_score` binds every pair but the locked
    ones; `min_pairs` is a minimum like those of the countries, over all pairs.
    """

    left: tuple[City, ...]
    right: tuple[City, ...]
    weights: dict[str, float] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))
    min_score: int = 0
    min_pairs: int = 0
    locked: frozenset[tuple[int, int]] = frozenset()
    forbidden: frozenset[tuple[int, int]] = frozenset()
    conflicts: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    left_quotas: dict[str, Quota] = field(default_factory=dict)
    right_quotas: dict[str, Quota] = field(default_factory=dict)
    country_pair_limits: dict[tuple[str, str], int] = field(default_factory=dict)
    pairs_first: bool = False
    scores: dict[tuple[int, int], int] | None = None

    @property
    def left_capacity(self) -> IntArray:
        """Capacities of the left side, shape (n,)."""
        return np.array([city.capacity for city in self.left], dtype=np.int64)

    @property
    def right_capacity(self) -> IntArray:
        """Capacities of the right side, shape (m,)."""
        return np.array([city.capacity for city in self.right], dtype=np.int64)

    @property
    def needs_milp(self) -> bool:
        """Whether a rule stands outside the network and asks for the general solver."""
        return bool(self.conflicts or self.country_pair_limits)

    @property
    def ranks_above_score(self) -> bool:
        """Whether an aim comes before the total score: a minimum, or as many pairs as can be."""
        quotas = [*self.left_quotas.values(), *self.right_quotas.values()]
        return self.pairs_first or self.min_pairs > 0 or any(quota.minimum for quota in quotas)


def check_locks(instance: Instance) -> None:
    """Refuse locks that no solution can hold: MatchingInputError says which and why."""
    _check_locked_capacity(instance)
    _check_locked_quotas(instance)
    for k, (one, other) in enumerate(instance.conflicts):
        if {one, other} <= instance.locked:
            fail(f"conflicts[{k}]", "both pairs are locked; unlock one of them.")
    if instance.scores is not None:
        for i, j in sorted(instance.locked - set(instance.scores)):
            fail(
                "locked",
                f"{instance.left[i].id} and {instance.right[j].id} have no entry in scores, "
                "so they may not be paired; add one.",
            )


def _check_locked_capacity(instance: Instance) -> None:
    for side, cities, at in (("left", instance.left, 0), ("right", instance.right, 1)):
        held = Counter(pair[at] for pair in instance.locked)
        for k in sorted(held):
            city = cities[k]
            if held[k] > city.capacity:
                fail(
                    "locked",
                    f"{city.id} ({side}) is in {held[k]} locked pairs, "
                    f"its capacity is {city.capacity}.",
                )


def _check_locked_quotas(instance: Instance) -> None:
    pairs = [
        (instance.left[i].country, instance.right[j].country) for i, j in sorted(instance.locked)
    ]
    for name, quotas, at in (
        ("left_country", instance.left_quotas, 0),
        ("right_country", instance.right_quotas, 1),
    ):
        held = Counter(pair[at] for pair in pairs)
        for country, quota in sorted(quotas.items()):
            if quota.maximum is not None and held[country] > quota.maximum:
                fail(
                    "locked",
                    f"{held[country]} locked pairs are of {country}, "
                    f"quotas.{name}.{country}.max is {quota.maximum}.",
                )
    both = Counter(pairs)
    for (eu, partner), limit in sorted(instance.country_pair_limits.items()):
        if both[eu, partner] > limit:
            fail(
                "locked",
                f"{both[eu, partner]} locked pairs are of {eu} with {partner}, "
                f"the limit is {limit}.",
            )


def breaks_outside(instance: Instance, pairs: AbstractSet[tuple[int, int]]) -> bool:
    """Whether pairs break a rule outside the network: a conflict, a limit of two countries."""
    if any(one in pairs and other in pairs for one, other in instance.conflicts):
        return True
    held = Counter((instance.left[i].country, instance.right[j].country) for i, j in pairs)
    return any(held[both] > limit for both, limit in instance.country_pair_limits.items())


def missing_units(instance: Instance, pairs: AbstractSet[tuple[int, int]]) -> int:
    """Return by how much all minimums together are missed."""
    missing = max(0, instance.min_pairs - len(pairs))
    for quotas, countries in (
        (instance.left_quotas, Counter(instance.left[i].country for i, _ in pairs)),
        (instance.right_quotas, Counter(instance.right[j].country for _, j in pairs)),
    ):
        missing += sum(max(0, quota.minimum - countries[name]) for name, quota in quotas.items())
    return missing


def fail(place: str, message: str) -> None:
    """Refuse the input at a place."""
    raise MatchingInputError(place, message)
