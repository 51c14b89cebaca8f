"""The match by trying everything: the measure of the engine on small instances."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from pairings.matching.engine.instance import Instance

Key = tuple[int, ...]


@dataclass(frozen=True)
class Best:
    """The best solution by brute force."""

    key: Key
    score: int
    pairs: int
    missing: int


def best_match(instance: Instance, scores: dict[tuple[int, int], int]) -> Best | None:
    """Return the best match, None where not even the locked pairs fit.

    `scores` holds every pair the input allows, before bans and the minimum score.
    """
    best: Best | None = None
    for pairs in matches(instance, scores):
        if not keeps_rules(instance, pairs):
            continue
        missing = _missing(instance, pairs)
        score = sum(scores[pair] for pair in pairs)
        middle = (len(pairs), score) if instance.pairs_first else (score, len(pairs))
        key = (-missing, *middle)
        if best is None or key > best.key:
            best = Best(key, score, len(pairs), missing)
    return best


def matches(
    instance: Instance, scores: dict[tuple[int, int], int]
) -> Iterator[frozenset[tuple[int, int]]]:
    """Yield every match of allowed pairs within capacities, the locked pairs in it."""
    open_ = [
        pair
        for pair, score in sorted(scores.items())
        if pair not in instance.forbidden
        and pair not in instance.locked
        and score >= instance.min_score
    ]
    rows: dict[int, list[tuple[int, int]]] = {}
    for pair in open_:
        rows.setdefault(pair[0], []).append(pair)

    def grow(
        left: list[int], chosen: frozenset[tuple[int, int]]
    ) -> Iterator[frozenset[tuple[int, int]]]:
        if not left:
            yield chosen
            return
        i, rest = left[0], left[1:]
        room = instance.left[i].capacity - sum(pair[0] == i for pair in chosen)
        for count in range(max(0, room) + 1):
            for some in combinations(rows[i], count):
                both = chosen | set(some)
                if all(
                    sum(pair[1] == j for pair in both) <= instance.right[j].capacity
                    for _, j in some
                ):
                    yield from grow(rest, both)

    yield from grow(sorted(rows), frozenset(instance.locked))


def keeps_rules(instance: Instance, pairs: frozenset[tuple[int, int]]) -> bool:
    """Return whether maximums, limits and conflicts hold."""
    for quotas, countries in (
        (instance.left_quotas, [instance.left[i].country for i, _ in pairs]),
        (instance.right_quotas, [instance.right[j].country for _, j in pairs]),
    ):
        for country, quota in quotas.items():
            if quota.maximum is not None and countries.count(country) > quota.maximum:
                return False
    both = [(instance.left[i].country, instance.right[j].country) for i, j in pairs]
    if any(both.count(pair) > limit for pair, limit in instance.country_pair_limits.items()):
        return False
    return not any({one, other} <= pairs for one, other in instance.conflicts)


def _missing(instance: Instance, pairs: frozenset[tuple[int, int]]) -> int:
    left = [instance.left[i].country for i, _ in pairs]
    right = [instance.right[j].country for _, j in pairs]
    return max(0, instance.min_pairs - len(pairs)) + sum(
        max(0, quota.minimum - countries.count(country))
        for quotas, countries in ((instance.left_quotas, left), (instance.right_quotas, right))
        for country, quota in quotas.items()
    )
