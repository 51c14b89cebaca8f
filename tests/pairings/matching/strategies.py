"""Small instances of every kind, for Hypothesis."""

from typing import Any

from hypothesis import strategies as st

from pairings.matching.engine import Instance, MatchingInputError, read_instance

LEFT_COUNTRIES, RIGHT_COUNTRIES = ["FR", "LV"], ["IN", "JP"]


def _quotas(countries: list[str], most: int) -> st.SearchStrategy[dict[str, Any]]:
    bounds = st.tuples(st.integers(0, most), st.integers(0, most)).map(
        lambda pair: {"min": min(pair), "max": max(pair)}
    )
    return st.dictionaries(st.sampled_from(countries), bounds, max_size=2)


@st.composite
def instances(draw: Any, *, outside: bool = False, size: int = 4) -> Instance:
    """Draw an instance with given scores; with `outside` also conflicts and country pairs."""
    n, m = draw(st.integers(1, size)), draw(st.integers(1, size))
    capacities = st.sampled_from([0, 1, 1, 1, 2])
    data: dict[str, Any] = {
        side: [
            {
                "id": f"{side[0]}{k}",
                "country": draw(st.sampled_from(countries)),
                "capacity": draw(capacities),
            }
            for k in range(count)
        ]
        for side, count, countries in (("left", n, LEFT_COUNTRIES), ("right", m, RIGHT_COUNTRIES))
    }
    cells = [[f"l{i}", f"r{j}"] for i in range(n) for j in range(m)]
    some = st.lists(st.sampled_from(cells), max_size=2, unique_by=tuple)
    # Few different scores: ties are the hard case.
    values = draw(
        st.lists(
            st.one_of(st.none(), st.integers(0, 6), st.integers(0, 10_000)),
            min_size=len(cells),
            max_size=len(cells),
        )
    )
    data["scores"] = [[*c, v] for c, v in zip(cells, values, strict=True) if v is not None]
    data["min_score"] = draw(st.sampled_from([0, 0, 2]))
    data["min_pairs"] = draw(st.sampled_from([0, 0, 0, 1, 2, 5]))
    data["pairs_first"] = draw(st.booleans())
    data["locked"], data["forbidden"] = draw(some), draw(some)
    data["quotas"] = {
        "left_country": draw(_quotas(LEFT_COUNTRIES, 4)),
        "right_country": draw(_quotas(RIGHT_COUNTRIES, 4)),
    }
    if outside:
        data["conflicts"] = [
            [one, other]
            for one, other in draw(
                st.lists(st.tuples(st.sampled_from(cells), st.sampled_from(cells)), max_size=2)
            )
            if one != other
        ]
        data["quotas"]["country_pair"] = {
            data["left"][0]["country"]: {
                data["right"][0]["country"]: {"max": draw(st.integers(0, 2))}
            }
        }
    present = {side: {city["country"] for city in data[side]} for side in ("left", "right")}
    for side in ("left", "right"):
        rows = data["quotas"][f"{side}_country"]
        data["quotas"][f"{side}_country"] = {
            c: q for c, q in rows.items() if c in present[side] or q["min"]
        }
    try:
        return read_instance(data)
    except MatchingInputError:
        # Locks that cannot hold are refused; tests of their own look at that.
        data["locked"] = []
        return read_instance(data)
