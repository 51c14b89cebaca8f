"""What a city owes to its draft."""

import datetime as dt

import pytest
from django.utils import timezone

from applications.duties import TOLD_IN_FULL, drafts
from applications.models import Application
from applications.services import start_application
from core.duties.catalogue import Ask, key_of
from core.duties.models import Touch
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    ApplicationFactory,
    SubmittedApplicationFactory,
    WorkingCopyFactory,
)
from tests.factories.programme import CallFactory, ClosedCallFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def abouts(**parts):
    return [duty.about for duty in drafts.find(Ask(**parts))]


def test_draft_is_open_while_it_can_be_sent():
    draft, sent = ApplicationFactory(), SubmittedApplicationFactory()
    ApplicationFactory(call=ClosedCallFactory())

    assert abouts() == [key_of(draft)]
    assert abouts(done=True) == [key_of(sent)]
    assert abouts(now=draft.call.closes_at) == [key_of(draft)]
    assert abouts(now=draft.call.closes_at + dt.timedelta(seconds=1)) == []


def test_draft_is_found_by_call_owner_and_date():
    draft, other = ApplicationFactory(), ApplicationFactory()
    closes = draft.call.closes_at
    other.call.closes_at = closes + dt.timedelta(days=1)
    other.call.save()

    assert abouts(about={key_of(draft.call)}) == abouts(call=draft.call_id) == [key_of(draft)]
    assert abouts(owners={key_of(draft.organisation)}) == [key_of(draft)]
    assert abouts(due_until=closes) == [key_of(draft)]
    assert abouts(due_from=closes) == [key_of(other)]


def test_staff_see_no_draft():
    ApplicationFactory()
    sent = SubmittedApplicationFactory()
    boss = CoordinatorFactory()

    assert abouts(reader=boss) == []
    assert abouts(reader=boss, done=True) == [key_of(sent)]


def test_first_drafts_say_what_they_lack_and_the_others_where_to_look():
    ApplicationFactory.create_batch(TOLD_IN_FULL + 1)

    words = [duty.words for duty in drafts.find(Ask())]

    assert ["Missing: First, Second" in each.text for each in words] == [
        *[True] * TOLD_IN_FULL,
        False,
    ]
    assert words[-1].text == "Open it to see what is missing."
    assert words[-1].parts == ()


def test_draft_that_is_started_is_touched():
    call = CallFactory(closes_at=timezone.now() + dt.timedelta(days=2))
    member = MembershipFactory()

    draft = start_application(call=call, organisation=member.organisation, by=member.user)

    assert [touch.about for touch in Touch.objects.all()] == [key_of(draft)]


def test_changes_that_are_not_sent_are_a_duty_until_they_are():
    copy = WorkingCopyFactory()
    [duty] = [one for one in drafts.find(Ask()) if one.about == key_of(copy)]
    assert duty.words.title == "Send your changes, or leave what you have sent"
    Application.objects.filter(pk=copy.pk).update(status="withdrawn")
    assert key_of(copy) not in abouts()
