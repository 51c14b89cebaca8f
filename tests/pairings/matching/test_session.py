"""A session: what staff see, change and ask again; and that nothing depends on order."""

import json
import random
from typing import Any

import pytest

from pairings.matching.engine import MatchingInputError, Session, read_instance
from pairings.matching.engine.instance import Quota
from pairings.matching.engine.output import as_json, summary

pytestmark = pytest.mark.once


def small(**more: Any) -> dict[str, Any]:
    return {
        "left": [
            {"id": "Riga", "country": "LV"},
            {"id": "Lyon", "country": "FR"},
            {"id": "Nice", "country": "FR"},
        ],
        "right": [{"id": "Kochi", "country": "IN"}, {"id": "Surat", "country": "IN"}],
        "scores": [
            ["Riga", "Kochi", 9000],
            ["Riga", "Surat", 8000],
            ["Lyon", "Kochi", 8500],
            ["Lyon", "Surat", 3000],
            ["Nice", "Surat", 500],
        ],
        **more,
    }


def session(**more: Any) -> Session:
    return Session(read_instance(small(**more)))


def test_best_total_is_not_the_best_pair_first():
    solution = session().solve()

    assert [(p.left, p.right) for p in solution.pairs] == [("Lyon", "Kochi"), ("Riga", "Surat")]
    assert solution.total_score == 16_500
    assert solution.optimal
    assert (solution.certificate.bound, solution.certificate.gap) == (16_500, 0)


def test_unpaired_city_is_told_why():
    (nice,) = session().solve().unmatched_left

    assert nice.id == "Nice"
    assert nice.reason == (
        "Its best allowed score is 500; its partners add more to the total elsewhere."
    )


def test_alternatives_say_what_they_cost():
    (kochi,) = session().alternatives("Riga")

    # Riga with Kochi leaves Lyon with Surat: 12,000 instead of 16,500.
    assert (kochi.right, kochi.score, kochi.regret, kochi.pairs_lost) == ("Kochi", 9000, 4500, 0)


def test_regret_of_a_pair_that_cannot_be_forced_has_a_reason():
    found = session(locked=[["Lyon", "Kochi"]], forbidden=[["Riga", "Surat"]])

    assert found.regret("Riga", "Surat").reason == "The pair is forbidden."
    assert found.regret("Nice", "Kochi").reason == "The input gives no score for this pair."
    assert found.regret("Riga", "Kochi").reason == (
        "Locked pairs (or a capacity of 0) leave no room for Kochi."
    )
    assert found.regret("Riga", "Kochi").regret is None


def test_blocking_pair_is_named():
    (blocking,) = session().solve().blocking_pairs

    assert (blocking.left, blocking.right, blocking.score) == ("Riga", "Kochi", 9000)


def test_changes_are_kept_and_solved_again():
    asked = session()
    asked.solve()

    asked.lock("Riga", "Kochi")
    assert asked.solve().total_score == 12_000
    asked.forbid("Lyon", "Surat")
    assert asked.solve().total_score == 9_500
    asked.unlock("Riga", "Kochi")
    assert asked.solve().total_score == 16_500
    asked.set_quota("left", "FR", Quota(maximum=0))
    assert asked.solve().total_score == 9_000
    asked.set_quota("left", "FR", None)
    asked.allow("Lyon", "Surat")
    assert asked.solve().total_score == 16_500


def test_a_change_that_cannot_hold_changes_nothing():
    asked = session()
    asked.lock("Riga", "Kochi")
    before = asked.instance

    for change in (
        lambda: asked.lock("Lyon", "Kochi"),
        lambda: asked.forbid("Riga", "Kochi"),
        lambda: asked.lock("Goa", "Kochi"),
        lambda: asked.set_quota("left", "LV", Quota(maximum=0)),
    ):
        with pytest.raises(MatchingInputError):
            change()
    assert asked.instance is before


def test_weights_are_weighed_anew():
    cities = small()
    del cities["scores"]
    cities["left"][0]["topics"] = cities["right"][1]["topics"] = ["ports"]
    asked = Session(read_instance(cities))
    asked.solve()

    asked.set_weights({"themes": 100.0, "preferences": 0.0})

    assert asked.regret("Riga", "Surat").regret == 0


def test_minimum_that_cannot_be_met_is_named():
    found = session(quotas={"left_country": {"LV": {"min": 2}, "MT": {"min": 1}}})

    latvia, malta = found.solve().unmet

    assert (
        latvia.reason
        == "LV's minimum of 2 cannot be met: 1 applicant with a capacity of 1 together."
    )
    assert (latvia.wanted, latvia.reached) == (2, 1)
    assert malta.reason.startswith("MT's minimum of 1 cannot be met: 0 applicants")


def test_a_minimum_is_worth_more_than_any_score():
    solution = session(quotas={"left_country": {"FR": {"min": 2}}}).solve()

    assert [(p.left, p.right) for p in solution.pairs] == [("Lyon", "Kochi"), ("Nice", "Surat")]
    assert solution.unmet == []


def test_pairs_first_makes_more_pairs_of_less_score():
    scores = [["Riga", "Kochi", 9000], ["Riga", "Surat", 10], ["Lyon", "Kochi", 10]]

    assert len(session(scores=scores).solve().pairs) == 1
    assert len(session(scores=scores, pairs_first=True).solve().pairs) == 2


def test_conflict_goes_to_the_general_solver():
    found = session(conflicts=[[["Lyon", "Kochi"], ["Riga", "Surat"]]])

    solution = found.solve()

    assert solution.total_score == 12_000
    assert solution.optimal
    assert found.regret("Lyon", "Kochi").regret == 12_000 - 9_000


def test_one_city_against_many():
    many = {
        "left": [{"id": "Riga", "country": "LV", "capacity": 2}],
        "right": [{"id": f"r{k:05d}", "country": "IN"} for k in range(10_000)],
        "scores": [["Riga", f"r{k:05d}", k % 9_999] for k in range(10_000)],
    }

    solution = Session(read_instance(many)).solve()

    assert [p.score for p in solution.pairs] == [9_997, 9_998]
    assert solution.optimal


def drawn(seed: int, count: int) -> dict[str, Any]:
    draw = random.Random(seed)
    topics = [f"t{k}" for k in range(6)]
    return {
        side: [
            {
                "id": f"{side}{k:03d}",
                "country": draw.choice(countries),
                "capacity": draw.choice([1, 1, 2]),
                "topics": draw.sample(topics, 2),
                "needs": draw.sample(topics, 2),
                "offers": draw.sample(topics, 2),
            }
            for k in range(count)
        ]
        for side, countries in (("left", ["FR", "LV"]), ("right", ["IN", "JP"]))
    } | {"quotas": {"right_country": {"IN": {"max": 40}}, "left_country": {"LV": {"min": 5}}}}


@pytest.mark.parametrize("limit", [0, 60_000])
def test_output_is_the_same_byte_for_byte(monkeypatch: pytest.MonkeyPatch, limit: int):
    monkeypatch.setattr("pairings.matching.engine.optimum.SMALL", limit)
    monkeypatch.setattr("pairings.matching.engine.optimum.PER_ROW", 5)
    data = drawn(3, 80)

    def run(rows: dict[str, Any], block: int) -> str:
        asked = Session(read_instance(rows), block=block)
        return json.dumps(as_json(asked, ["left000", "left041"]))

    first = run(data, 256)
    for seed, block in ((1, 7), (2, 80), (3, 1)):
        draw = random.Random(seed)
        rows = data | {side: draw.sample(data[side], 80) for side in ("left", "right")}
        assert run(rows, block) == first


def test_summary_reads_well():
    text = summary(session(quotas={"left_country": {"LV": {"min": 2}}}))

    assert text.startswith(
        "2 pairs, total score 16,500.\nProved optimal over all pairs: bound 16,500"
    )
    assert "  8,500  Lyon  Kochi" in text
    assert "Without a partner, left side: 1\n  Nice: Its best allowed score is 500" in text
    assert "Rules that could not be met\n  LV's minimum of 2 cannot be met" in text
