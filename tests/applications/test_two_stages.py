"""A call in two stages: its dates in the editor, who is told of a move, what the public reads."""

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse

from applications.moving import move_interests
from core.kit import days
from core.kit.errors import InvalidError
from programme.calls.models import Call
from programme.calls.phases import phase_bars
from programme.calls.selectors import impact_of
from programme.calls.services import data_of, move_deadline, save_call
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    ApplicationFactory,
    InterestFactory,
    InvitedInterestFactory,
)
from tests.factories.programme import (
    CallFactory,
    MembershipFactory,
    OrganisationFactory,
    TwoStageCallFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def save(call, *, confirmed=False, **changes):
    return save_call(
        call=call,
        data=replace(data_of(call), **changes),
        by=CoordinatorFactory(),
        read_version=call.version,
        reason="A public holiday.",
        impact_confirmed=confirmed,
    )


def test_first_stage_lies_between_opening_and_closing():
    call = TwoStageCallFactory()
    for moment in (call.opens_at, call.closes_at):
        with pytest.raises(InvalidError, match="between the opening"):
            save(call, interest_closes_at=moment)


@pytest.mark.parametrize("factory", [CallFactory, TwoStageCallFactory])
def test_published_call_keeps_its_stages(factory):
    call = factory()
    other = None if call.is_two_stage else days.now() + DAY
    with pytest.raises(InvalidError, match="keeps its stages"):
        save(call, interest_closes_at=other)


def test_other_day_of_the_first_stage_is_no_matter_of_the_editor():
    call = TwoStageCallFactory()
    InterestFactory(call=call)
    with pytest.raises(InvalidError, match="told there") as caught:
        save(call, interest_closes_at=call.interest_closes_at + DAY, confirmed=True)
    assert caught.value.field == "interest_closes_at"
    assert Call.objects.get(pk=call.pk).interest_closes_at == call.interest_closes_at


def test_call_does_not_close_before_its_first_stage():
    call = TwoStageCallFactory()
    with pytest.raises(InvalidError, match="first stage"):
        move_deadline(
            call=call,
            closes_at=call.interest_closes_at,
            reason="Why not.",
            by=CoordinatorFactory(),
            read_version=call.version,
        )


def test_invited_city_that_has_not_begun_is_told_of_another_closing_time(mailoutbox):
    call = TwoStageCallFactory()
    waits, begun = InvitedInterestFactory(call=call), InvitedInterestFactory(call=call)
    ApplicationFactory(call=call, organisation=begun.organisation)
    InterestFactory(call=call)
    people = [MembershipFactory(organisation=row.organisation).user for row in (waits, begun)]
    assert {writer.person for writer in impact_of(call).writers} == set(people)
    move_deadline(
        call=call,
        closes_at=call.closes_at + DAY,
        reason="A public holiday.",
        by=CoordinatorFactory(),
        read_version=call.version,
    )
    assert {mail.to[0] for mail in mailoutbox} == {person.email for person in people}


def test_draft_moves_with_its_people_into_the_organisation_they_join():
    draft, other = InterestFactory(), InterestFactory()
    organisation = OrganisationFactory()
    InterestFactory(call=other.call, organisation=organisation)
    move_interests(draft.organisation, organisation)
    move_interests(other.organisation, organisation)
    draft.refresh_from_db()
    other.refresh_from_db()
    assert draft.organisation == organisation
    assert other.organisation != organisation


def test_phases_show_both_stages():
    bars = phase_bars(
        opens=dt.date(2026, 1, 1),
        interest=dt.date(2026, 2, 1),
        closes=dt.date(2026, 4, 1),
        decisions=None,
        acceptance_days=20,
    )
    assert [str(bar.label) for bar in bars] == ["Expressions of interest", "Those invited apply"]


def test_public_page_says_both_dates(client):
    call = TwoStageCallFactory()
    address = reverse("showcase:call", args=[call.slug])
    page = client.get(address).content.decode()
    assert "First stage open" in page
    assert reverse("applications:interest_start", args=[call.slug]) in page
    call.interest_closes_at = days.now() - dt.timedelta(hours=1)
    call.save(update_fields=["interest_closes_at"])
    page = client.get(address).content.decode()
    assert "For invited cities" in page
    assert "Only invited cities apply." in page
