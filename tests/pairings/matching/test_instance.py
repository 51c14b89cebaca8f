"""Bad input: what is wrong and where, in words."""

import math
from typing import Any

import pytest

from pairings.matching.engine import MatchingInputError, read_instance

pytestmark = pytest.mark.once


def data(**changes: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "left": [
            {"id": "Riga", "country": "LV", "population": 605_802},
            {"id": "Lyon", "country": "FR"},
        ],
        "right": [{"id": "Panaji", "country": "IN"}, {"id": "Kochi", "country": "IN"}],
    }
    return base | changes


def city(**changes: Any) -> list[dict[str, Any]]:
    return [{"id": "Riga", "country": "LV"} | changes]


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"left": []}, "left", "empty"),
        ({"right": None}, "right", "List the cities"),
        ({"left": ["Riga"]}, "left[0]", "JSON object"),
        ({"left": city(id="")}, "left[0].id", "text"),
        ({"left": city(country=None)}, "left[0].country", "text"),
        ({"left": city(capacity=-1)}, "left[0].capacity", "0 to 1,000"),
        ({"left": city(capacity=1.5)}, "left[0].capacity", "whole number"),
        ({"left": city(capacity=True)}, "left[0].capacity", "whole number"),
        ({"left": city(population=-5)}, "left[0].population", "-5"),
        ({"left": city(population=0)}, "left[0].population", "1 to"),
        ({"left": city(population="100 000")}, "left[0].population", "whole number"),
        ({"left": city(topics="water")}, "left[0].topics", "list of texts"),
        ({"left": city(mayor="A")}, "left[0].mayor", "Unknown name"),
        ({"left": city() + city()}, "left[1].id", "stands already at left[0]"),
        ({"weights": {"themes": math.nan}}, "weights.themes", "number"),
        ({"weights": {"themes": math.inf}}, "weights.themes", "number"),
        ({"weights": {"themes": -1}}, "weights.themes", "number"),
        ({"weights": {"magic": 1}}, "weights.magic", "Unknown name"),
        ({"weights": {"themes": 0}}, "weights", "above 0"),
        ({"min_score": 10_001}, "min_score", "10,000"),
        ({"pairs_first": "yes"}, "pairs_first", "true or false"),
        ({"locked": [["Riga", "Goa"]]}, "locked[0]", "'Goa' is no id of the right side"),
        ({"locked": [["Panaji", "Riga"]]}, "locked[0]", "'Panaji' is no id of the left side"),
        ({"forbidden": [["Riga"]]}, "forbidden[0]", "[left id, right id]"),
        (
            {"locked": [["Riga", "Panaji"]], "forbidden": [["Riga", "Panaji"]]},
            "locked",
            "locked and forbidden",
        ),
        (
            {"locked": [["Riga", "Panaji"], ["Riga", "Kochi"]]},
            "locked",
            "Riga (left) is in 2 locked pairs, its capacity is 1",
        ),
        (
            {
                "locked": [["Riga", "Panaji"]],
                "quotas": {"right_country": {"IN": {"max": 0}}},
            },
            "locked",
            "quotas.right_country.IN.max is 0",
        ),
        (
            {
                "locked": [["Riga", "Panaji"]],
                "quotas": {"country_pair": {"LV": {"IN": {"max": 0}}}},
            },
            "locked",
            "LV with IN",
        ),
        ({"quotas": {"left_country": {"XX": {"max": 1}}}}, "quotas.left_country.XX", "No city"),
        (
            {"quotas": {"left_country": {"LV": {"min": 2, "max": 1}}}},
            "quotas.left_country.LV",
            "min 2 is above max 1",
        ),
        ({"quotas": {"continent": {}}}, "quotas.continent", "Unknown name"),
        ({"quotas": {"country_pair": {"LV": {"IN": {"min": 1, "max": 2}}}}}, "quotas", "max alone"),
        ({"scores": [["Riga", "Panaji"]]}, "scores[0]", "[left, right, score]"),
        ({"scores": [["Riga", "Panaji", 10_001]]}, "scores[0]", "10,000"),
        ({"scores": [["Riga", "Panaji", 1], ["Riga", "Panaji", 2]]}, "scores[1]", "already"),
        (
            {"scores": [], "locked": [["Riga", "Panaji"]]},
            "locked",
            "no entry in scores",
        ),
        ({"conflicts": [[["Riga", "Panaji"], ["Riga", "Panaji"]]]}, "conflicts[0]", "the same"),
        ({"speed": 1}, "speed", "Unknown name"),
    ],
)
def test_bad_input_names_the_place(changes: dict[str, Any], place: str, words: str):
    with pytest.raises(MatchingInputError) as refused:
        read_instance(data(**changes))

    assert refused.value.place.startswith(place)
    assert words in str(refused.value)


def test_what_is_no_object_is_refused():
    with pytest.raises(MatchingInputError, match="one JSON object"):
        read_instance([])


def test_legal_edges_are_read():
    instance = read_instance(
        data(
            left=city(capacity=0, population=None),
            quotas={"left_country": {"MT": {"min": 1}}},
        )
    )

    assert instance.left[0].capacity == 0
    assert instance.left[0].population is None
    assert instance.left_quotas["MT"].minimum == 1


def test_rows_are_sorted_by_id():
    assert [c.id for c in read_instance(data()).left] == ["Lyon", "Riga"]
