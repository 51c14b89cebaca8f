import datetime as dt

import pytest

from core.kit.errors import InvalidError, NotAllowedError, StaleError, WrongStateError
from core.trail.selectors import events_of
from programme.calls.models import Call
from programme.calls.phases import phase_bars
from programme.calls.selectors import editor_parts, publish_checks, staff_calls
from programme.calls.services import CallData, CriterionData, MilestoneData, publish_call, save_call
from programme.calls.states import CallPhase, CallStatus, MilestoneKind
from programme.organisations.states import OrganisationKind
from programme.states import Origin
from questionnaires.states import Purpose
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
    UserFactory,
)
from tests.factories.programme import (
    CallFactory,
    ClosedCallFactory,
    CountryFactory,
    DraftCallFactory,
    PartnerCountryFactory,
    StrandFactory,
    ThemeFactory,
)
from tests.factories.questionnaires import TemplateVersionFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def data(**changes):
    values = {
        "title": "City pairings with India 2026",
        "code": "C2C-2026",
        "strand": StrandFactory(),
        "summary": "For cities.",
        "description": "All about it.",
        "opens_at": NOW + dt.timedelta(days=1),
        "closes_at": NOW + dt.timedelta(days=31),
        "applicant_kinds": [OrganisationKind.MUNICIPALITY],
        "eligible_countries": [CountryFactory()],
        "partner_countries": [PartnerCountryFactory()],
        "commitments": ["Sign a Partnership Agreement."],
        "milestones": [
            MilestoneData(title="Plan", kind=MilestoneKind.PLAN_SECTION, offset_months=9)
        ],
        "criteria": [
            CriterionData(title="Relevance", weight=60, guidance="How pressing?"),
            CriterionData(title="Partnership", weight=40, guidance="Who is in?"),
        ],
        **changes,
    }
    return CallData(**values)


def save(call=None, by=None, reason="", read_version=None, **changes):
    return save_call(
        call=call,
        data=data(**changes),
        by=by or CoordinatorFactory(),
        read_version=call.version if call and read_version is None else read_version or 0,
        reason=reason,
    )


def test_new_call_is_a_draft_with_all_its_rules():
    call = save(themes=[ThemeFactory()])
    assert (call.status, call.slug, call.version) == (
        CallStatus.DRAFT,
        "city-pairings-with-india-2026",
        1,
    )
    assert [row.key for row in call.criteria.all()] == ["relevance", "partnership"]
    assert call.milestones.get().key == "plan"
    assert call.commitments.get().text == "Sign a Partnership Agreement."
    assert call.themes.count() == 1
    assert events_of(call).get().verb == "call.created"


@pytest.mark.parametrize("factory", [UserFactory, DeskFactory, AssessorFactory, ObserverFactory])
def test_only_coordinators_write_calls(factory):
    with pytest.raises(NotAllowedError):
        save(by=factory())
    with pytest.raises(NotAllowedError):
        publish_call(call=DraftCallFactory(), by=factory())


def test_demo_coordinator_makes_demo_calls():
    assert save(by=CoordinatorFactory(is_demo=True)).origin == Origin.DEMO


def test_draft_may_be_half_filled():
    call = save_call(
        call=None,
        data=CallData(title="Later", code="C2C-2027", strand=StrandFactory()),
        by=CoordinatorFactory(),
    )
    assert call.opens_at is None


def test_same_title_gets_another_address():
    save()
    assert save(code="C2C-2026-B").slug == "city-pairings-with-india-2026-2"


def test_code_is_given_once():
    save()
    with pytest.raises(InvalidError) as caught:
        save(title="Other")
    assert caught.value.field == "code"


def test_closing_before_opening_is_refused():
    with pytest.raises(InvalidError) as caught:
        save(closes_at=NOW)
    assert caught.value.field == "closes_at"
    assert not Call.objects.exists()


@pytest.mark.parametrize("weights", [(50, 49), (100, 1), (30,)])
def test_weights_must_add_up(weights):
    rows = [
        CriterionData(title=f"Criterion {n}", weight=weight) for n, weight in enumerate(weights)
    ]
    with pytest.raises(InvalidError) as caught:
        save(criteria=rows)
    assert caught.value.field == "criteria"
    assert str(sum(weights)) in str(caught.value)


def test_rows_keep_their_keys_when_renamed():
    call = save()
    rows = [
        CriterionData(key="partnership", title="Partners", weight=40),
        CriterionData(key="relevance", title="Relevance", weight=50),
        CriterionData(title="Relevance", weight=10),
    ]
    call = save(call, criteria=rows)
    assert list(call.criteria.values_list("key", "title", "weight")) == [
        ("partnership", "Partners", 40),
        ("relevance", "Relevance", 50),
        ("relevance-2", "Relevance", 10),
    ]


def test_rows_that_are_gone_are_gone():
    call = save(save(), criteria=[], milestones=[], commitments=[])
    assert not call.criteria.exists()
    assert not call.milestones.exists()
    assert not call.commitments.exists()


def test_second_save_from_the_same_version_is_stale():
    call = save()
    save(call, title="First")
    with pytest.raises(StaleError) as caught:
        save(call, title="Second", read_version=1)
    assert caught.value.version == 2
    assert Call.objects.get().title == "First"


def test_change_of_a_draft_is_recorded_with_before_and_after():
    call = save()
    call = save(call, duration_months=24)
    event = events_of(call).first()
    assert event.verb == "call.changed"
    assert event.details["changes"] == {"Duration in months": [18, 24]}


def test_saving_without_a_change_records_nothing():
    call = save()
    save(call)
    assert events_of(call).count() == 1


def ready(by, **changes):
    """A draft with everything that publishing asks for, unless `changes` take it away."""
    call = save(by=by, **changes)
    call.questionnaires.create(purpose=Purpose.PLAN, version=TemplateVersionFactory())
    return call


def published():
    coordinator = CoordinatorFactory()
    return publish_call(call=ready(coordinator), by=coordinator, now=NOW)


def test_change_of_a_published_call_needs_a_reason():
    call = published()
    with pytest.raises(InvalidError) as caught:
        save(call, duration_months=24)
    assert caught.value.field == "reason"
    assert Call.objects.get().duration_months == 18


def test_rules_of_a_published_call_are_recorded_with_before_after_and_reason():
    call = published()
    by = CoordinatorFactory()
    call = save(
        call,
        by=by,
        reason="The unit decided so.",
        min_population=50_000,
        partner_countries=[
            PartnerCountryFactory(),
            PartnerCountryFactory(code="JP", name="Japan"),
        ],
    )
    event = events_of(call).first()
    assert (event.verb, event.actor, event.reason) == (
        "call.rules_changed",
        by,
        "The unit decided so.",
    )
    assert event.details["changes"] == {
        "Inhabitants": [100_000, 50_000],
        "Partner countries": [["India"], ["India", "Japan"]],
    }


def test_editor_leaves_the_deadline_of_a_published_call():
    call = published()
    with pytest.raises(InvalidError) as caught:
        save(call, reason="A holiday.", closes_at=call.closes_at + dt.timedelta(days=3))
    assert caught.value.field == "closes_at"


def test_code_of_a_published_call_stays():
    call = published()
    with pytest.raises(InvalidError) as caught:
        save(call, code="OTHER", reason="Nicer.")
    assert caught.value.field == "code"


def test_publishing_makes_it_public_once():
    coordinator = CoordinatorFactory()
    call = ready(coordinator)
    for _click in range(2):
        call = publish_call(call=call, by=coordinator, now=NOW)
    assert call.status == CallStatus.PUBLISHED
    assert call.phase(NOW) == CallPhase.COMING
    assert events_of(call).filter(verb="call.published").count() == 1


@pytest.mark.parametrize(
    ("changes", "title", "anchor"),
    [
        ({"summary": ""}, "Summary and description", "basics"),
        ({"opens_at": None}, "Dates in order", "dates"),
        ({"applicant_kinds": []}, "Who may apply", "applicants"),
        ({"eligible_countries": []}, "Who may apply", "applicants"),
        ({"partner_countries": []}, "Partner side", "partners"),
        ({"commitments": []}, "Commitments", "commitments"),
        ({"milestones": []}, "Milestones", "milestones"),
        ({"criteria": []}, "Weights add up to 100 %", "assessment"),
        (
            {"criteria": [CriterionData(title="Mute", weight=100)]},
            "Guidance for every criterion",
            "assessment",
        ),
    ],
)
def test_unready_call_is_not_published(changes, title, anchor):
    coordinator = CoordinatorFactory()
    call = ready(coordinator, **changes)
    failed = [check for check in publish_checks(call, now=NOW) if not check.ok]
    assert title in [str(check.title) for check in failed]
    assert anchor in [part.anchor for part in editor_parts(failed) if not part.ok]
    with pytest.raises(WrongStateError) as caught:
        publish_call(call=call, by=coordinator, now=NOW)
    assert title in str(caught.value)
    assert Call.objects.get().status == CallStatus.DRAFT


def test_call_without_questionnaires_is_not_published():
    coordinator = CoordinatorFactory()
    with pytest.raises(WrongStateError) as caught:
        publish_call(call=save(by=coordinator), by=coordinator, now=NOW)
    assert "Questionnaires" in str(caught.value)


def test_call_that_closed_before_it_was_published_is_not_published():
    coordinator = CoordinatorFactory()
    call = ready(coordinator)
    with pytest.raises(WrongStateError):
        publish_call(call=call, by=coordinator, now=NOW + dt.timedelta(days=60))


@pytest.mark.parametrize(
    ("offset", "phase"),
    [
        (dt.timedelta(seconds=-1), CallPhase.OPEN),
        (dt.timedelta(0), CallPhase.OPEN),
        (dt.timedelta(microseconds=999_999), CallPhase.OPEN),
        (dt.timedelta(seconds=1), CallPhase.CLOSED),
    ],
)
def test_closing_second_is_in(offset, phase):
    call = CallFactory()
    moment = call.closes_at + offset
    assert call.phase(moment) == phase
    assert Call.objects.open_at(moment).exists() is (phase == CallPhase.OPEN)


@pytest.mark.parametrize(("seconds", "phase"), [(-1, CallPhase.COMING), (0, CallPhase.OPEN)])
def test_opening_second_is_in(seconds, phase):
    call = CallFactory()
    moment = call.opens_at + dt.timedelta(seconds=seconds)
    assert call.phase(moment) == phase
    assert Call.objects.open_at(moment).exists() is (phase == CallPhase.OPEN)


def test_drafts_come_first_in_the_console():
    closed, draft, call = ClosedCallFactory(), DraftCallFactory(), CallFactory()
    assert list(staff_calls()) == [draft, call, closed]


def day(number):
    return dt.date(2026, 1, 1) + dt.timedelta(days=number)


def test_bars_follow_each_other():
    bars = phase_bars(opens=day(0), closes=day(50), decisions=day(80), acceptance_days=20)
    assert [str(bar.label) for bar in bars] == [
        "Open",
        "Check and assessment",
        "Acceptance",
    ]
    assert [bar.x for bar in bars] == [6, 320, 508.4]
    assert bars[-1].x + bars[-1].width <= 634


def test_name_that_does_not_fit_into_its_bar_is_written_below_it():
    bars = phase_bars(opens=day(0), closes=day(300), decisions=day(360), acceptance_days=20)
    assert [bar.has_room for bar in bars] == [True, False, False]
    wide = phase_bars(opens=day(0), closes=day(50), decisions=day(100), acceptance_days=50)
    assert all(bar.has_room for bar in wide)


def test_bars_of_days_out_of_order_are_not_drawn():
    assert not phase_bars(opens=day(1), closes=day(1), decisions=None, acceptance_days=1)
    assert not phase_bars(opens=day(1), closes=day(9), decisions=day(5), acceptance_days=1)
