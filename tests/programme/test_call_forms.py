import datetime as dt

import pytest

from programme.calls.forms.call_rows import CriterionForm
from programme.calls.forms.calls import CallEditor, CallForm, initial_of
from programme.calls.forms.deadline import DeadlineForm
from programme.organisations.states import OrganisationKind
from tests.factories.programme import (
    AssessmentCriterionFactory,
    CallCommitmentFactory,
    CallFactory,
    CallMilestoneFactory,
    DraftCallFactory,
    StrandFactory,
)

pytestmark = pytest.mark.django_db


def typed(**changes):
    """What the browser sends for a small draft."""
    values = {
        "title": "A call",
        "code": "C2C-2026",
        "strand": StrandFactory().pk,
        "duration_months": "18",
        "acceptance_days": "21",
        "signature_days": "60",
        "min_population_strict": "1",
        "min_population": "100 000",
        "applicant_kinds": ["municipality"],
        "version": "0",
    }
    for prefix in ("commitments", "documents", "milestones", "criteria"):
        values |= {f"{prefix}-TOTAL_FORMS": "2", f"{prefix}-INITIAL_FORMS": "0"}
        values |= {f"{prefix}-{n}-kind": "event" for n in range(2)}
        values |= {f"{prefix}-{n}-max_score": "5" for n in range(2)}
    return values | changes


def instant(day, time, **more):
    form = CallForm(typed(opens_day=day, opens_time=time, **more))
    return form, form.is_valid() and form.cleaned_data["opens_at"]


@pytest.mark.parametrize(
    ("day", "time", "utc"),
    [
        ("2026-01-15", "10:00", "2026-01-15T09:00:00+00:00"),
        ("2026-07-15", "10:00", "2026-07-15T08:00:00+00:00"),
        ("2026-07-15", "23:59:59", "2026-07-15T21:59:59+00:00"),
        ("2026-03-29", "01:59", "2026-03-29T00:59:00+00:00"),
        ("2026-03-29", "03:00", "2026-03-29T01:00:00+00:00"),
        ("2026-10-25", "01:59", "2026-10-24T23:59:00+00:00"),
        ("2026-10-25", "03:00", "2026-10-25T02:00:00+00:00"),
    ],
)
def test_times_are_brussels_times(day, time, utc):
    assert instant(day, time)[1].isoformat() == utc


@pytest.mark.parametrize("time", ["02:00", "02:30", "02:59:59"])
def test_time_that_does_not_exist_is_refused(time):
    form, moment = instant("2026-03-29", time)
    assert not moment
    assert "does not exist" in form.errors["opens_time"][0]
    assert "29 March 2026" in form.errors["opens_time"][0]


@pytest.mark.parametrize("time", ["02:00", "02:30", "02:59:59"])
def test_time_that_comes_twice_is_asked_about(time):
    form, moment = instant("2026-10-25", time)
    assert not moment
    assert form.asks == {"opens"}
    assert "comes twice" in form.errors["opens_fold"][0]


@pytest.mark.parametrize(
    ("fold", "utc"),
    [("0", "2026-10-25T00:30:00+00:00"), ("1", "2026-10-25T01:30:00+00:00")],
)
def test_answer_tells_the_two_apart(fold, utc):
    assert instant("2026-10-25", "02:30", opens_fold=fold)[1].isoformat() == utc


def test_answer_is_shown_again_for_a_stored_time():
    moment = dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)
    call = DraftCallFactory(opens_at=moment, closes_at=moment + dt.timedelta(days=9))
    form = CallForm(call=call)
    assert form.asks == {"opens"}
    assert form.initial["opens_fold"] == "1"


@pytest.mark.parametrize(
    ("day", "time", "field"), [("2026-01-15", "", "opens_time"), ("", "10:00", "opens_day")]
)
def test_half_an_instant_is_refused(day, time, field):
    form, _moment = instant(day, time)
    assert form.errors[field] == ["Enter both the day and the time, or neither."]


@pytest.mark.parametrize(
    ("day", "time"), [("2026-02-30", "10:00"), ("soon", "10:00"), ("2026-01-15", "25:00")]
)
def test_nonsense_is_refused_once(day, time):
    form, moment = instant(day, time)
    assert not moment
    assert len(form.errors) == 1


@pytest.mark.parametrize("code", ["c2c", "C 2", "<b>", "C" * 21, "-C"])
def test_code_is_refused_with_how_to_type_it(code):
    form = CallForm(typed(code=code))
    assert "capital letters" in form.errors["code"][0]


def test_population_is_understood_or_refused():
    assert CallForm(typed(min_population="")).is_valid()
    form = CallForm(typed(min_population="1e6"))
    assert "digits 0 to 9" in form.errors["min_population"][0]


def test_what_is_stored_can_be_sent_again_unchanged():
    call = CallFactory(opens_at=dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC))
    values = initial_of(call)
    form = CallForm(call=call)
    again = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    again["strand"] = call.strand_id
    again["reason"] = ""
    for name in ("eligible_countries", "partner_countries", "named_partners", "themes"):
        again[name] = [row.pk for row in values[name]]
    again["min_population"] = f"{call.min_population:,}"
    sent = CallForm(again, call=call)
    assert sent.is_valid(), sent.errors
    assert sent.cleaned_data["opens_at"] == call.opens_at
    assert sent.cleaned_data["closes_at"] == call.closes_at
    assert sent.cleaned_data["min_population"] == 100_000


def test_rows_are_read_and_empty_ones_ignored():
    editor = CallEditor(
        typed(
            **{
                "commitments-0-text": "Keep <b>it</b>.",
                "criteria-0-title": "Relevance",
                "criteria-0-weight": "100",
                "milestones-1-title": "Plan",
                "milestones-1-kind": "plan",
                "milestones-1-offset_months": "9",
            }
        )
    )
    assert editor.is_valid(), [form.errors for form in editor.everything]
    data = editor.data()
    assert data.commitments == ["Keep <b>it</b>."]
    assert [(row.title, row.weight) for row in data.criteria] == [("Relevance", 100)]
    assert [(row.kind, row.offset_months) for row in data.milestones] == [("plan", 9)]
    assert data.applicant_kinds == [OrganisationKind.MUNICIPALITY]


def test_weights_that_do_not_add_up_are_named_in_the_summary():
    editor = CallEditor(typed(**{"criteria-0-title": "A", "criteria-0-weight": "90"}))
    assert not editor.is_valid()
    assert editor.row_errors == [
        {
            "text": "The weights add up to 90 %. Change them so that they add up to 100 %.",
            "target": "criteria",
        }
    ]


def test_criterion_without_weight_is_refused():
    editor = CallEditor(typed(**{"criteria-0-title": "A"}))
    assert not editor.is_valid()
    assert editor.criteria.forms[0].errors["weight"] == ["Enter the weight in per cent."]


def test_removed_row_is_not_read():
    call = DraftCallFactory()
    CallCommitmentFactory(call=call, text="Old")
    values = typed(
        **{
            "commitments-INITIAL_FORMS": "1",
            "commitments-0-text": "Old",
            "commitments-0-DELETE": "on",
            "commitments-1-text": "New",
        }
    )
    editor = CallEditor(values, call=call)
    assert editor.is_valid()
    assert editor.data().commitments == ["New"]


def test_editor_shows_stored_rows_and_their_weights():
    call = DraftCallFactory()
    CallMilestoneFactory(call=call)
    AssessmentCriterionFactory(call=call, weight=60)
    editor = CallEditor(call=call)
    assert editor.weights == 60
    assert len(editor.milestones.forms) == 3


def test_reader_types_nothing():
    editor = CallEditor(call=CallFactory())
    editor.lock()
    assert all(field.disabled for form in editor.everything for field in form.fields.values())


def test_too_many_rows_are_refused():
    editor = CallEditor(typed(**{"commitments-TOTAL_FORMS": "1000"}))
    assert not editor.is_valid()


@pytest.mark.parametrize("typed", ["midnight", "24:00", "00:00", "0:00"])
def test_no_call_closes_at_midnight(typed):
    call = CallFactory()
    form = DeadlineForm({"closes_day": "11 December 2026", "closes_time": typed}, call=call)

    assert "closes_time" in form.errors
    assert "23:59:59" in form.errors["closes_time"][0]
    assert form.closes_at is None


def test_criteria_start_from_the_programmes_own_while_there_are_none():
    editor = CallEditor(start_from="city-to-city")
    rows = [form.initial for form in editor.criteria if form.initial]
    assert sum(row["weight"] for row in rows) == 100
    assert rows[0]["ladder"]["0"] == "No challenge is described."
    assert "5 As 4" in str(editor.criteria[0]["ladder"])
    assert not CallEditor(start_from="nonsense").criteria.initial


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("3 Clear.\n\n5: All of it.", {"3": "Clear.", "5": "All of it."}),
        ("", {}),
        ("Clear.", None),
        ("3", None),
    ],
)
def test_ladder_reads_points_then_words(typed, kept):
    form = CriterionForm({"title": "Fit", "weight": "5", "max_score": "5", "ladder": typed})
    assert form.is_valid() is (kept is not None)
    if kept is not None:
        assert form.cleaned_data["ladder"] == kept
