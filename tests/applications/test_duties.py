"""What a city owes to its draft."""

import datetime as dt

import pytest
from django.utils import timezone

from applications.duties import TOLD_IN_FULL, drafts, interests, invited, lead_offers
from applications.mails import outdated
from applications.models import Application
from applications.services import start_application
from core.duties.catalogue import Ask, key_of
from core.duties.models import Touch
from core.post.models import Mail
from reminders.services import queue_reminders
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    ApplicationFactory,
    InterestFactory,
    InvitedInterestFactory,
    LeadOfferFactory,
    SentInterestFactory,
    SubmittedApplicationFactory,
    WorkingCopyFactory,
)
from tests.factories.programme import CallFactory, ClosedCallFactory, MembershipFactory
from tests.factories.reminders import MailFactory

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


def found(kind, **parts):
    return [duty.about for duty in kind.find(Ask(**parts))]


def test_draft_of_an_interest_is_open_until_its_stage_closes():
    draft, sent = InterestFactory(), SentInterestFactory()
    closes = draft.call.interest_closes_at
    assert found(interests) == [key_of(draft)]
    assert found(interests, done=True) == [key_of(sent)]
    assert found(interests, now=closes) == [key_of(draft)]
    assert found(interests, now=closes + dt.timedelta(seconds=1)) == []
    assert found(interests, owners={key_of(draft.organisation)}) == [key_of(draft)]
    assert found(interests, about={key_of(draft.call)}) == [key_of(draft)]
    assert found(interests, due_until=closes - dt.timedelta(days=1)) == []
    assert found(interests, reader=CoordinatorFactory()) == []


def test_invited_city_owes_its_application_until_it_is_begun():
    waits, begun = InvitedInterestFactory(), InvitedInterestFactory()
    SentInterestFactory()
    ApplicationFactory(call=begun.call, organisation=begun.organisation)
    closes = waits.call.closes_at
    assert found(invited) == [key_of(waits)]
    assert found(invited, done=True) == [key_of(begun)]
    assert found(invited, now=closes + dt.timedelta(seconds=1)) == []
    assert found(invited, reader=CoordinatorFactory()) == [key_of(waits)]
    [duty] = invited.find(Ask())
    assert duty.due == closes
    assert "invited" in duty.words.title


@pytest.mark.parametrize(
    ("factory", "words"),
    [
        (InterestFactory, "is not sent yet"),
        (InvitedInterestFactory, "the application is not begun"),
    ],
)
def test_writers_are_reminded_of_the_first_stage(factory, words):
    interest = factory()
    member = MembershipFactory(organisation=interest.organisation)
    soon = dt.timedelta(days=2)
    closes = interest.call.interest_closes_at if interest.is_draft else interest.call.closes_at
    queue_reminders(now=closes - soon)
    mail = Mail.objects.get()
    assert mail.recipient == member.user.email
    assert words in mail.subject
    assert interest.organisation.name in mail.text


def test_who_is_asked_to_lead_a_group_owes_an_answer():
    offer, declined = LeadOfferFactory(), LeadOfferFactory(state="declined")
    LeadOfferFactory(state="taken_back")
    assert found(lead_offers) == [key_of(offer)]
    assert found(lead_offers, done=True) == [key_of(declined)]
    assert found(lead_offers, owners={key_of(offer.former)}) == []
    assert found(lead_offers, about={key_of(offer.application)}) == [key_of(offer)]
    assert found(lead_offers, due_until=timezone.now()) == []
    [duty] = lead_offers.find(Ask(owners={key_of(offer.organisation)}))
    assert duty.due is None
    assert offer.former.name in duty.words.text


def test_mail_on_a_decision_that_was_taken_back_does_not_leave():
    interest = InvitedInterestFactory()
    mail = MailFactory(kind="interest_invited", about=key_of(interest))
    assert outdated([mail]) == {}
    other = MailFactory(kind="interest_declined", about=key_of(interest))
    assert list(outdated([mail, other])) == [other.pk]
