"""The input of a match: checked, sorted by id, turned into an instance.

Every refusal names the place in the file (`left[3].capacity`) and what to do about it.
"""

import math
from collections.abc import Iterable
from typing import Any

from pairings.matching.engine.instance import (
    LARGEST_CITY,
    City,
    Instance,
    Quota,
    check_locks,
    fail,
)
from pairings.matching.engine.weights import DEFAULT_WEIGHTS, MAX_SCORE, TERMS

MAX_CAPACITY = 1_000
MOST_PAIRS = 1_000_000
_INSTANCE_KEYS = {
    "left",
    "right",
    "weights",
    "min_score",
    "min_pairs",
    "locked",
    "forbidden",
    "conflicts",
    "quotas",
    "pairs_first",
    "scores",
}
_CITY_LISTS = (
    *("topics", "needs", "offers", "languages", "tags", "earlier_partners"),
    *("preferred_countries", "preferred_partners", "preferred_kinds"),
)
_CITY_KEYS = {
    *("id", "country", "kind", "capacity", "population", "need_weights", "preferred_population"),
    "wishes",
    *_CITY_LISTS,
}
# How much a need can count, as people say it: some, much, most.
MOST_WEIGHT = 3


def read_instance(data: Any) -> Instance:
    """Check decoded JSON and return the instance; MatchingInputError names what is wrong."""
    _require(isinstance(data, dict), "", "The file must hold one JSON object.")
    _no_unknown_keys(data, _INSTANCE_KEYS, "")
    left = _read_side(data, "left")
    right = _read_side(data, "right")
    left_at = {city.id: i for i, city in enumerate(left)}
    right_at = {city.id: i for i, city in enumerate(right)}
    locked = _read_pairs(data.get("locked", []), "locked", left_at, right_at)
    forbidden = _read_pairs(data.get("forbidden", []), "forbidden", left_at, right_at)
    both = sorted((left[i].id, right[j].id) for i, j in locked & forbidden)
    if both:
        fail(
            "locked",
            f"{both[0][0]} and {both[0][1]} are locked and forbidden; keep one of the two.",
        )
    left_quotas, right_quotas, limits = _read_quotas(data.get("quotas", {}), left, right)
    pairs_first = data.get("pairs_first", False)
    _require(isinstance(pairs_first, bool), "pairs_first", "Write true or false.")
    instance = Instance(
        left=left,
        right=right,
        weights=_read_weights(data.get("weights", {})),
        min_score=_whole(data.get("min_score", 0), "min_score", 0, MAX_SCORE),
        min_pairs=_whole(data.get("min_pairs", 0), "min_pairs", 0, MOST_PAIRS),
        locked=locked,
        forbidden=forbidden,
        conflicts=_read_conflicts(data.get("conflicts", []), left_at, right_at),
        left_quotas=left_quotas,
        right_quotas=right_quotas,
        country_pair_limits=limits,
        pairs_first=pairs_first,
        scores=_read_scores(data["scores"], left_at, right_at) if "scores" in data else None,
    )
    check_locks(instance)
    return instance


def _read_side(data: dict[str, Any], side: str) -> tuple[City, ...]:
    rows = data.get(side, ())
    _require(isinstance(rows, list), side, "List the cities of this side.")
    _require(bool(rows), side, "This side is empty; list at least one city.")
    cities = [_read_city(row, f"{side}[{k}]") for k, row in enumerate(rows)]
    seen: dict[str, int] = {}
    for k, city in enumerate(cities):
        if city.id in seen:
            fail(f"{side}[{k}].id", f"{city.id!r} stands already at {side}[{seen[city.id]}].")
        seen[city.id] = k
    return tuple(sorted(cities, key=lambda city: city.id))


def _read_city(row: Any, place: str) -> City:
    _require(isinstance(row, dict), place, "A city is a JSON object.")
    _no_unknown_keys(row, _CITY_KEYS, place)
    for key in ("id", "country"):
        _require(
            isinstance(row.get(key), str) and bool(row[key].strip()),
            f"{place}.{key}",
            "Write a text.",
        )
    sets = {key: _texts(row.get(key, []), f"{place}.{key}") for key in _CITY_LISTS}
    kind = row.get("kind", "")
    _require(isinstance(kind, str), f"{place}.kind", "Write a text.")
    return City(
        id=row["id"],
        country=row["country"],
        capacity=_whole(row.get("capacity", 1), f"{place}.capacity", 0, MAX_CAPACITY),
        population=_inhabitants(row.get("population"), f"{place}.population"),
        kind=kind.strip(),
        need_weights=_read_need_weights(row.get("need_weights", {}), sets["needs"], place),
        preferred_population=_read_range(row.get("preferred_population"), place),
        wishes=_read_wishes(row.get("wishes", {}), f"{place}.wishes"),
        **sets,
    )


def _inhabitants(value: Any, place: str) -> int | None:
    return None if value is None else _whole(value, place, 1, LARGEST_CITY)


def _read_need_weights(data: Any, needs: frozenset[str], place: str) -> dict[str, int]:
    place = f"{place}.need_weights"
    _require(isinstance(data, dict), place, 'Write {"topic": 2}.')
    for topic in sorted(data):
        _require(topic in needs, f"{place}.{topic}", "This topic is not among the needs.")
    return {
        topic: _whole(weight, f"{place}.{topic}", 1, MOST_WEIGHT)
        for topic, weight in sorted(data.items())
    }


def _read_wishes(data: Any, place: str) -> dict[str, bool]:
    ok = isinstance(data, dict) and all(isinstance(said, bool) for said in data.values())
    _require(ok, place, 'Write {"id of the other side": true}, or false for "would not".')
    return dict(sorted(data.items()))


def _read_range(data: Any, place: str) -> tuple[int | None, int | None]:
    place = f"{place}.preferred_population"
    if data is None:
        return (None, None)
    _require(isinstance(data, list) and len(data) == 2, place, "Write [from, to].")  # noqa: PLR2004
    low, high = (_inhabitants(value, place) for value in data)
    _require(low is None or high is None or low <= high, place, "from is above to.")
    return (low, high)


def _read_weights(weights: Any) -> dict[str, float]:
    _require(isinstance(weights, dict), "weights", "Write an object of criterion and number.")
    _no_unknown_keys(weights, set(TERMS), "weights")
    result = dict(DEFAULT_WEIGHTS) if not weights else dict.fromkeys(TERMS, 0.0)
    for key, value in weights.items():
        number = not isinstance(value, bool) and isinstance(value, int | float)
        ok = number and math.isfinite(value) and 0 <= value <= 1e6  # noqa: PLR2004
        _require(ok, f"weights.{key}", "Write a number from 0 to 1,000,000.")
        result[key] = float(value)
    _require(sum(result.values()) > 0, "weights", "At least one weight must be above 0.")
    return result


def _read_pairs(
    rows: Any, place: str, left_at: dict[str, int], right_at: dict[str, int]
) -> frozenset[tuple[int, int]]:
    _require(isinstance(rows, list), place, "Write a list of [left, right].")
    return frozenset(
        _read_pair(row, f"{place}[{k}]", left_at, right_at) for k, row in enumerate(rows)
    )


def _read_pair(
    row: Any, place: str, left_at: dict[str, int], right_at: dict[str, int]
) -> tuple[int, int]:
    _require(isinstance(row, list) and len(row) == 2, place, "Write [left id, right id].")  # noqa: PLR2004
    for name, side, known in ((row[0], "left", left_at), (row[1], "right", right_at)):
        _require(
            isinstance(name, str) and name in known, place, f"{name!r} is no id of the {side} side."
        )
    return left_at[row[0]], right_at[row[1]]


def _read_conflicts(
    rows: Any, left_at: dict[str, int], right_at: dict[str, int]
) -> tuple[tuple[tuple[int, int], tuple[int, int]], ...]:
    _require(isinstance(rows, list), "conflicts", "Write a list of [[left, right], [left, right]].")
    found = []
    for k, row in enumerate(rows):
        place = f"conflicts[{k}]"
        _require(isinstance(row, list) and len(row) == 2, place, "Write two pairs.")  # noqa: PLR2004
        one, other = (_read_pair(pair, place, left_at, right_at) for pair in row)
        _require(one != other, place, "Both pairs are the same; use forbidden instead.")
        found.append((min(one, other), max(one, other)))
    return tuple(sorted(set(found)))


def _read_quotas(
    data: Any, left: tuple[City, ...], right: tuple[City, ...]
) -> tuple[dict[str, Quota], dict[str, Quota], dict[tuple[str, str], int]]:
    _require(isinstance(data, dict), "quotas", "Write an object.")
    _no_unknown_keys(data, {"left_country", "right_country", "country_pair"}, "quotas")
    sides = []
    known = []
    for name, cities in (("left_country", left), ("right_country", right)):
        countries = {city.country for city in cities}
        rows = data.get(name, {})
        _require(isinstance(rows, dict), f"quotas.{name}", "Write an object of country and bounds.")
        sides.append(
            {
                country: _read_quota(row, f"quotas.{name}.{country}", country, countries)
                for country, row in sorted(rows.items())
            }
        )
        known.append(countries)
    limits: dict[tuple[str, str], int] = {}
    pairs = data.get("country_pair", {})
    _require(isinstance(pairs, dict), "quotas.country_pair", 'Write {"FR": {"IN": {"max": 2}}}.')
    for eu, row in sorted(pairs.items()):
        place = f"quotas.country_pair.{eu}"
        _require(eu in known[0], place, f"No city of the left side is in {eu!r}.")
        _require(isinstance(row, dict), place, 'Write {"IN": {"max": 2}}.')
        for partner, bounds in sorted(row.items()):
            quota = _read_quota(bounds, f"{place}.{partner}", partner, known[1])
            only_max = quota.minimum == 0 and quota.maximum is not None
            _require(only_max, f"{place}.{partner}", "Give a max alone.")
            limits[eu, partner] = quota.maximum or 0
    return sides[0], sides[1], limits


def _read_quota(row: Any, place: str, country: str, known: set[str]) -> Quota:
    _require(isinstance(row, dict), place, 'Write {"min": 0, "max": 3}.')
    _no_unknown_keys(row, {"min", "max"}, place)
    minimum = _whole(row.get("min", 0), f"{place}.min", 0, MOST_PAIRS)
    maximum = row.get("max")
    if maximum is not None:
        maximum = _whole(maximum, f"{place}.max", 0, MOST_PAIRS)
        _require(minimum <= maximum, place, f"min {minimum} is above max {maximum}.")
    # A minimum for a country without applicants is reported as unmet, not refused: that
    # nobody applied is news for staff, no mistake in the file. A maximum binds nobody then.
    _require(
        country in known or minimum > 0,
        place,
        f"No city is in {country!r}; remove the quota or mend the country.",
    )
    return Quota(minimum, maximum)


def _read_scores(
    rows: Any, left_at: dict[str, int], right_at: dict[str, int]
) -> dict[tuple[int, int], int]:
    _require(isinstance(rows, list), "scores", "Write a list of [left, right, score].")
    scores: dict[tuple[int, int], int] = {}
    for k, row in enumerate(rows):
        place = f"scores[{k}]"
        _require(isinstance(row, list) and len(row) == 3, place, "Write [left, right, score].")  # noqa: PLR2004
        pair = _read_pair(row[:2], place, left_at, right_at)
        _require(pair not in scores, place, f"{row[0]} and {row[1]} have a score already.")
        scores[pair] = _whole(row[2], place, 0, MAX_SCORE)
    return scores


def _texts(values: Any, place: str) -> frozenset[str]:
    ok = isinstance(values, list) and all(isinstance(value, str) for value in values)
    _require(ok, place, "Write a list of texts.")
    return frozenset(value.strip() for value in values if value.strip())


def _whole(value: Any, place: str, low: int, high: int) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
    _require(whole, place, f"Write a whole number from {low:,} to {high:,}, not {value!r}.")
    return int(value)


def _no_unknown_keys(row: dict[str, Any], known: Iterable[str], place: str) -> None:
    unknown = sorted(set(row) - set(known))
    if unknown:
        fail(
            f"{place}.{unknown[0]}".strip("."),
            f"Unknown name; known are {', '.join(sorted(known))}.",
        )


def _require(condition: bool, place: str, message: str) -> None:
    if not condition:
        fail(place, message)
