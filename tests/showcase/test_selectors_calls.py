import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from programme.calls.states import CallPhase, CallStatus
from programme.organisations.states import OrganisationKind
from programme.states import Origin
from showcase.selectors import calls as selectors
from tests.factories.programme import (
    CallCommitmentFactory,
    CallFactory,
    CallMilestoneFactory,
    ClosedCallFactory,
    CountryFactory,
    DraftCallFactory,
    OrganisationFactory,
)

pytestmark = pytest.mark.django_db


def later(days):
    return timezone.now() + dt.timedelta(days=days)


def test_calls_by_phase_sorts_calls_by_what_comes_first():
    far, near = CallFactory(closes_at=later(30)), CallFactory(closes_at=later(2))
    coming = CallFactory(opens_at=later(5))
    closed = ClosedCallFactory()
    DraftCallFactory()

    phases = selectors.calls_by_phase()

    assert phases[CallPhase.OPEN] == [near, far]
    assert phases[CallPhase.COMING] == [coming]
    assert phases[CallPhase.CLOSED] == [closed]
    assert phases[CallPhase.DRAFT] == []


def test_calls_for_regions_are_open_or_coming():
    kinds = [OrganisationKind.REGION.value]
    coming = CallFactory(applicant_kinds=kinds, opens_at=later(5))
    ClosedCallFactory(applicant_kinds=kinds)
    CallFactory()

    assert selectors.calls_for_regions() == [coming]


def test_public_calls_hide_drafts():
    CallFactory(status=CallStatus.DRAFT)

    assert not selectors.public_calls().exists()


def test_call_facts_put_the_rules_into_words():
    call = CallFactory(min_population=50_000, min_population_strict=False)
    commitment = CallCommitmentFactory(call=call)
    CallMilestoneFactory(call=call, title="Kick-off", offset_months=0)
    CallMilestoneFactory(call=call, title="Report", offset_months=12, offset_days=1)

    facts = selectors.call_facts(call)

    assert facts.population == "At least 50,000 inhabitants"
    assert (facts.may_single, facts.may_group, facts.may_region) == (True, True, False)
    assert facts.partners == ["India"]
    assert facts.commitments == [commitment]
    assert facts.milestones == [("Kick-off", "at the start"), ("Report", "after 12 months 1 day")]


def test_call_facts_name_the_partner_cities():
    call = CallFactory()
    call.named_partners.add(OrganisationFactory(name="Longyan", country=CountryFactory()))

    assert selectors.call_facts(call).named == ["Longyan"]


@time_machine.travel("2026-11-22T10:00:00+00:00", tick=False)
def test_call_steps_of_an_open_call():
    call = CallFactory(decisions_on=dt.date(2027, 2, 15))

    steps = selectors.call_facts(call).steps

    assert [(step.title, step.state) for step in steps] == [
        ("Call opens", "done"),
        ("Call closes", "now"),
        ("Cities chosen", ""),
        ("Pairs accept and sign", ""),
        ("Cooperation", ""),
    ]
    assert steps[3].text == "21 days to accept, then 60 days to sign"


def test_call_steps_of_a_published_record_are_what_is_on_record():
    call = ClosedCallFactory(origin=Origin.PUBLISHED, opens_at=None)

    assert [step.title for step in selectors.call_facts(call).steps] == ["Call closes"]
