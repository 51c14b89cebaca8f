"""Why two cities fit, in words."""

from dataclasses import replace

from pairings.matching.engine.instance import City
from pairings.matching.reasons import (
    Names,
    Pair,
    Party,
    reason_of,
    sentence_of,
    terms_in_words,
)

NAMES = Names(
    topics={"water": "Water", "ports": "Ports and logistics", "sdg": "SDGs in the city"},
    tags={"river": "River city"},
    languages={"en": "English"},
    countries={"IN": "India"},
)
RIGA = City(
    "riga",
    "LV",
    population=600_000,
    topics=frozenset({"water", "ports", "sdg"}),
    needs=frozenset({"water"}),
    offers=frozenset({"ports"}),
    languages=frozenset({"en"}),
    tags=frozenset({"river"}),
    preferred_countries=frozenset({"IN"}),
)
KOCHI = City(
    "kochi",
    "IN",
    population=900_000,
    topics=frozenset({"water", "ports", "sdg"}),
    needs=frozenset({"ports", "sdg"}),
    offers=frozenset({"water"}),
    languages=frozenset({"en"}),
    tags=frozenset({"river"}),
    earlier_partners=frozenset({"riga"}),
)


def pair(left=RIGA, right=KOCHI):
    return Pair(Party("Riga", left), Party("Kochi", right), NAMES)


def test_reason_begins_with_what_both_share_and_tells_no_wish():
    assert reason_of(pair()) == (
        "Riga and Kochi both work on ports and logistics, SDGs in the city and water. "
        "Riga can share what it knows of ports and logistics, which Kochi looks for. "
        "Kochi can share what it knows of water, which Riga looks for. "
        "Both call themselves: river city. The two are of similar size. "
        "Both work in English. They have worked together before."
    )


def test_reason_of_cities_of_which_nothing_is_known():
    assert reason_of(pair(City("riga", "LV"), City("kochi", "IN"))) == (
        "Riga and Kochi could learn from each other."
    )


def test_sentence_says_what_gives_most_and_no_wish_that_nobody_has():
    points = {"themes": 3000, "preferences": 1000, "languages": 800, "size": 0, "history": 500}
    assert sentence_of(pair(), points) == (
        "Both name ports and logistics, SDGs in the city and water; they meet what the other "
        "wished for; both work in English."
    )
    silent = replace(RIGA, preferred_countries=frozenset())
    assert "wished for" not in sentence_of(pair(left=silent), points)


def test_each_term_says_what_it_counts_and_what_is_not_met():
    points = {"needs_offers": 1500, "size": 800, "preferences": 1000, "wishes": 500, "history": 500}
    said = terms_in_words(pair(), points, {"wishes": 1000})
    assert said == {
        "needs_offers": (
            "Riga offers ports and logistics, which Kochi needs. Kochi offers water, which Riga "
            "needs. Not met: what Kochi needs of SDGs in the city."
        ),
        "size": "600,000 and 900,000 inhabitants: one is 1.5 times as large.",
        "preferences": "Riga asked for India (met). Kochi is content with anybody.",
        "wishes": "One would like the other, who has said nothing.",
        "history": "They have worked together before.",
    }


def test_terms_without_data_say_so():
    said = terms_in_words(
        pair(City("riga", "LV"), City("kochi", "IN")), dict.fromkeys(("size", "setting"), 0), {}
    )
    assert said == {
        "size": "Inhabitants are not known: Riga and Kochi.",
        "setting": "Neither has said what kind of city it is.",
    }
