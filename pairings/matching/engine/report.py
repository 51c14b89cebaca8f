"""What a solution says beside its pairs: who stays alone and why, what staff may question."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pairings.matching.engine.instance import City, Instance, Quota
from pairings.matching.engine.optimum import Certificate
from pairings.matching.engine.table import ScoreTable
from pairings.matching.engine.weights import MAX_SCORE

# The list is for reading; the count is of all.
LISTED_BLOCKING = 200
WORST = 5
Indexed = list[tuple[int, int, int]]


@dataclass(frozen=True)
class Pair:
    """A pair of the match."""

    left: str
    right: str
    score: int
    locked: bool


@dataclass(frozen=True)
class Unmatched:
    """A city without a partner and why."""

    id: str
    reason: str


@dataclass(frozen=True)
class Unmet:
    """A rule that could not be met: by how much, and why."""

    rule: str
    wanted: int
    reached: int
    reason: str

    @property
    def missing(self) -> int:
        """Return how much is missing."""
        return self.wanted - self.reached


@dataclass(frozen=True)
class Blocking:
    """An allowed pair that is not in the match though each side would gain by its own score."""

    left: str
    right: str
    score: int


@dataclass(frozen=True)
class Solution:
    """A match with its proof; what explains it is found when it is asked for.

    `table` holds the scores under the rules of `instance`.
    """

    instance: Instance
    table: ScoreTable
    pairs: list[Pair]
    optimal: bool
    certificate: Certificate

    @property
    def total_score(self) -> int:
        """Sum of the scores of the pairs."""
        return sum(pair.score for pair in self.pairs)

    @cached_property
    def chosen(self) -> Indexed:
        """The pairs as (left index, right index, score)."""
        left = {city.id: i for i, city in enumerate(self.instance.left)}
        right = {city.id: j for j, city in enumerate(self.instance.right)}
        return [(left[p.left], right[p.right], p.score) for p in self.pairs]

    @cached_property
    def unmatched_left(self) -> list[Unmatched]:
        """The left cities without a partner."""
        return unmatched(self.instance, self.table, self.chosen, "left")

    @cached_property
    def unmatched_right(self) -> list[Unmatched]:
        """The right cities without a partner."""
        return unmatched(self.instance, self.table, self.chosen, "right")

    @cached_property
    def unmet(self) -> list[Unmet]:
        """The minimums that are not reached."""
        return unmet_rules(self.instance, self.table, self.chosen)

    @property
    def blocking_pairs(self) -> list[Blocking]:
        """Pairs both sides would rather have, the LISTED_BLOCKING of highest score."""
        return self._blocking[0]

    @property
    def blocking_count(self) -> int:
        """How many pairs both sides would rather have."""
        return self._blocking[1]

    @cached_property
    def _blocking(self) -> tuple[list[Blocking], int]:
        return blocking_pairs(self.instance, self.table, self.chosen)

    def worst_off(self, side: str = "left", count: int = WORST) -> list[Pair]:
        """Return each side's pairs of lowest score: the cities that got least."""
        best: dict[str, Pair] = {}
        for pair in self.pairs:
            key = pair.left if side == "left" else pair.right
            if key not in best or pair.score > best[key].score:
                best[key] = pair
        return sorted(best.values(), key=lambda p: (p.score, p.left, p.right))[:count]


def unmatched(instance: Instance, table: ScoreTable, chosen: Indexed, side: str) -> list[Unmatched]:
    """Return the cities of a side without a partner, each with the reason, by id."""
    left = side == "left"
    cities = instance.left if left else instance.right
    paired = {(row[0] if left else row[1]) for row in chosen}
    alone = [k for k in range(len(cities)) if k not in paired]
    if not alone:
        return []
    best = _best_allowed(table, left=left)
    quotas = instance.left_quotas if left else instance.right_quotas
    used = Counter(cities[row[0] if left else row[1]].country for row in chosen)
    return [
        Unmatched(cities[k].id, _why_alone(cities[k], int(best[k]), quotas, used)) for k in alone
    ]


def _why_alone(city: City, best: int, quotas: dict[str, Quota], used: Counter[str]) -> str:
    if city.capacity == 0:
        return "Its capacity is 0."
    if best < 0:
        return (
            "No partner is allowed: every pair is forbidden, unlisted or below the minimum score."
        )
    quota = quotas.get(city.country)
    if quota is not None and quota.maximum is not None and used[city.country] >= quota.maximum:
        return f"The maximum of {quota.maximum} for {city.country} is used up."
    return f"Its best allowed score is {best:,}; its partners add more to the total elsewhere."


def _best_allowed(table: ScoreTable, *, left: bool) -> np.ndarray:
    n, m = table.shape
    best = np.full(n if left else m, -1, dtype=np.int64)
    for start, rows in table.blocks():
        if left:
            best[start : start + len(rows)] = rows.max(axis=1)
        else:
            np.maximum(best, rows.max(axis=0), out=best)
    return best


def unmet_rules(instance: Instance, table: ScoreTable, chosen: Indexed) -> list[Unmet]:
    """Return the minimums the match does not reach, by name and with the reason."""
    found = []
    for name, quotas, cities, at in (
        ("left_country", instance.left_quotas, instance.left, 0),
        ("right_country", instance.right_quotas, instance.right, 1),
    ):
        counts = Counter(cities[row[at]].country for row in chosen)
        for country, quota in sorted(quotas.items()):
            if counts[country] < quota.minimum:
                found.append(
                    Unmet(
                        rule=f"quotas.{name}.{country}.min",
                        wanted=quota.minimum,
                        reached=counts[country],
                        reason=_why_unmet(country, quota.minimum, cities, table, left=at == 0),
                    )
                )
    return found + _too_few(instance, chosen)


def _too_few(instance: Instance, chosen: Indexed) -> list[Unmet]:
    """Return the least number of pairs where it is not reached."""
    if len(chosen) >= instance.min_pairs:
        return []
    reason = (
        f"{instance.min_pairs:,} pairs cannot be made: capacities, bans, quotas, higher minimums "
        "and the minimum score leave no room for more."
    )
    return [Unmet("min_pairs", instance.min_pairs, len(chosen), reason)]


def _why_unmet(
    country: str, minimum: int, cities: tuple[City, ...], table: ScoreTable, *, left: bool
) -> str:
    own = [k for k, city in enumerate(cities) if city.country == country]
    head = f"{country}'s minimum of {minimum} cannot be met"
    capacity = sum(cities[k].capacity for k in own)
    if capacity < minimum:
        cities_word = "applicant" if len(own) == 1 else "applicants"
        return f"{head}: {len(own)} {cities_word} with a capacity of {capacity} together."
    best = _best_allowed(table, left=left)
    willing = sum(cities[k].capacity for k in own if best[k] >= 0)
    if willing < minimum:
        return f"{head}: its cities with an allowed partner have a capacity of {willing} together."
    return f"{head}: other capacities, locks, bans and quotas leave no room for more."


def blocking_pairs(
    instance: Instance, table: ScoreTable, chosen: Indexed
) -> tuple[list[Blocking], int]:
    """Return pairs both sides would rather have, highest score first, and how many there are.

    Allowed, not in the match, and each side has room (capacity and its country's quota) or a
    partner of lower score (Gale and Shapley, "College admissions and the stability of
    marriage", American Mathematical Monthly 69, 1962). Locked pairs are not given up.
    """
    n, m = table.shape
    left_floor = _floors(instance, chosen, n, at=0)
    right_floor = _floors(instance, chosen, m, at=1)
    taken: dict[int, list[int]] = {}
    for i, j, _ in chosen:
        taken.setdefault(i, []).append(j)
    count = 0
    found: list[tuple[int, int, int]] = []
    for start, rows in table.blocks():
        for i in range(start, start + len(rows)):
            if i in taken:
                rows[i - start, taken[i]] = -1
        block = (rows > left_floor[start : start + len(rows), None]) & (rows > right_floor)
        block &= rows >= 0
        count += int(block.sum())
        row, column = np.nonzero(block)
        score = rows[row, column].astype(np.int64)
        found += zip((-score).tolist(), (row + start).tolist(), column.tolist(), strict=True)
        found = sorted(found)[:LISTED_BLOCKING]
    return [Blocking(instance.left[i].id, instance.right[j].id, -s) for s, i, j in found], count


def _floors(instance: Instance, chosen: Indexed, size: int, *, at: int) -> np.ndarray:
    """Return the score a new partner must beat, per city: -1 where there is room."""
    cities = instance.left if at == 0 else instance.right
    quotas = instance.left_quotas if at == 0 else instance.right_quotas
    held = Counter(row[at] for row in chosen)
    used = Counter(cities[row[at]].country for row in chosen)
    floor = np.full(size, MAX_SCORE, dtype=np.int64)
    for row in chosen:
        if (row[0], row[1]) not in instance.locked:
            floor[row[at]] = min(floor[row[at]], row[2])
    for k, city in enumerate(cities):
        quota = quotas.get(city.country)
        free = quota is None or quota.maximum is None or used[city.country] < quota.maximum
        if held[k] < city.capacity and free:
            floor[k] = -1
    return floor
