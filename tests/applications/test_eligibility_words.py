"""Every word and figure that the rules give, for each way an application can stand.

What is right stands in eligibility_words.json: all of "a city", and of the others what differs from
it. After a change of words on purpose, write it anew and read the difference:

    WRITE_WORDS=1 .venv/bin/python -m pytest tests/applications/test_eligibility_words.py
"""

import dataclasses
import datetime as dt
import json
import os
from pathlib import Path

import pytest
from django.utils.translation import override

from applications.eligibility import (
    ApplicantFacts,
    CallRules,
    JudgedCriterion,
    MemberFacts,
    RulingFacts,
    asks_for,
    evaluate,
    exceeds,
    instant_words,
    judge,
    shortfall,
    verdict,
)
from applications.states import Outcome, Ruling
from core.kit.days import BRUSSELS

WORDS = Path(__file__).with_name("eligibility_words.json")
OPENS = dt.datetime(2026, 10, 1, 9, 0, tzinfo=BRUSSELS)
CLOSES = dt.datetime(2026, 12, 10, 17, 0, tzinfo=BRUSSELS)
SENT = CLOSES - dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
RULES = CallRules(countries=frozenset({"HR", "ES"}), opens_at=OPENS, closes_at=CLOSES)


def changed(**values):
    return dataclasses.replace(RULES, **values)


PARTNERS = changed(countries=frozenset({"IN"}), min_population=None, side="partner")
REGIONS = changed(applicant_kinds=frozenset({"region"}), min_population=None)


def lead(**values):
    facts = {"name": "Dubrovnik", "country": "HR", "country_name": "Croatia", "is_lead": True}
    return MemberFacts(**{**facts, "population": 120_000, "year": 2021, "source": "c", **values})


def other(name="Konavle", **values):
    facts = {"population": 8_331, "committed": True, "is_lead": False, **values}
    return lead(name=name, **facts)


def one(*members, **values):
    contact = {"contact_name": "Ana", "contact_email": "ana@city.example", "sent_at": SENT}
    return ApplicantFacts(**{"members": members or (lead(),), **contact, **values})


def group(*members, **values):
    return one(*(members or (lead(), other())), kind="group", organisation_kind="group", **values)


def ruling(kind):
    return RulingFacts(kind, "Because.", released=False, by="Ilse", at=SENT)


STANDINGS = {
    "a city": (RULES, one()),
    "a draft": (RULES, one(sent_at=None, now=SENT)),
    "a draft before the opening": (RULES, one(sent_at=None, now=OPENS - SECOND)),
    "a draft at the opening": (RULES, one(sent_at=None, now=OPENS)),
    "a draft after the close": (RULES, one(sent_at=None, now=CLOSES + SECOND)),
    "sent in the last second": (RULES, one(sent_at=CLOSES + dt.timedelta(microseconds=9))),
    "sent a second late": (RULES, one(sent_at=CLOSES + SECOND)),
    "sent before the opening": (RULES, one(sent_at=OPENS - SECOND)),
    "no clock": (RULES, one(sent_at=None)),
    "a call without a close": (changed(closes_at=None), one()),
    "a call without an opening": (changed(opens_at=None), one()),
    "a call for nobody named": (changed(applicant_kinds=frozenset()), one()),
    "a call for groups alone": (changed(applicant_kinds=frozenset({"group"})), one()),
    "a call for cities alone": (changed(applicant_kinds=frozenset({"municipality"})), group()),
    "a metropolis where it may": (RULES, one(organisation_kind="metropolitan")),
    "a metropolis where it may not": (
        changed(applicant_kinds=frozenset({"municipality"})),
        one(organisation_kind="metropolitan"),
    ),
    "another body": (RULES, one(organisation_kind="other")),
    "a group of another body": (RULES, one(organisation_kind="other", kind="group")),
    "a region": (RULES, one(organisation_kind="region")),
    "a region with a call of its own": (
        changed(elsewhere="Regions 2026"),
        one(organisation_kind="region"),
    ),
    "a region where it may": (
        changed(applicant_kinds=frozenset({"region"})),
        one(organisation_kind="region"),
    ),
    "a group": (RULES, group()),
    "a group of three": (RULES, group(lead(), other(), other("Ston"))),
    "a group by its kind of body": (RULES, one(lead(), other(), organisation_kind="group")),
    "a group of one": (RULES, group(lead())),
    "a group of none": (RULES, dataclasses.replace(group(), members=())),
    "a group of two countries": (
        RULES,
        group(lead(), other("Neum", country="BA", country_name="Bosnia and Herzegovina")),
    ),
    "a country without a name": (
        RULES,
        group(lead(), other("Neum", country="BA", country_name="")),
    ),
    "named elsewhere, once": (
        changed(takes_part_once=True),
        one(also_in=(("Dubrovnik", "the application of Konavle"),), sent_at=None),
    ),
    "named elsewhere": (RULES, one(also_in=(("Dubrovnik", "C2C-1"), ("Konavle", "C2C-2")))),
    "a country off the list": (RULES, one(lead(country="CH", country_name="Switzerland"))),
    "no country": (RULES, one(lead(country=""))),
    "one country on the list": (changed(countries=frozenset({"HR"})), one()),
    "exactly the minimum": (RULES, one(lead(population=100_000))),
    "one more than the minimum": (RULES, one(lead(population=100_001))),
    "exactly the minimum, where it is enough": (
        changed(strict=False),
        one(lead(population=100_000)),
    ),
    "one too few, where the minimum is enough": (
        changed(strict=False),
        group(lead(population=90_000), other(population=9_999)),
    ),
    "no minimum": (changed(min_population=None), one(lead(population=None))),
    "asks for an exception": (RULES, one(lead(population=9), exception_reason="Visitors.")),
    "no figure": (RULES, one(lead(population=None))),
    "a lead without a figure": (RULES, group(lead(population=None), other(population=50_000))),
    "enough without the lead": (RULES, group(lead(population=None), other(population=100_001))),
    "enough, but without a source": (RULES, one(lead(source=""))),
    "enough, but without a year": (RULES, group(lead(year=None), other(year=None))),
    "too few and without a source": (RULES, one(lead(population=5, source=""))),
    "nobody leads": (RULES, group(lead(is_lead=False), other())),
    "no contact": (RULES, one(contact_name="")),
    "no address": (RULES, one(contact_email="")),
    "a contact from outside": (RULES, one(contact_outside="Ivo Ban")),
    "no letter": (RULES, group(lead(), other(committed=False), other("Ston"))),
    "a letter without an office": (RULES, group(lead(), other(office_named=False))),
    "no letter and no office": (
        RULES,
        group(
            lead(), other(committed=False, office_named=False), other("Ston", office_named=False)
        ),
    ),
    "a city whose letter lacks": (RULES, one(lead(committed=False))),
    "room for one more": (RULES, one(live_pairings=1, capacity=2)),
    "no room": (RULES, one(live_pairings=1, capacity=1)),
    "no room for several": (RULES, one(live_pairings=2, capacity=2)),
    "no capacity": (RULES, one(capacity=0)),
    "a partner city": (PARTNERS, one(lead(name="Panaji", country="IN"))),
    "a partner city of unknown size": (
        PARTNERS,
        one(lead(name="Panaji", country="IN", population=None, year=None, source="")),
    ),
    "a partner city elsewhere": (PARTNERS, one(lead(name="Osaka", country="JP"))),
    "a partner city where Europe applies": (
        dataclasses.replace(PARTNERS, takes_side=False),
        one(lead(name="Panaji", country="IN")),
    ),
    "a city where partners apply": (changed(takes_side=False), one(lead())),
    "a region alone where regions apply": (
        REGIONS,
        one(
            lead(name="Liguria", population=None, year=None, source=""), organisation_kind="region"
        ),
    ),
    "a city where regions apply": (REGIONS, one(lead())),
    "an agency where regions apply": (REGIONS, one(lead(), organisation_kind="other")),
}


def said(standing):
    """Return all that the rules say of a standing, as JSON keeps it."""
    rules, facts = STANDINGS[standing]
    results = evaluate(rules, facts)
    found = {str(result.key): result.as_json() for result in results}
    return json.loads(json.dumps({"verdict": str(verdict(results)), **found}))


def test_words_of_all_standings_are_those_on_file():
    usual = said("a city")
    now = {"a city": usual}
    for standing in STANDINGS:
        if standing != "a city":
            words = said(standing)
            assert list(words) == list(usual)
            now[standing] = {key: word for key, word in words.items() if word != usual[key]}
    if os.environ.get("WRITE_WORDS"):
        text = json.dumps(now, ensure_ascii=False, indent=1)
        WORDS.write_text(text + "\n", encoding="utf-8")
    assert now == json.loads(WORDS.read_text("utf-8"))


@pytest.mark.parametrize("standing", STANDINGS)
def test_some_criteria_alone_say_the_same(standing):
    rules, facts = STANDINGS[standing]
    whole = {result.key: result for result in evaluate(rules, facts)}
    for key, result in whole.items():
        assert evaluate(rules, facts, [key]) == [result]
    assert evaluate(rules, facts, []) == []


def test_rules_are_kept_and_read_back_whole():
    kept = {
        "applicant_kinds": ["group", "metropolitan", "municipality"],
        "countries": ["ES", "HR"],
        "min_population": 100_000,
        "strict": True,
        "takes_part_once": False,
        "opens_at": "2026-10-01T09:00:00+02:00",
        "closes_at": "2026-12-10T17:00:00+01:00",
        "side": "eu",
        "takes_side": True,
    }
    assert RULES.as_json() == kept
    assert CallRules.from_json(kept) == RULES
    assert CallRules.from_json(kept, elsewhere="There") == changed(elsewhere="There")
    before_sides = {name: kept[name] for name in kept if name not in ("side", "takes_side")}
    assert CallRules.from_json(before_sides) == RULES
    assert CallRules.from_json(PARTNERS.as_json()) == PARTNERS
    open_ended = changed(opens_at=None, closes_at=None, min_population=None, strict=False)
    assert open_ended.as_json()["opens_at"] is None
    assert open_ended.as_json()["closes_at"] is None
    assert CallRules.from_json(open_ended.as_json()) == open_ended


def test_facts_say_nothing_that_was_not_said():
    nothing = ApplicantFacts()
    assert (nothing.organisation_kind, nothing.kind) == ("municipality", "single")
    assert (nothing.lead, nothing.total, nothing.is_declared) == (None, 0, False)
    assert (nothing.live_pairings, nothing.capacity, nothing.is_group) == (0, 1, False)
    assert not any([nothing.contact_name, nothing.contact_email, nothing.contact_outside])
    assert (nothing.also_in, nothing.now, nothing.sent_at) == ((), None, None)
    assert not nothing.exception_reason
    bare = MemberFacts("Ston")
    assert (bare.country, bare.country_name, bare.source, bare.year) == ("", "", "", None)
    assert (bare.is_lead, bare.committed, bare.office_named, bare.documented) == (
        False,
        False,
        True,
        False,
    )
    rules = CallRules()
    assert (rules.min_population, rules.strict, rules.elsewhere) == (100_000, True, "")
    assert rules.applicant_kinds == {"municipality", "group", "metropolitan"}
    assert rules.countries == frozenset()


@pytest.mark.parametrize("facts", [RULES, lead(), one(), ruling("pass")])
def test_facts_are_never_written_over(facts):
    [first, *_others] = dataclasses.fields(facts)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(facts, first.name, None)


def test_results_are_never_written_over():
    [result] = evaluate(RULES, one(), ["room"])
    for frozen in (result, JudgedCriterion(result)):
        [first, *_others] = dataclasses.fields(frozen)
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(frozen, first.name, None)


def test_total_and_what_is_declared():
    facts = group(lead(population=5), other(population=None))
    assert (facts.total, facts.is_declared) == (5, False)
    facts = group(lead(population=5), other(population=7))
    assert (facts.total, facts.is_declared) == (12, True)
    assert facts.lead == lead(population=5)


@pytest.mark.parametrize(
    ("gone", "documented"),
    [({}, True), ({"source": ""}, False), ({"year": None}, False), ({"population": None}, False)],
)
def test_figure_is_documented_by_source_and_year(gone, documented):
    assert lead(**gone).documented is documented


@pytest.mark.parametrize(
    ("strict", "total", "enough", "short"),
    [
        (True, 99_999, False, 2),
        (True, 100_000, False, 1),
        (True, 100_001, True, 0),
        (False, 99_999, False, 1),
        (False, 100_000, True, 0),
    ],
)
def test_edges_of_the_minimum(strict, total, enough, short):
    rules = changed(strict=strict)
    assert exceeds(rules, total) is enough
    assert shortfall(rules, total) == short


def test_minimum_in_words():
    assert asks_for(changed()) == "More than 100,000 inhabitants"
    assert asks_for(changed(strict=False)) == "At least 100,000 inhabitants"
    assert asks_for(changed(min_population=None)) == "Any number of inhabitants"
    none = changed(min_population=None)
    assert (exceeds(none, 0), shortfall(none, 0)) == (True, 0)


def test_instants_are_in_brussels_to_the_second():
    with override("en-gb"):
        assert instant_words(CLOSES) == "10 December 2026, 17:00:00 Brussels time"


@pytest.mark.parametrize(
    ("rulings", "state", "is_met", "is_failed", "is_open"),
    [
        ([], "fail", False, True, False),
        ([Ruling.PASS], "pass", True, False, False),
        ([Ruling.WAIVE], "waive", True, False, False),
        ([Ruling.FAIL], "fail", False, True, False),
        ([Ruling.WAIVE, Ruling.FAIL], "waive", True, False, False),
    ],
)
def test_newest_ruling_counts(rulings, state, is_met, is_failed, is_open):
    results = evaluate(RULES, one(lead(population=9)), ["population"])
    [judged] = judge(results, {"population": [ruling(kind) for kind in rulings]})
    assert judged.result is results[0]
    assert judged.state == state
    assert (judged.is_met, judged.is_failed, judged.is_open) == (is_met, is_failed, is_open)
    assert (judged.ruling.ruling if rulings else judged.ruling) == (rulings[0] if rulings else None)


def test_ruling_of_another_criterion_does_not_count():
    [judged] = judge(evaluate(RULES, one(), ["room"]), {"kind": [ruling(Ruling.FAIL)]})
    assert (judged.rulings, judged.state) == ((), "pass")


def test_what_needs_a_human_is_open():
    [result] = evaluate(RULES, one(lead(population=None)), ["population"])
    judged = JudgedCriterion(result)
    assert (judged.is_open, judged.is_met, judged.is_failed) == (True, False, False)


@pytest.mark.parametrize(
    ("outcomes", "whole"),
    [
        ([], Outcome.PASS),
        ([Outcome.PASS, Outcome.PASS], Outcome.PASS),
        ([Outcome.PASS, Outcome.HUMAN], Outcome.HUMAN),
        ([Outcome.HUMAN, Outcome.FAIL, Outcome.PASS], Outcome.FAIL),
    ],
)
def test_whole_is_the_worst_of_all(outcomes, whole):
    [result] = evaluate(RULES, one(), ["room"])
    assert verdict(dataclasses.replace(result, outcome=outcome) for outcome in outcomes) == whole
