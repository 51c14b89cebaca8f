"""Moving the deadline of a call: who is told, what is taken back, what is asked."""

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse

from core.kit.errors import InvalidError, StaleError, WrongStateError
from core.post.models import Mail
from core.post.states import MailStatus
from core.trail.selectors import events_of
from programme.calls.models import OwnClosing
from programme.calls.phases import Dates, moved_chart
from programme.calls.selectors import readiness_of
from programme.calls.services import move_deadline
from programme.calls.states import Closing
from reminders.services import queue_reminders
from tests.factories.accounts import CoordinatorFactory, UserFactory
from tests.factories.applications import ApplicationFactory, SubmittedApplicationFactory
from tests.factories.calls import ExtensionRequestFactory
from tests.factories.programme import CallFactory, DraftCallFactory, MembershipFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
CLOSE = dt.datetime(2026, 12, 11, 16, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock(time_machine, settings):
    settings.DEMO = True
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def call():
    return CallFactory(opens_at=NOW - 30 * DAY, closes_at=CLOSE, title="City pairings")


def draft_of(call, *people, role="editor", **values):
    draft = ApplicationFactory(call=call, **values)
    for person in people:
        MembershipFactory(organisation=draft.organisation, user=person, role=role)
    return draft


def move(call, closes_at, **more):
    values = {"reason": "A public holiday.", "by": CoordinatorFactory(), **more}
    return move_deadline(call=call, closes_at=closes_at, read_version=call.version, **values)


def test_page_says_how_far_the_drafts_are(call, client):
    ApplicationFactory(call=call, response=None)
    ApplicationFactory(call=call, response=None, signatory_name="")
    ApplicationFactory(call=call, signatory_name="", kind="group", topic=False)
    SubmittedApplicationFactory(call=call)

    found = readiness_of(call)

    assert (found.ready, found.half, found.little, found.total) == (1, 1, 1, 3)
    client.force_login(CoordinatorFactory())
    page = client.get(reverse("calls:staff_call_deadline", args=[call.slug])).content.decode()
    for words in ("Ready, not sent", "Half written or more", "Hardly begun", "1 of 3"):
        assert words in page


def told(mails):
    return sorted(mail.to[0] for mail in mails)


def test_each_writer_is_told_once_however_many_drafts(call, mailoutbox):
    ana, bo, viewer = UserFactory(), UserFactory(language="es"), UserFactory()
    first, second = draft_of(call, ana, bo), draft_of(call, ana)
    MembershipFactory(organisation=first.organisation, user=viewer, role="viewer")
    draft_of(CallFactory(), UserFactory())
    gone = UserFactory(is_active=False)
    MembershipFactory(organisation=second.organisation, user=gone, role="lead")

    moved = move(call, CLOSE + 7 * DAY)

    assert moved.told == 2
    assert told(mailoutbox) == sorted([ana.email, bo.email])
    text = next(mail.body for mail in mailoutbox if mail.to == [ana.email])
    for words in ("11 December 2026, 17:00", "18 December 2026, 17:00", "A public holiday."):
        assert words in text
    assert first.draft_key in text
    assert second.draft_key in text


def own_closing(draft, at):
    """Give the organisation of a draft more time."""
    wish = ExtensionRequestFactory(call=draft.call, organisation=draft.organisation)
    OwnClosing.objects.create(
        call=draft.call, organisation=draft.organisation, closes_at=at, extension=wish
    )


@pytest.mark.parametrize(
    ("own", "to", "words"),
    [
        (12, 7, None),
        (12, -3, None),
        (5, 7, ["16 December 2026, 17:00", "18 December 2026, 17:00"]),
        (-2, -5, ["11 December 2026, 17:00", "9 December 2026, 17:00"]),
    ],
    ids=["later than both", "stays later", "overtaken", "holds from now on"],
)
def test_who_has_more_time_is_told_of_its_own_closing_time_alone(call, mailoutbox, own, to, words):
    ana, bo = UserFactory(), UserFactory()
    own_closing(draft_of(call, ana), CLOSE + own * DAY)
    draft_of(call, bo)

    moved = move(call, CLOSE + to * DAY)

    assert moved.told == len(mailoutbox) == 1 + bool(words)
    bodies = [mail.body for mail in mailoutbox if mail.to == [ana.email]]
    assert len(bodies) == bool(words)
    for time in words or []:
        assert time in bodies[0]


def test_notice_stands_only_where_the_time_of_the_call_holds(call, sign_in):
    ana, bo = UserFactory(), UserFactory()
    later, common = draft_of(call, ana), draft_of(call, bo)
    own_closing(later, CLOSE + 12 * DAY)
    move(call, CLOSE + 7 * DAY)
    for page in ("detail", "check"):
        for person, draft, is_shown in ((ana, later, False), (bo, common, True)):
            answer = sign_in(person).get(reverse(f"applications:{page}", args=[draft.key]))
            assert ("The closing time has moved" in answer.content.decode()) == is_shown


def test_old_and_new_time_and_reason_are_on_record(call):
    moved = move(call, CLOSE + 7 * DAY)

    event = events_of(moved.call).get(verb="call.deadline_moved")
    assert event.reason == "A public holiday."
    assert event.details == {
        "before": "2026-12-11 17:00:00 CET",
        "after": "2026-12-18 17:00:00 CET",
    }


def test_reminders_with_the_old_date_are_taken_back(call, outbox, clock):
    ana = UserFactory()
    draft = draft_of(call, ana)
    other = draft_of(CallFactory(opens_at=NOW - DAY, closes_at=CLOSE), UserFactory())
    assert queue_reminders(now=NOW) == 2

    moved = move(call, CLOSE + 7 * DAY)

    assert moved.withdrawn == 1
    mail = Mail.objects.get(about=f"application:{draft.pk}")
    assert (mail.status, mail.last_error) == (
        MailStatus.WITHDRAWN,
        "The deadline of the call has moved.",
    )
    assert Mail.objects.get(about=f"application:{other.pk}").status == MailStatus.QUEUED


def test_no_reminder_repeats_what_the_move_has_told(call, outbox, clock):
    draft_of(call, UserFactory())
    clock.move_to(NOW + dt.timedelta(hours=1), tick=False)
    move(call, CLOSE + DAY)

    # Day 14 before the new date had come already: the mail on the move says it all.
    assert queue_reminders(now=NOW + dt.timedelta(hours=2)) == 0
    assert queue_reminders(now=CLOSE + DAY - 3 * DAY) == 1


def test_second_move_takes_back_the_mail_on_the_first(call, outbox):
    draft_of(call, UserFactory())
    call = move(call, CLOSE + 7 * DAY).call
    move(call, CLOSE + 8 * DAY)

    states = Mail.objects.filter(kind="deadline_moved").order_by("id").values_list("status")
    assert list(states) == [(MailStatus.WITHDRAWN,), (MailStatus.QUEUED,)]


def test_time_that_has_passed_needs_a_second_yes(call, mailoutbox):
    draft_of(call, UserFactory())

    with pytest.raises(InvalidError) as caught:
        move(call, NOW - DAY)
    assert (caught.value.code, caught.value.field) == ("past", "past_confirmed")
    assert mailoutbox == []

    move(call, NOW - DAY, past_confirmed=True)
    assert "closed now" in mailoutbox[0].body


@pytest.mark.parametrize(
    ("closes_at", "reason", "field"),
    [(CLOSE + DAY, " ", "reason"), (NOW - 31 * DAY, "Why not", "closes_at")],
)
def test_wrong_moves_are_refused(call, closes_at, reason, field):
    with pytest.raises(InvalidError) as caught:
        move(call, closes_at, reason=reason, past_confirmed=True)
    assert caught.value.field == field


def test_same_time_changes_nothing(call, mailoutbox):
    draft_of(call, UserFactory())
    assert move(call, CLOSE).told == 0
    assert mailoutbox == []
    assert not events_of(call).exists()


def test_draft_of_a_call_and_a_stale_page_are_refused(call):
    with pytest.raises(WrongStateError):
        move(DraftCallFactory(), CLOSE + DAY)
    call.version -= 1
    with pytest.raises(StaleError):
        move(call, CLOSE + DAY)


# The page -----------------------------------------------------------------------------
def page_of(call):
    return reverse("calls:staff_call_deadline", args=[call.slug])


def test_page_shows_what_hangs_on_the_date_before_it_moves(call, sign_in):
    draft_of(call, UserFactory(), UserFactory())
    SubmittedApplicationFactory(call=call)
    client = sign_in(CoordinatorFactory())

    page = client.get(page_of(call), {"closes_day": "18/12/2026", "closes_time": "17:00"})

    text = page.content.decode()
    assert page.context["impact"].drafts == 1
    assert page.context["impact"].sent == 1
    assert "Move to 18 December 2026, tell 2 people" in " ".join(text.split())
    call.refresh_from_db()
    assert call.closes_at == CLOSE


def test_page_moves_it(call, sign_in, mailoutbox):
    draft_of(call, UserFactory())
    client = sign_in(CoordinatorFactory())
    typed = {
        "closes_day": "18/12/2026",
        "closes_time": "17:00:00",
        "reason": "A public holiday.",
        "version": str(call.version),
    }

    page = client.post(page_of(call), typed, follow=True)

    call.refresh_from_db()
    assert call.closes_at == CLOSE + 7 * DAY
    assert len(mailoutbox) == 1
    assert "1 person is told." in page.content.decode()


def test_page_asks_again_for_a_time_that_has_passed(call, sign_in):
    client = sign_in(CoordinatorFactory())
    typed = {
        "closes_day": "30/11/2026",
        "closes_time": "17:00",
        "reason": "It was wrong.",
        "version": str(call.version),
    }

    page = client.post(page_of(call), typed)
    assert page.status_code == 422
    assert "Confirm that you mean it" in page.content.decode()

    assert client.post(page_of(call), typed | {"past_confirmed": "on"}).status_code == 302


def test_page_shows_the_mail_in_each_language_and_sends_none(call, sign_in, mailoutbox):
    ana, bo = UserFactory(full_name="Ana K"), UserFactory(language="es")
    draft_of(call, ana, UserFactory(), bo)
    client = sign_in(CoordinatorFactory())
    later = {"closes_day": "18/12/2026", "closes_time": "17:00"}

    page = client.get(page_of(call), later)

    assert [language for language, _mail in page.context["mails"]] == ["English", "Espa\u00f1ol"]
    html = page.content.decode()
    assert "Read the mail before it goes, in 2 languages" in " ".join(html.split())
    mail = page.context["mails"][0][1]
    assert "18 December 2026, 17:00" in mail.body
    assert "(your reason)" in mail.body
    typed = client.post(page_of(call), later | {"reason": "Holidays.", "version": "99"})
    assert "Holidays." in typed.context["mails"][0][1].body
    assert mailoutbox == []
    # Nothing is tried: no mail to read.
    assert client.get(page_of(call)).context["mails"] == []


def test_page_shows_nonsense_back(call, sign_in):
    client = sign_in(CoordinatorFactory())
    page = client.get(page_of(call), {"closes_day": "soon", "closes_time": "17:00"})
    assert "soon" in page.content.decode()
    assert page.context["closes_at"] is None


def test_page_asks_as_much_for_ten_drafts_as_for_one(call, sign_in, django_assert_num_queries):
    client = sign_in(CoordinatorFactory())
    version = draft_of(call, UserFactory()).response.version
    client.get(page_of(call))
    with django_assert_num_queries(12):
        client.get(page_of(call))
    for _draft in range(9):
        draft_of(call, UserFactory(), response__version=version)
    with django_assert_num_queries(12):
        client.get(page_of(call))


def test_chart_draws_both_dates_and_the_months():
    before = Dates(
        opens=dt.date(2026, 10, 1), closes=dt.date(2026, 12, 10), decisions=dt.date(2027, 2, 12)
    )
    later = dt.date(2026, 12, 17)
    chart = moved_chart(
        before=before,
        after=replace(before, closes=later),
        moved=(before.closes, later),
        today=dt.date(2026, 11, 26),
    )
    assert chart.old_x < chart.new_x
    assert [bar.css for bar in chart.after] == ["phase-open", "phase-check"]
    assert [day.month for _x, day in chart.months] == [11, 12, 1, 2]


def test_chart_of_two_stages_moves_the_first_alone():
    before = Dates(
        opens=dt.date(2026, 10, 1), interest=dt.date(2026, 11, 10), closes=dt.date(2026, 12, 10)
    )
    today, later = dt.date(2026, 11, 26), dt.date(2026, 11, 20)
    chart = moved_chart(
        before=before,
        after=replace(before, interest=later),
        moved=(before.interest, later),
        today=today,
    )
    assert [str(bar.label) for bar in chart.after] == [
        "Expressions of interest",
        "Those invited apply",
    ]
    assert chart.new_x == chart.after[1].x > chart.old_x == chart.before[1].x
    wrong = replace(before, interest=dt.date(2027, 1, 1))
    assert moved_chart(before=before, after=wrong, moved=(later, later), today=today) is None


# The notice ---------------------------------------------------------------------------
def test_notice_of_a_move_is_kept_a_week(call, clock):
    move(call, CLOSE + 7 * DAY)
    call.refresh_from_db()
    [shown] = call.lately_moved
    assert (shown.closing, shown.before, shown.now) == (Closing.CALL, CLOSE, CLOSE + 7 * DAY)
    clock.move_to(NOW + 7 * DAY, tick=False)
    assert len(call.lately_moved) == 1
    clock.move_to(NOW + 7 * DAY + dt.timedelta(seconds=1), tick=False)
    assert call.lately_moved == []


def test_second_move_within_the_week_is_one_notice_from_what_was_known(call, clock):
    call = move(call, CLOSE + 7 * DAY).call
    clock.move_to(NOW + 2 * DAY, tick=False)
    call = move(call, CLOSE + 9 * DAY).call
    [shown] = call.lately_moved
    assert (shown.before, shown.now) == (CLOSE, CLOSE + 9 * DAY)
    # Back where it was: nobody has to know.
    assert move(call, CLOSE).call.lately_moved == []


def test_move_after_the_week_starts_a_notice_of_its_own(call, clock):
    call = move(call, CLOSE + 7 * DAY).call
    clock.move_to(NOW + 8 * DAY, tick=False)
    [shown] = move(call, CLOSE + 9 * DAY).call.lately_moved
    assert shown.before == CLOSE + 7 * DAY


def test_pages_of_the_call_and_of_drafts_show_the_notice(call, client):
    ana = UserFactory()
    draft = draft_of(call, ana)
    move(call, CLOSE + 7 * DAY)
    client.force_login(ana)
    for address in (
        reverse("showcase:call", args=[call.slug]),
        reverse("applications:detail", args=[draft.key]),
        reverse("applications:check", args=[draft.key]),
    ):
        page = " ".join(client.get(address).content.decode().split())
        assert "The closing time has moved" in page
        assert "11 December 2026, 17:00" in page
