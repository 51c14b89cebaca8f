"""A run as one file: the instance, the result and what proves it.

The format stands in docs/matching.md; `python -m pairings.matching.verify` re-checks such a file.
"""

from collections.abc import Iterable
from typing import Any

from pairings.matching.engine.instance import City, Instance, Quota
from pairings.matching.engine.output import as_json
from pairings.matching.engine.sealing import FORMAT, digest, sealed
from pairings.matching.engine.session import Session

__all__ = ["as_file", "digest", "empty_file", "instance_json"]


def as_file(session: Session, left_ids: Iterable[str]) -> dict[str, Any]:
    """Return the sealed file of a session, with the alternatives of the named left cities."""
    result = as_json(session, left_ids)
    return sealed({"format": FORMAT, "instance": instance_json(session.instance), **result})


def empty_file(data: dict[str, Any], reason: str) -> dict[str, Any]:
    """Return the sealed file of an instance with an empty side: no pairs, and why."""
    nothing = {"pairs": [], "total_score": 0, "optimal": True, "reason": reason}
    return sealed({"format": FORMAT, "instance": data, **nothing})


def instance_json(instance: Instance) -> dict[str, Any]:
    """Return the instance as `read_instance` takes it, in one order and nothing left out."""
    left = [city.id for city in instance.left]
    right = [city.id for city in instance.right]

    def named(pair: tuple[int, int]) -> list[str]:
        return [left[pair[0]], right[pair[1]]]

    limits: dict[str, dict[str, Any]] = {}
    for (one, other), limit in sorted(instance.country_pair_limits.items()):
        limits.setdefault(one, {})[other] = {"max": limit}
    data = {
        "left": [_city(city) for city in instance.left],
        "right": [_city(city) for city in instance.right],
        "weights": instance.weights,
        "min_score": instance.min_score,
        "min_pairs": instance.min_pairs,
        "locked": [named(pair) for pair in sorted(instance.locked)],
        "forbidden": [named(pair) for pair in sorted(instance.forbidden)],
        "conflicts": [[named(one), named(other)] for one, other in instance.conflicts],
        "quotas": {
            "left_country": _quotas(instance.left_quotas),
            "right_country": _quotas(instance.right_quotas),
            "country_pair": limits,
        },
        "pairs_first": instance.pairs_first,
    }
    if instance.scores is not None:
        data["scores"] = [[*named(pair), score] for pair, score in sorted(instance.scores.items())]
    return data


def _city(city: City) -> dict[str, Any]:
    """Return what is said of a city; what nobody said is left out."""
    wished = list(city.preferred_population)
    said = {
        key: sorted(value) if isinstance(value, frozenset) else value
        for key, value in vars(city).items()
        if key != "preferred_population" and value
    }
    if wished != [None, None]:
        said["preferred_population"] = wished
    return said | {"capacity": city.capacity}


def _quotas(quotas: dict[str, Quota]) -> dict[str, dict[str, int]]:
    return {
        country: {"min": quota.minimum} | ({} if quota.maximum is None else {"max": quota.maximum})
        for country, quota in sorted(quotas.items())
    }
