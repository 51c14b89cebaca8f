"""Scores against a slow, plain reference; and that they depend on two cities alone."""

import math
import random
from typing import Any

import numpy as np
import pytest

from pairings.matching.engine import Session, read_instance
from pairings.matching.engine.instance import City, Instance
from pairings.matching.engine.scoring import Scorer, rarity_weights
from pairings.matching.engine.weights import TERMS

pytestmark = pytest.mark.once

TOPICS = [f"topic {k}" for k in range(8)]
TAGS = ["port", "coastal", "mountain", "historic"]
LANGUAGES = ["en", "fr", "lv"]
KINDS = ["city", "group", "region"]


def instance(left: int = 7, right: int = 9, seed: int = 1, **more: Any) -> Instance:
    draw = random.Random(seed)

    def some(values: list[str]) -> list[str]:
        return draw.sample(values, draw.randint(0, len(values) // 2))

    def side(name: str, count: int, countries: list[str], wishes: list[str]) -> list[dict]:
        return [
            {
                "id": f"{name}{k}",
                "country": draw.choice(countries),
                "population": draw.choice([None, draw.randint(10_000, 5_000_000)]),
                "topics": some(TOPICS),
                "needs": (needs := some(TOPICS)),
                "need_weights": {topic: draw.randint(1, 3) for topic in needs[1:]},
                "offers": some(TOPICS),
                "languages": some(LANGUAGES),
                "tags": some(TAGS),
                "preferred_countries": some(wishes),
                "kind": draw.choice(KINDS),
                "preferred_kinds": some(KINDS),
                "preferred_partners": [f"{'r' if name == 'l' else 'l'}{draw.randint(0, 3)}"][
                    : draw.randint(0, 1)
                ],
                "preferred_population": draw.choice(
                    [None, [50_000, None], [None, 700_000], [50_000, 700_000]]
                ),
                "earlier_partners": ["r1", "nobody"] if name == "l" and k == 0 else [],
                "wishes": {
                    f"{'r' if name == 'l' else 'l'}{draw.randint(0, 6)}": draw.random() < 0.8
                    for _ in range(4)
                },
            }
            for k in range(count)
        ]

    return read_instance(
        {
            "left": side("l", left, ["FR", "LV"], ["IN", "JP"]),
            "right": side("r", right, ["IN", "JP"], ["FR", "LV"]),
            **more,
        }
    )


def reference(instance: Instance, a: City, b: City) -> dict[str, float]:
    """Return the terms of a pair, written from the definitions in docs/matching.md."""
    rarity = rarity_weights([*instance.left, *instance.right])

    def weight(topics: frozenset[str]) -> int:
        return sum(rarity[topic] for topic in topics)

    def needed(one: City, topics: frozenset[str]) -> int:
        return sum(rarity[topic] * one.need_weights.get(topic, 1) for topic in topics)

    directions = [
        needed(one, one.needs & other.offers) / needed(one, one.needs)
        for one, other in ((a, b), (b, a))
        if one.needs
    ]
    size = 0.0
    if a.population and b.population:
        size = max(0.0, 1 - abs(math.log10(a.population / b.population)))
    accepted = [met(one, other) for one, other in ((a, b), (b, a))]
    return {
        "themes": weight(a.topics & b.topics) / max(1, weight(a.topics | b.topics)),
        "needs_offers": sum(directions) / max(1, len(directions)),
        "size": size,
        "languages": float(bool(a.languages & b.languages)),
        "preferences": sum(accepted) / 2,
        "setting": len(a.tags & b.tags) / max(1, len(a.tags | b.tags)),
        "history": float(b.id in a.earlier_partners or a.id in b.earlier_partners),
        # Silence of both, or a "would not" of one, counts nothing.
        "wishes": {(True, True): 1, (True, None): 0.5, (None, True): 0.5}.get(
            (a.wishes.get(b.id), b.wishes.get(a.id)), 0
        ),
    }


def met(one: City, other: City) -> float:
    """Return the share of what one states that the other is; all of it where it states nothing."""
    low, high = one.preferred_population
    wishes = []
    if one.preferred_countries:
        wishes.append(other.country in one.preferred_countries)
    if one.preferred_kinds:
        wishes.append(other.kind in one.preferred_kinds)
    if one.preferred_partners:
        wishes.append(other.id in one.preferred_partners)
    if low or high:
        size = other.population
        wishes.append(size is not None and (low or 0) <= size <= (high or size))
    return sum(wishes) / len(wishes) if wishes else 1.0


@pytest.mark.parametrize("seed", range(5))
def test_terms_equal_the_reference(seed: int):
    match = instance(seed=seed)

    blocks = dict(zip(TERMS, Scorer(match).terms(0, len(match.left)), strict=True))

    for i, a in enumerate(match.left):
        for j, b in enumerate(match.right):
            for term, value in reference(match, a, b).items():
                assert blocks[term][i, j] == pytest.approx(value, abs=2e-6), (a.id, b.id, term)


def test_score_is_the_weighed_sum_in_points():
    match = instance(weights={"themes": 3, "size": 1})
    scores = Scorer(match).block(0, len(match.left))
    a, b = match.left[2], match.right[3]
    terms = reference(match, a, b)

    assert scores[2, 3] == pytest.approx(
        10_000 * (0.75 * terms["themes"] + 0.25 * terms["size"]), abs=1
    )


def test_scores_do_not_depend_on_the_block():
    match = instance(left=61, right=47)
    scorer = Scorer(match)
    whole = scorer.block(0, 61)

    for size in (1, 2, 7, 16, 60):
        parts = [scorer.block(k, min(61, k + size)) for k in range(0, 61, size)]
        assert np.array_equal(np.concatenate(parts), whole)


def test_rare_topics_weigh_more():
    cities = [
        City("a", "FR", topics=frozenset({"smart cities", "ports"})),
        City("b", "FR", topics=frozenset({"smart cities"})),
    ]

    weights = rarity_weights(cities)

    assert weights["ports"] > weights["smart cities"] >= 1


def test_sentence_names_what_counts():
    match = read_instance(
        {
            "left": [{"id": "Rijeka", "country": "HR", "topics": ["ports"], "population": 108_000}],
            "right": [{"id": "Kochi", "country": "IN", "topics": ["ports"], "population": 630_000}],
        }
    )

    sentence = Session(match).explain("Rijeka", "Kochi")

    assert sentence.startswith("Rijeka and Kochi: they share ports (3,000);")
    assert "each is what the other wishes for (1,000)" in sentence
    assert "they are of like size (234)" in sentence
