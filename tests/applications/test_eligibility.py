"""Every criterion, each outcome, at its edges."""

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.eligibility import (
    ApplicantFacts,
    CallRules,
    JudgedCriterion,
    MemberFacts,
    RulingFacts,
    asks_for,
    evaluate,
    judge,
    shortfall,
    verdict,
)
from applications.states import Criterion, Outcome, Ruling
from applications.templatetags.applications_pages import judged_mark
from core.kit.days import BRUSSELS

CLOSES = dt.datetime(2026, 12, 10, 17, 0, 0, tzinfo=BRUSSELS)
OPENS = dt.datetime(2026, 10, 1, 9, 0, 0, tzinfo=BRUSSELS)
RULES = CallRules(countries=frozenset({"HR", "ES"}), opens_at=OPENS, closes_at=CLOSES)


def member(name="Dubrovnik", population=120_000, **values):
    values = {
        "country": "HR",
        "country_name": "Croatia",
        "year": 2021,
        "source": "census",
        "is_lead": False,
        **values,
    }
    return MemberFacts(name=name, population=population, **values)


def city(population=120_000, **values):
    lead = member(population=population, is_lead=True)
    return ApplicantFacts(
        **{
            "members": (lead,),
            "contact_name": "Ana",
            "contact_email": "ana@city.example",
            "sent_at": CLOSES - dt.timedelta(days=1),
            **values,
        }
    )


def group(*members, **values):
    return city(kind="group", organisation_kind="group", members=members, **values)


def lead(**values):
    return member(is_lead=True, **values)


def zupa(**values):
    return member("Župa Dubrovačka", **{"population": 8_331, "committed": True, **values})


def one(key, facts, rules=RULES):
    [result] = evaluate(rules, facts, [key])
    return result.outcome, result.sentence


def test_all_criteria_come_in_order():
    assert [r.key for r in evaluate(RULES, city())] == list(Criterion)
    assert verdict(evaluate(RULES, city())) == Outcome.PASS


def test_every_result_is_json_with_words():
    for result in evaluate(RULES, group(lead(), zupa())):
        assert set(result.as_json()) == {"key", "title", "rule", "outcome", "sentence", "facts"}
        assert result.title
        assert result.rule
        assert result.sentence


# Kind -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "outcome", "words"),
    [
        ("municipality", Outcome.PASS, "One city"),
        ("metropolitan", Outcome.PASS, "One city"),
        ("region", Outcome.FAIL, "Regions, provinces and other sub-national"),
        ("other", Outcome.HUMAN, "whether this body acts for one"),
    ],
)
def test_kind_of_organisation(kind, outcome, words):
    result = one(Criterion.KIND, city(organisation_kind=kind))
    assert result[0] == outcome
    assert words in result[1]


def test_region_is_told_where_to_go():
    rules = dataclasses.replace(RULES, elsewhere="Regions together 2026")
    _outcome, words = one(Criterion.KIND, city(organisation_kind="region"), rules)
    assert "You can apply to “Regions together 2026”." in words
    assert "support the application of a city" in words


def test_region_without_open_call_is_told_of_the_strand():
    _outcome, words = one(Criterion.KIND, city(organisation_kind="region"))
    assert "The calls for inter-regional cooperation are for you." in words


def test_region_may_apply_where_the_call_says_so():
    rules = dataclasses.replace(RULES, applicant_kinds=frozenset({"region"}))
    assert one(Criterion.KIND, city(organisation_kind="region"), rules)[0] == Outcome.PASS
    assert one(Criterion.KIND, city(), rules)[0] == Outcome.FAIL


def test_metropolitan_body_off_the_list_is_judged_by_a_human():
    rules = dataclasses.replace(RULES, applicant_kinds=frozenset({"municipality"}))
    facts = city(organisation_kind="metropolitan")
    assert one(Criterion.KIND, facts, rules)[0] == Outcome.HUMAN


def test_groups_are_refused_where_only_single_cities_apply():
    rules = dataclasses.replace(RULES, applicant_kinds=frozenset({"municipality"}))
    assert one(Criterion.KIND, group(lead(), zupa()), rules) == (
        Outcome.FAIL,
        "Groups of municipalities cannot apply to this call. Apply as one city.",
    )


def test_call_without_kinds_is_judged_by_a_human():
    rules = dataclasses.replace(RULES, applicant_kinds=frozenset())
    assert one(Criterion.KIND, city(), rules)[0] == Outcome.HUMAN


def test_group_of_one_country_passes():
    assert one(Criterion.KIND, group(lead(), zupa())) == (
        Outcome.PASS,
        "Group of 2 municipalities, same country",
    )


def test_group_of_one_municipality_fails():
    outcome, words = one(Criterion.KIND, group(lead()))
    assert outcome == Outcome.FAIL
    assert "at least two municipalities" in words


def test_group_across_a_border_fails_and_names_both():
    abroad = zupa(country="ES", country_name="Spain")
    outcome, words = one(Criterion.KIND, group(lead(), abroad))
    assert outcome == Outcome.FAIL
    assert "Dubrovnik is in Croatia and Župa Dubrovačka is in Spain" in words


def test_municipality_named_in_another_application_is_judged_by_a_human():
    facts = city(also_in=(("Dubrovnik", "C2C-1-0002"),))
    assert one(Criterion.KIND, facts) == (
        Outcome.HUMAN,
        "Dubrovnik is also named in C2C-1-0002. Ask both which application counts.",
    )


# Population -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("population", "outcome"),
    [(99_999, Outcome.FAIL), (100_000, Outcome.FAIL), (100_001, Outcome.PASS)],
)
def test_population_is_strictly_more(population, outcome):
    assert one(Criterion.POPULATION, city(population))[0] == outcome


@pytest.mark.parametrize(
    ("population", "outcome"), [(99_999, Outcome.FAIL), (100_000, Outcome.PASS)]
)
def test_population_may_be_exactly_the_minimum_where_the_call_is_not_strict(population, outcome):
    rules = dataclasses.replace(RULES, strict=False)
    assert one(Criterion.POPULATION, city(population), rules)[0] == outcome


def test_group_is_counted_together():
    facts = group(lead(population=60_000), zupa(population=40_001))
    assert one(Criterion.POPULATION, facts) == (Outcome.PASS, "100,001 declared.")
    facts = group(lead(population=60_000), zupa(population=40_000))
    assert one(Criterion.POPULATION, facts)[0] == Outcome.FAIL


def test_group_below_says_how_many_are_missing():
    facts = group(lead(population=42_615), zupa())
    assert one(Criterion.POPULATION, facts) == (
        Outcome.FAIL,
        (
            "50,946 declared, 49,055 too few. The coordination unit can make an exception: "
            "give it your reason."
        ),
    )


def test_below_with_a_reason_says_that_an_exception_is_asked_for():
    _outcome, words = one(Criterion.POPULATION, city(5, exception_reason="Visitors."))
    assert words.endswith("The applicant asks for an exception.")


def test_missing_figure_needs_a_human():
    outcome, words = one(Criterion.POPULATION, city(None))
    assert outcome == Outcome.HUMAN
    assert "The number of inhabitants of Dubrovnik is missing." in words


def test_no_municipality_needs_a_human():
    assert one(Criterion.POPULATION, city(members=()))[0] == Outcome.HUMAN


@pytest.mark.parametrize("gap", [{"year": None}, {"source": ""}])
def test_figure_that_nobody_can_check_needs_a_human(gap):
    facts = city(members=(lead(**gap),))
    outcome, words = one(Criterion.POPULATION, facts)
    assert outcome == Outcome.HUMAN
    assert "the source or year of Dubrovnik is missing" in words


def test_figure_without_source_that_is_too_small_anyway_fails():
    facts = city(members=(lead(population=50_000, source=""),))
    assert one(Criterion.POPULATION, facts)[0] == Outcome.FAIL


def test_documented_figures_that_suffice_pass_whatever_else_is_missing():
    facts = group(lead(population=100_001), zupa(population=None))
    outcome, words = one(Criterion.POPULATION, facts)
    assert (outcome, words) == (Outcome.PASS, "100,001 declared, without Župa Dubrovačka.")


def test_call_without_minimum_passes_everybody():
    rules = dataclasses.replace(RULES, min_population=None)
    assert one(Criterion.POPULATION, city(None), rules)[0] == Outcome.PASS
    assert asks_for(rules) == "Any number of inhabitants"
    assert shortfall(rules, 0) == 0


def test_rule_in_words():
    assert asks_for(RULES) == "More than 100,000 inhabitants"
    assert asks_for(dataclasses.replace(RULES, strict=False)) == "At least 100,000 inhabitants"


@given(
    st.lists(st.integers(0, 200_000), min_size=2, max_size=6),
    st.booleans(),
    st.integers(0, 300_000),
)
def test_group_and_single_city_of_the_same_total_are_judged_alike(figures, strict, minimum):
    rules = dataclasses.replace(RULES, strict=strict, min_population=minimum)
    members = [lead(population=figures[0])]
    members += [member(f"M{i}", population=p) for i, p in enumerate(figures[1:])]
    together = one(Criterion.POPULATION, group(*members), rules)[0]
    alone = one(Criterion.POPULATION, city(sum(figures)), rules)[0]
    enough = sum(figures) > minimum if strict else sum(figures) >= minimum
    # Nothing at all is declared as nothing: the first figure of a city is never zero.
    if sum(figures):
        assert together == alone == (Outcome.PASS if enough else Outcome.FAIL)
    assert shortfall(rules, sum(figures)) == max(0, minimum + (1 if strict else 0) - sum(figures))


# Country --------------------------------------------------------------------------------


def test_country_on_the_list_passes():
    assert one(Criterion.COUNTRY, city()) == (Outcome.PASS, "Croatia")


def test_country_off_the_list_fails_and_is_named():
    facts = city(members=(lead(country="GB", country_name="United Kingdom"),))
    outcome, words = one(Criterion.COUNTRY, facts)
    assert outcome == Outcome.FAIL
    assert words.startswith("United Kingdom: not on this call's list")


def test_one_member_off_the_list_is_enough_to_fail():
    facts = group(lead(), zupa(country="BA", country_name="Bosnia and Herzegovina"))
    assert one(Criterion.COUNTRY, facts)[0] == Outcome.FAIL


def test_country_unknown_needs_a_human():
    assert one(Criterion.COUNTRY, city(members=()))[0] == Outcome.HUMAN


# Contact --------------------------------------------------------------------------------


def test_lead_and_contact_named_pass():
    assert one(Criterion.CONTACT, city()) == (Outcome.PASS, "Dubrovnik, Ana")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"contact_name": ""}, "No administrative contact is named."),
        ({"contact_email": ""}, "Ana has no e-mail address here."),
        ({"members": (member(),)}, "No municipality leads."),
    ],
)
def test_missing_lead_or_contact_fails(values, words):
    outcome, sentence = one(Criterion.CONTACT, city(**values))
    assert outcome == Outcome.FAIL
    assert words in sentence


def test_contact_that_left_needs_a_human():
    outcome, words = one(Criterion.CONTACT, city(contact_outside="Ana"))
    assert outcome == Outcome.HUMAN
    assert "Ana has left the organisation's team" in words


# Commitments ----------------------------------------------------------------------------


def test_one_city_needs_no_commitment():
    assert one(Criterion.COMMITMENTS, city())[0] == Outcome.PASS


def test_every_other_member_has_to_commit():
    third = member("Konavle", committed=False)
    outcome, words = one(Criterion.COMMITMENTS, group(lead(), zupa(), third))
    assert outcome == Outcome.FAIL
    assert "The commitment of Konavle is missing." in words


@pytest.mark.parametrize(
    ("verdict", "outcome", "words"),
    [
        ("waiting", Outcome.HUMAN, "2 of 2 on file. Staff still have to open: Konavle."),
        ("refused", Outcome.FAIL, "The commitment of Konavle does not count: No office."),
        ("accepted", Outcome.PASS, "2 of 2 on file"),
    ],
)
def test_commitment_counts_once_staff_have_opened_it(verdict, outcome, words):
    third = member("Konavle", committed=True, verdict=verdict, refused_for="No office.")
    assert one(Criterion.COMMITMENTS, group(lead(), zupa(), third)) == (outcome, words)


def test_member_that_was_asked_is_waited_for():
    third = member("Konavle", asked=True)
    words = "Konavle: invited, no answer yet. Send the invitation again, or upload the letter."
    assert one(Criterion.COMMITMENTS, group(lead(), zupa(), third)) == (Outcome.FAIL, words)


def test_all_commitments_on_file_pass():
    assert one(Criterion.COMMITMENTS, group(lead(), zupa())) == (
        Outcome.PASS,
        "1 of 1 on file",
    )


def test_letter_without_office_is_read_by_a_human():
    facts = group(lead(), zupa(office_named=False))
    assert one(Criterion.COMMITMENTS, facts)[0] == Outcome.HUMAN


def test_group_without_others_fails():
    assert one(Criterion.COMMITMENTS, group(lead()))[0] == Outcome.FAIL


# In time --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "outcome"),
    [
        (-1, Outcome.PASS),
        (0, Outcome.PASS),
        (0.999, Outcome.PASS),
        (1, Outcome.FAIL),
    ],
)
def test_closing_second_is_in(seconds, outcome):
    sent_at = CLOSES + dt.timedelta(seconds=seconds)
    assert one(Criterion.IN_TIME, city(sent_at=sent_at))[0] == outcome


def test_time_zone_of_the_clock_does_not_matter():
    sent_at = CLOSES.astimezone(ZoneInfo("Asia/Kolkata"))
    assert one(Criterion.IN_TIME, city(sent_at=sent_at)) == (
        Outcome.PASS,
        "Sent on 10 December 2026, 17:00:00 Brussels time",
    )


def test_sent_before_opening_fails():
    sent_at = OPENS - dt.timedelta(seconds=1)
    assert one(Criterion.IN_TIME, city(sent_at=sent_at))[0] == Outcome.FAIL


def test_draft_is_judged_by_the_clock():
    assert one(Criterion.IN_TIME, city(sent_at=None, now=OPENS))[0] == Outcome.PASS
    late = CLOSES + dt.timedelta(seconds=1)
    outcome, words = one(Criterion.IN_TIME, city(sent_at=None, now=late))
    assert outcome == Outcome.FAIL
    assert "Your draft is kept" in words


def test_call_without_closing_time_needs_a_human():
    rules = dataclasses.replace(RULES, closes_at=None)
    assert one(Criterion.IN_TIME, city(), rules)[0] == Outcome.HUMAN


# Room -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("live", "capacity", "outcome"),
    [
        (0, 1, Outcome.PASS),
        (1, 2, Outcome.PASS),
        (2, 2, Outcome.FAIL),
        (3, 2, Outcome.FAIL),
        (0, 0, Outcome.FAIL),
    ],
)
def test_room_for_a_pairing(live, capacity, outcome):
    facts = city(live_pairings=live, capacity=capacity)
    assert one(Criterion.ROOM, facts)[0] == outcome


# Rulings --------------------------------------------------------------------------------


def ruled(ruling):
    at = dt.datetime(2026, 12, 12, tzinfo=BRUSSELS)
    return RulingFacts(ruling=ruling, reason="Because.", released=False, by="Ilse", at=at)


@pytest.mark.parametrize(
    ("ruling", "met", "failed", "still_open"),
    [
        (None, False, True, False),
        (Ruling.PASS, True, False, False),
        (Ruling.WAIVE, True, False, False),
        (Ruling.FAIL, False, True, False),
    ],
)
def test_ruling_counts_before_the_outcome(ruling, met, failed, still_open):
    results = evaluate(RULES, city(5), [Criterion.POPULATION])
    rulings = {"population": [ruled(ruling)]} if ruling else {}
    [judged] = judge(results, rulings)
    assert (judged.is_met, judged.is_failed, judged.is_open) == (met, failed, still_open)


def test_newest_ruling_counts_and_the_older_stay():
    [result] = evaluate(RULES, city(5), [Criterion.POPULATION])
    judged = JudgedCriterion(result, (ruled(Ruling.WAIVE), ruled(Ruling.FAIL)))
    assert judged.state == "waive"
    assert len(judged.rulings) == 2


def test_open_criterion_needs_a_human():
    [result] = evaluate(RULES, city(None), [Criterion.POPULATION])
    assert JudgedCriterion(result).is_open


@pytest.mark.parametrize(
    ("population", "rulings", "mark"),
    [
        (120_000, (), ("yes", "check")),
        (5, (), ("no", "x")),
        (5, (Ruling.WAIVE,), ("yes", "check")),
        (None, (), ("ask", "help")),
    ],
)
def test_mark_shows_how_a_criterion_stands(population, rulings, mark):
    [result] = evaluate(RULES, city(population), [Criterion.POPULATION])
    assert judged_mark(JudgedCriterion(result, tuple(map(ruled, rulings)))) == mark


def test_verdict_is_the_worst():
    assert verdict(evaluate(RULES, city(5))) == Outcome.FAIL
    assert verdict(evaluate(RULES, city(None))) == Outcome.HUMAN
