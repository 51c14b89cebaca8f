"""Moving the day on which the first of two stages closes: as the deadline of the call itself."""

import datetime as dt

import pytest
from django.urls import reverse

from applications.mails import outdated
from applications.services import send_interest
from core.kit import days
from core.kit.errors import InvalidError, NotAllowedError, StaleError, WrongStateError
from core.post.models import Mail
from core.post.states import MailStatus
from core.trail.selectors import events_of
from programme.calls.models import Call
from programme.calls.selectors import impact_of, readiness_of
from programme.calls.services import move_deadline, tell_answers
from programme.calls.states import Closing
from reminders.services import queue_reminders
from tests.factories.accounts import CoordinatorFactory, ObserverFactory, UserFactory
from tests.factories.applications import (
    InterestFactory,
    InvitedInterestFactory,
    SentInterestFactory,
)
from tests.factories.calls import CallQuestionFactory
from tests.factories.programme import CallFactory, MembershipFactory, TwoStageCallFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
FIRST = dt.datetime(2026, 12, 11, 16, tzinfo=dt.UTC)
LAST = FIRST + 40 * DAY


@pytest.fixture(autouse=True)
def clock(time_machine, settings):
    settings.DEMO = True
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def call():
    return TwoStageCallFactory(
        opens_at=NOW - 30 * DAY, interest_closes_at=FIRST, closes_at=LAST, title="City pairings"
    )


def draft_of(call, *people, role="editor", **values):
    draft = InterestFactory(call=call, **values)
    for person in people:
        MembershipFactory(organisation=draft.organisation, user=person, role=role)
    return draft


def move(call, closes_at=FIRST + 7 * DAY, **more):
    values = {"reason": "A public holiday.", "by": CoordinatorFactory(), **more}
    values.setdefault("read_version", call.version)
    return move_deadline(call=call, closes_at=closes_at, closing=Closing.FIRST_STAGE, **values)


def test_each_writer_of_a_draft_is_told_once(call, mailoutbox):
    ana, bo = UserFactory(), UserFactory(language="es")
    first, second = draft_of(call, ana, bo), draft_of(call, ana)
    draft_of(call, UserFactory(), role="viewer")
    draft_of(TwoStageCallFactory(), UserFactory())
    gone = UserFactory(is_active=False)
    MembershipFactory(organisation=first.organisation, user=gone, role="lead")
    for factory in (SentInterestFactory, InvitedInterestFactory):
        MembershipFactory(organisation=factory(call=call).organisation, role="lead")

    moved = move(call)

    assert moved.told == 2
    assert {mail.to[0] for mail in mailoutbox} == {ana.email, bo.email}
    text = next(mail.body for mail in mailoutbox if mail.to == [ana.email])
    for words in ("first stage", "11 December 2026, 17:00", "18 December 2026, 17:00"):
        assert words in text
    for draft in (first, second):
        assert reverse("applications:interest", args=[draft.pk]) in text
    assert "A public holiday." in text


def test_call_itself_stays_and_the_move_is_on_record(call):
    moved = move(call).call
    assert (moved.interest_closes_at, moved.closes_at) == (FIRST + 7 * DAY, LAST)
    event = events_of(moved).get(verb="call.first_stage_moved")
    assert event.reason == "A public holiday."
    assert event.details == {
        "before": "2026-12-11 17:00:00 CET",
        "after": "2026-12-18 17:00:00 CET",
    }


def test_reminders_with_the_old_date_are_taken_back_and_not_repeated(call, outbox, clock):
    draft = draft_of(call, UserFactory())
    clock.move_to(FIRST - 6 * DAY, tick=False)
    assert queue_reminders(now=days.now()) == 1

    assert move(call).withdrawn == 1

    mail = Mail.objects.get(about=f"interest:{draft.pk}")
    assert (mail.status, mail.last_error) == (
        MailStatus.WITHDRAWN,
        "The deadline of the call has moved.",
    )
    # Day seven before the new date: what the mail on the move has told comes once more, later.
    assert queue_reminders(now=FIRST + DAY) == 1


def test_no_reminder_repeats_what_the_move_has_told(call, outbox, clock):
    draft_of(call, UserFactory())
    clock.move_to(NOW + dt.timedelta(hours=1), tick=False)
    move(call, NOW + 5 * DAY)
    # Day seven before the new date had come already.
    assert queue_reminders(now=NOW + dt.timedelta(hours=2)) == 0
    assert queue_reminders(now=NOW + 2 * DAY) == 1


def test_moves_of_the_two_deadlines_leave_each_others_mails(call, outbox):
    ana = UserFactory()
    draft_of(call, ana)
    waiting = InvitedInterestFactory(call=call)
    MembershipFactory(organisation=waiting.organisation, user=ana, role="lead")
    call = move(call).call
    call = move(call, FIRST + 8 * DAY).call
    move_deadline(
        call=call,
        closes_at=LAST + DAY,
        reason="More time.",
        by=CoordinatorFactory(),
        read_version=call.version,
    )
    states = Mail.objects.order_by("id").values_list("kind", "status")
    assert list(states) == [
        ("first_stage_moved", MailStatus.WITHDRAWN),
        ("first_stage_moved", MailStatus.QUEUED),
        ("deadline_moved", MailStatus.QUEUED),
    ]


def test_mail_does_not_leave_once_its_reader_has_nothing_to_send(call, outbox):
    draft = draft_of(call, UserFactory())
    move(call)
    [mail] = Mail.objects.all()
    assert outdated([mail]) == {}
    draft.mark_withdrawn()
    draft.save()
    assert outdated([mail]) == {mail.pk: "Its reader writes no draft for this call any more."}


def test_time_that_has_passed_needs_a_second_yes(call, mailoutbox):
    draft = draft_of(call, UserFactory())
    with pytest.raises(InvalidError) as caught:
        move(call, NOW - DAY)
    assert (caught.value.code, caught.value.field) == ("past", "past_confirmed")
    assert mailoutbox == []

    move(call, NOW - DAY, past_confirmed=True)

    assert "first stage is closed now" in mailoutbox[0].body
    lead = MembershipFactory(organisation=draft.organisation, role="lead").user
    with pytest.raises(WrongStateError):
        send_interest(interest=draft, by=lead)


@pytest.mark.parametrize(
    ("closes_at", "reason", "field", "words"),
    [
        (FIRST + DAY, " ", "reason", "why"),
        (NOW - 31 * DAY, "Why not", "closes_at", "before the call opens"),
        (LAST, "Why not", "closes_at", "call itself closes"),
        (LAST + DAY, "Why not", "closes_at", "call itself closes"),
    ],
)
def test_wrong_moves_are_refused(call, closes_at, reason, field, words):
    with pytest.raises(InvalidError, match=words) as caught:
        move(call, closes_at, reason=reason, past_confirmed=True)
    assert caught.value.field == field


def test_same_time_changes_nothing(call, mailoutbox):
    draft_of(call, UserFactory())
    assert move(call, FIRST).told == 0
    assert mailoutbox == []
    assert not events_of(call).exists()


def test_call_with_one_stage_a_draft_of_a_call_and_a_stale_page_are_refused(call):
    with pytest.raises(WrongStateError, match="one stage"):
        move(CallFactory())
    with pytest.raises(WrongStateError, match="editor"):
        move(TwoStageCallFactory(status="draft"))
    with pytest.raises(StaleError):
        move(call, read_version=call.version - 1)
    with pytest.raises(NotAllowedError):
        move(call, by=ObserverFactory())


def test_closed_first_stage_opens_again(call, clock):
    clock.move_to(FIRST + DAY, tick=False)
    assert not call.takes_interests()
    assert move(call).call.takes_interests()


def test_notice_is_of_the_stage_that_moved(call):
    moved = move(call).call
    [shown] = moved.lately_moved
    assert shown.is_first_stage
    assert (shown.before, shown.now) == (FIRST, FIRST + 7 * DAY)


def test_impact_counts_drafts_and_what_was_sent_of_the_first_stage_alone(call):
    draft_of(call, UserFactory())
    SentInterestFactory(call=call)
    InvitedInterestFactory(call=call)
    InterestFactory(call=call, status="withdrawn")
    impact = impact_of(call, Closing.FIRST_STAGE)
    assert (impact.drafts, impact.sent, len(impact.writers)) == (1, 2, 1)
    assert readiness_of(call, Closing.FIRST_STAGE).total == 1


# The page -----------------------------------------------------------------------------
def page_of(call):
    return reverse("calls:staff_call_first_stage", args=[call.slug])


LATER = {"closes_day": "18/12/2026", "closes_time": "17:00"}


def test_page_shows_what_hangs_on_the_day_before_it_moves(call, sign_in, mailoutbox):
    draft_of(call, UserFactory(), UserFactory())
    SentInterestFactory(call=call)
    page = sign_in(CoordinatorFactory()).get(page_of(call), LATER)
    text = " ".join(page.content.decode().split())
    assert "expression of interest is not sent yet" in text
    assert "Move to 18 December 2026, tell 2 people" in text
    assert "Those invited apply" in text
    assert "first stage" in page.context["mails"][0][1].body
    call.refresh_from_db()
    assert call.interest_closes_at == FIRST
    assert mailoutbox == []


def test_page_moves_it(call, sign_in, mailoutbox):
    draft_of(call, UserFactory())
    typed = LATER | {"reason": "A public holiday.", "version": str(call.version)}
    page = sign_in(CoordinatorFactory()).post(page_of(call), typed, follow=True)
    call.refresh_from_db()
    assert call.interest_closes_at == FIRST + 7 * DAY
    assert len(mailoutbox) == 1
    assert "The first stage closes on 18 December 2026" in page.content.decode()


def test_page_asks_again_for_a_time_that_has_passed(call, sign_in):
    client = sign_in(CoordinatorFactory())
    typed = {"closes_day": "30/11/2026", "closes_time": "17:00", "reason": "It was wrong."}
    typed["version"] = str(call.version)
    page = client.post(page_of(call), typed)
    assert page.status_code == 422
    assert "Confirm that you mean it" in page.content.decode()
    assert client.post(page_of(call), typed | {"past_confirmed": "on"}).status_code == 302


def test_page_of_a_call_with_one_stage_is_not_there(sign_in):
    client = sign_in(CoordinatorFactory())
    assert client.get(page_of(CallFactory())).status_code == 404
    assert client.get(page_of(TwoStageCallFactory(status="draft"))).status_code == 404


def test_what_may_be_tried_on_a_call_in_two_stages_names_both_deadlines(call, sign_in):
    client = sign_in(CoordinatorFactory())
    for address in (page_of(call), reverse("calls:staff_simulator", args=[call.slug])):
        page = client.get(address).content.decode()
        assert page_of(call) in page
        assert reverse("calls:staff_call_deadline", args=[call.slug]) in page


def test_editor_leads_to_the_page(call, sign_in):
    page = sign_in(CoordinatorFactory()).get(reverse("calls:staff_call", args=[call.slug]))
    assert f'href="{page_of(call)}"' in page.content.decode()


@pytest.mark.parametrize("page", ["interest", "interest_check"])
def test_writers_read_the_notice_for_a_week(call, client, clock, page):
    ana = UserFactory()
    draft = draft_of(call, ana)
    move(call)
    client.force_login(ana)
    address = reverse(f"applications:{page}", args=[draft.pk])
    assert "The closing time of the first stage has moved" in client.get(address).content.decode()
    clock.move_to(NOW + 8 * DAY, tick=False)
    assert "has moved" not in client.get(address).content.decode()


def test_page_asks_as_much_for_ten_drafts_as_for_one(call, sign_in, django_assert_num_queries):
    client = sign_in(CoordinatorFactory())
    version = draft_of(call, UserFactory()).response.version
    client.get(page_of(call))
    with django_assert_num_queries(10):
        client.get(page_of(call))
    for _draft in range(9):
        draft_of(call, UserFactory(), response__version=version)
    with django_assert_num_queries(10):
        client.get(page_of(call))
    assert Call.objects.get(pk=call.pk).interest_closes_at == FIRST


# New answers to questions about the call ----------------------------------------------
def test_writers_of_the_first_stage_are_told_of_new_answers_once_a_day(call, mailoutbox, clock):
    ana, bo = UserFactory(), UserFactory()
    draft_of(call, ana)
    # Two expressions of interest, one reader.
    draft_of(call, ana)
    invited = InvitedInterestFactory(call=call)
    MembershipFactory(organisation=invited.organisation, user=bo, role="lead")
    sent = SentInterestFactory(call=call)
    MembershipFactory(organisation=sent.organisation, role="lead")
    evening = NOW.replace(hour=16)
    CallQuestionFactory(call=call, asked="Who pays?", answered=True)

    assert tell_answers(now=evening) == 2
    assert {mail.to[0] for mail in mailoutbox} == {ana.email, bo.email}
    assert tell_answers(now=evening) == 0


def test_first_stage_that_is_over_has_no_writers(call, clock):
    draft_of(call, UserFactory())
    clock.move_to((FIRST + DAY).replace(hour=16), tick=False)
    CallQuestionFactory(call=call, asked="Who pays?", answered=True)
    assert tell_answers(now=days.now()) == 0


def test_word_of_answers_does_not_leave_once_its_reader_writes_nothing(call, outbox):
    draft = draft_of(call, UserFactory())
    CallQuestionFactory(call=call, asked="Who pays?", answered=True)
    tell_answers(now=NOW.replace(hour=16))
    [mail] = Mail.objects.filter(kind="new_answers")
    assert outdated([mail]) == {}
    draft.mark_withdrawn()
    draft.save()
    assert list(outdated([mail])) == [mail.pk]
