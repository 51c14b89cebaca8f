import re

import pytest
from django.urls import reverse

from action_plans.models import Measure
from action_plans.states import PlanStatus
from core.kit.paging import ROWS
from pairings.models import Pairing
from pairings.states import PairingStatus
from programme.organisations.states import MembershipRole
from tests.factories.action_plans import (
    FundingLineFactory,
    MeasureFactory,
    ObjectiveFactory,
    PlanFactory,
)
from tests.factories.programme import GoalFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return PlanFactory()


@pytest.fixture
def editor(plan, sign_in):
    user = MembershipFactory(organisation=plan.member.organisation, role=MembershipRole.EDITOR).user
    return sign_in(user)


@pytest.fixture
def reader(plan, sign_in):
    partner = plan.member.pairing.members.last().organisation
    return sign_in(MembershipFactory(organisation=partner).user)


@pytest.fixture
def url(plan):
    def make(name, *more):
        return reverse(f"action_plans:{name}", args=[plan.reference, *more])

    return make


@pytest.fixture
def typed(plan):
    """Return a function that gives a filled form, as the page sends it."""
    objective = ObjectiveFactory(plan=plan, number=1)

    def make(**values):
        data = {
            "title": "Guide drivers",
            "kind": "pilot",
            "city_scope": "own",
            "objective": objective.pk,
            "currency": "EUR",
            "cost_total": "420,000",
            "start_date": "1 March 2027",
            "end_date": "28 Feb 2028",
            "status": "draft",
            "progress_percent": "0",
            "version": "0",
        }
        for name in ("indicators", "funding", "risks"):
            data |= {f"{name}-TOTAL_FORMS": "1", f"{name}-INITIAL_FORMS": "0"}
        data |= {
            "indicators-0-name": "Cars searching",
            "indicators-0-baseline": "33",
            "indicators-0-target": "20.5",
            "indicators-0-target_year": "2028",
            "funding-0-source": "City",
            "funding-0-status": "secured",
            "funding-0-amount": "180 000",
            "risks-0-text": "",
        }
        return data | values

    return make


def test_measure_is_added_with_its_rows(editor, url, typed, plan):
    page = editor.post(url("measure_new"), typed(), follow=True)
    measure = plan.measures.get()
    assert b"Measure A1.1 is saved." in page.content
    assert (str(measure.cost_total), str(measure.start_date)) == ("420000.00", "2027-03-01")
    assert [str(i.target) for i in measure.indicators.all()] == ["20.50"]
    assert [str(f.amount) for f in measure.funding.all()] == ["180000.00"]
    assert not measure.risks.exists()
    # What a review needs is told, and did not keep it from being saved.
    assert b"Economic viability is missing." in page.content
    assert "€240,000" in page.content.decode()


def test_measure_form_reads_back_what_it_shows(editor, url, typed, plan):
    """Saving the page as it opens changes nothing but the version."""
    editor.post(url("measure_new"), typed())
    page = editor.get(url("measure", "A1.1")).content.decode()
    for shown in ('value="1 March 2027"', 'value="420,000"', 'value="20.50"', 'value="2028"'):
        assert shown in page


def test_goals_are_kept_and_limited(editor, url, typed, plan):
    goals = [GoalFactory().pk for _ in range(6)]
    page = editor.post(url("measure_new"), typed(sdgs=goals))
    assert b"at most 5 goals; you have 6" in page.content
    editor.post(url("measure_new"), typed(sdgs=goals[:2]))
    assert plan.measures.get().goals.count() == 2


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": ""}, "Title"),
        ({"cost_total": "1e6"}, "Type the amount in the digits"),
        ({"cost_total": "₹ 4,20,000"}, "asked in EUR"),
        ({"funding-0-amount": "$ 180 000"}, "asked in EUR"),
        ({"start_date": "3/4/2027"}, "can be 4 March 2027 or 3 April 2027"),
        ({"start_date": "soon"}, "Type the date as day, month and year"),
        ({"end_date": "1.2.2027"}, "The end lies before the start"),
        ({"start_date": "1 March 0027"}, "Check the year"),
        ({"progress_percent": "101"}, "from 0 to 100"),
        ({"funding-0-amount": ""}, "Amount"),
        ({"indicators-0-target_year": "28"}, "four digits"),
        ({"title": "x" * 10_000}, "at most 120 characters"),
    ],
)
def test_wrong_input_is_told_and_kept(editor, url, typed, values, words):
    page = editor.post(url("measure_new"), typed(problem="Kept words here.", **values))
    text = page.content.decode()
    assert "<title>Error: " in text
    assert page.status_code == 422
    assert words in text
    assert "Kept words here." in text
    assert not Measure.objects.exists()


@pytest.mark.parametrize("version", ["", "nonsense", "-1"])
def test_version_that_cannot_be_read_overwrites_nothing(editor, url, typed, plan, version):
    editor.post(url("measure_new"), typed())
    page = editor.post(url("measure", "A1.1"), typed(version=version, title="Mine"))
    assert page.status_code == 409
    assert plan.measures.get().title != "Mine"


def test_add_a_row_keeps_what_was_typed_and_checks_nothing_yet(editor, url, typed):
    page = editor.post(url("measure_new"), typed(title="", add="funding"))
    text = page.content.decode()
    assert 'name="funding-TOTAL_FORMS" value="2"' in text
    assert 'name="funding-1-source"' in text
    assert 'value="180 000"' in text
    assert "Error: " not in text
    assert not Measure.objects.exists()


def test_row_ticked_is_taken_out(editor, url, typed, plan):
    editor.post(url("measure_new"), typed())
    data = typed(version="1", **{"funding-0-DELETE": "on", "funding-INITIAL_FORMS": "1"})
    editor.post(url("measure", "A1.1"), data)
    measure = plan.measures.get()
    assert (measure.version, measure.funding.count()) == (2, 0)


def test_row_emptied_is_taken_out(editor, url, typed, plan):
    editor.post(url("measure_new"), typed())
    empty = {"funding-0-source": "", "funding-0-amount": "", "funding-0-status": "planned"}
    editor.post(
        url("measure", "A1.1"), typed(version="1", **empty, **{"funding-INITIAL_FORMS": "1"})
    )
    assert not plan.measures.get().funding.exists()


def test_stale_measure_keeps_what_was_typed_and_shows_what_is_stored(editor, url, typed, plan):
    editor.post(url("measure_new"), typed())
    editor.post(url("measure", "A1.1"), typed(version="1", title="Their title"))
    page = editor.post(url("measure", "A1.1"), typed(version="1", title="My title", cost_total="7"))
    assert page.status_code == 409
    text = page.content.decode()
    for words in ("My title", "Their title", "420,000", 'name="version" value="2"'):
        assert words in text
    assert plan.measures.get().title == "Their title"
    # The next save counts: its writer has seen the other text.
    editor.post(url("measure", "A1.1"), typed(version="2", title="My title"))
    assert plan.measures.get().title == "My title"


def test_save_and_next_opens_the_next_measure(editor, url, typed):
    editor.post(url("measure_new"), typed())
    editor.post(url("measure_new"), typed())
    page = editor.post(url("measure", "A1.1"), typed(version="1", do="next"))
    assert page.url == url("measure", "A1.2")
    page = editor.post(url("measure", "A1.2"), typed(version="1", do="next"))
    assert page.url == url("measures")


def test_new_measure_asks_for_an_objective_first(editor, url):
    page = editor.get(url("measure_new"), follow=True)
    assert b"Name an objective first" in page.content


def test_remove_asks_first(editor, url, plan):
    MeasureFactory(plan=plan, code="A1.1")
    assert b"Remove measure A1.1?" in editor.get(url("measure_remove", "A1.1")).content
    assert plan.measures.exists()
    editor.post(url("measure_remove", "A1.1"))
    assert not plan.measures.exists()


def test_reader_reads_a_measure_without_controls(reader, url, plan):
    measure = MeasureFactory(plan=plan, code="A1.1", problem="One car\nin three")
    FundingLineFactory(measure=measure)
    page = reader.get(url("measure", "A1.1"))
    assert b"One car\nin three" in page.content
    assert b"<textarea" not in page.content
    for name in ("measure", "measure_remove"):
        assert reader.post(url(name, "A1.1"), {}).status_code == 403
    assert reader.get(url("measure_new")).status_code == 403
    assert b"Add a measure" not in reader.get(url("measures")).content
    assert reader.get(url("measure", "A9.9")).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_queries_for_one_and_three(
    rows, editor, url, plan, django_assert_num_queries
):
    objective = ObjectiveFactory(plan=plan)
    for _ in range(rows):
        FundingLineFactory(measure=MeasureFactory(plan=plan, objective=objective))
    with django_assert_num_queries(9):
        assert editor.get(url("measures")).status_code == 200


def test_list_filters_and_says_when_nothing_fits(editor, url, plan):
    MeasureFactory(plan=plan, title="Ferry")
    assert b"Ferry" in editor.get(url("measures"), {"q": "ferr"}).content
    page = editor.get(url("measures"), {"q": "tram", "kind": "pilot"})
    assert b"No measure fits" in page.content
    assert editor.get(url("measures"), {"kind": "nonsense"}).status_code == 200


@pytest.mark.parametrize("name", ["measures", "timeline"])
def test_long_lists_come_page_by_page_and_count_all(name, editor, url, plan):
    objective = ObjectiveFactory(plan=plan)
    for number in range(ROWS + 2):
        MeasureFactory(
            plan=plan,
            objective=objective,
            code=f"A1.{number}",
            start_date="2027-03-01",
            end_date="2028-02-28",
            cost_total=1000,
        )
    first = editor.get(url(name)).content.decode()
    last = editor.get(url(name), {"page": 2}).content.decode()

    assert "€52,000" in first
    assert "€52,000" in last
    assert f"1 to {ROWS} of {ROWS + 2}" in " ".join(first.split())
    assert ("A1.49<" in first, "A1.51<" in first) == (True, False)
    assert ("A1.49<" in last, "A1.51<" in last) == (False, True)


def test_empty_list_says_what_to_do_next(editor, url, plan):
    assert b"Name an objective" in editor.get(url("measures")).content
    ObjectiveFactory(plan=plan)
    assert b"Add the first one" in editor.get(url("measures")).content


def test_timeline_draws_what_has_dates_and_lists_the_rest(editor, url, plan):
    ended = MeasureFactory(
        plan=plan, code="A1.1", start_date="2027-03-01", end_date="2028-02-28", cost_total=420
    )
    FundingLineFactory(measure=ended, amount=120)
    MeasureFactory(plan=plan, objective=ended.objective, code="A1.2", title="<b>Later</b>")
    text = editor.get(url("timeline")).content.decode()
    assert len(re.findall(r'<rect class="gantt-action"', text)) == 2
    assert "Of €420, €300 has no payer yet" in text
    assert "Not drawn, for want of dates" in text
    assert "<b>Later" not in text


def test_timeline_without_measures_says_so(editor, url):
    assert b"Nothing to draw yet" in editor.get(url("timeline")).content


def test_timeline_reads_the_same_numbers_in_every_language(editor, url, plan, settings):
    MeasureFactory(plan=plan, start_date="2027-03-01", end_date="2028-02-28", cost_total=1000)
    editor.cookies[settings.LANGUAGE_COOKIE_NAME] = "pt"
    text = editor.get(url("timeline")).content.decode()
    assert not re.findall(r' (?:x|y|width|height|viewBox)="[^"]*,', text)


def test_objectives_are_added_changed_and_removed(editor, url, plan):
    editor.post(url("objectives"), {"title": "Fewer cars"})
    editor.post(url("objective", 1), {"title": "Far fewer cars"})
    assert [str(o) for o in plan.objectives.all()] == ["1. Far fewer cars"]
    assert b"Error: " in editor.post(url("objectives"), {"title": ""}).content
    assert editor.get(url("objective", 1)).status_code == 200
    measure = MeasureFactory(plan=plan, objective=plan.objectives.get(), code="A1.1")
    page = editor.post(url("objective_remove", 1), follow=True)
    assert b"Measures serve this objective: A1.1" in page.content
    measure.delete()
    assert b"Remove this objective?" in editor.get(url("objective_remove", 1)).content
    editor.post(url("objective_remove", 1))
    assert not plan.objectives.exists()
    assert editor.get(url("objective", 1)).status_code == 404


def test_reader_changes_no_objective(reader, url, plan):
    ObjectiveFactory(plan=plan, number=1)
    assert b"Add an objective" not in reader.get(url("objectives")).content
    assert reader.post(url("objectives"), {"title": "Mine"}).status_code == 403
    assert reader.post(url("objective", 1), {"title": "Mine"}).status_code == 403
    assert reader.post(url("objective_remove", 1)).status_code == 403


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("measure_new", []),
        ("measure_remove", ["A1.1"]),
        ("objective", [1]),
        ("objective_remove", [1]),
    ],
)
def test_closed_plan_says_why_it_opens_no_form(plan, editor, url, name, more):
    MeasureFactory(plan=plan, code="A1.1", objective=ObjectiveFactory(plan=plan, number=1))
    assert editor.get(url(name, *more)).status_code == 200
    type(plan).objects.update(status=PlanStatus.SUBMITTED)
    page = editor.get(url(name, *more), follow=True)
    assert page.redirect_chain == [(url("plan"), 302)]
    assert "has been handed in and takes no more changes." in page.content.decode()


def test_plan_of_a_pairing_that_ended_says_so(plan, editor, url):
    ObjectiveFactory(plan=plan)
    Pairing.objects.update(status=PairingStatus.COMPLETED)
    page = editor.get(url("measure_new"), follow=True).content.decode()
    assert "The pairing does not run any more" in page
