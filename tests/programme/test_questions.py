"""Questions about a call: asked, found alike, answered for all, told once a day."""

import datetime as dt

import pytest
from django.urls import reverse

from applications.mails import outdated
from core.duties.catalogue import Ask, find
from core.kit.errors import InvalidError, NotAllowedError, StaleError, WrongStateError
from core.post.models import Mail
from core.trail.models import AuditEvent
from programme.calls.duties import UNIT, questions
from programme.calls.models import AnswerDigest, CallQuestion
from programme.calls.selectors import alike_questions
from programme.calls.selectors.names import names_in
from programme.calls.services import (
    answer_question,
    ask_question,
    close_question,
    follow_answers,
    move_deadline,
    say_helped,
    tell_answers,
)
from programme.calls.services.questions import MOST_AN_HOUR
from reminders.services import queue_reminders
from tests.factories.accounts import CoordinatorFactory, ObserverFactory, UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.calls import CallQuestionFactory
from tests.factories.programme import (
    CallFactory,
    CityFactory,
    ClosedCallFactory,
    DraftCallFactory,
    MembershipFactory,
    OrganisationFactory,
)

pytestmark = pytest.mark.django_db

# A Thursday, 17:00 in Brussels.
NOW = dt.datetime(2026, 11, 26, 16, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(time_machine, settings):
    settings.DEMO = True
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def call():
    return CallFactory(opens_at=NOW - 10 * DAY, closes_at=NOW + 20 * DAY, title="City pairings")


def answered(call, question, answer="Yes.", **more):
    return CallQuestionFactory(call=call, asked=question, answered=True, answer=answer, **more)


def publish(question, **more):
    values = {
        "wording": "May a deputy mayor sign?",
        "answer": "Yes, with a power of attorney.",
        "topic": "documents",
        "by": CoordinatorFactory(),
        "read_version": question.version,
        **more,
    }
    return answer_question(question=question, **values)


def writer_of(call, *more_calls):
    person = UserFactory()
    for each in (call, *more_calls):
        MembershipFactory(
            organisation=ApplicationFactory(call=each).organisation, user=person, role="editor"
        )
    return person


def test_a_question_is_answered_within_two_working_days(call):
    question = ask_question(call=call, text=" Does the programme pay staff? ", by=UserFactory())

    assert question.asked == "Does the programme pay staff?"
    # From Thursday: Friday, then Monday.
    assert question.answer_by.date() == dt.date(2026, 11, 30)


def test_the_same_question_twice_is_one(call):
    person = UserFactory()
    first = ask_question(call=call, text="Who pays?", by=person)

    assert ask_question(call=call, text="Who pays?", by=person) == first
    assert CallQuestion.objects.count() == 1


def test_a_person_asks_so_many_an_hour(call, clock):
    person = UserFactory()
    for number in range(MOST_AN_HOUR):
        ask_question(call=call, text=f"Question {number}?", by=person)

    with pytest.raises(InvalidError) as refusal:
        ask_question(call=call, text="One more?", by=person)
    assert refusal.value.code == "too_many"
    clock.move_to(NOW + dt.timedelta(minutes=61), tick=False)
    assert ask_question(call=call, text="One more?", by=person).pk


@pytest.mark.parametrize("factory", [ClosedCallFactory, DraftCallFactory])
def test_a_call_that_is_closed_or_a_draft_takes_no_question(factory):
    with pytest.raises(WrongStateError):
        ask_question(call=factory(), text="Who pays?", by=UserFactory())


def test_alike_answers_are_found_by_what_they_are_about(call):
    signing = answered(call, "Who must sign the commitment letter?")
    answered(call, "Does the programme pay our staff?")
    answered(CallFactory(), "Who must sign the commitment letter?")

    typed = "Can the letter of a second municipality be signed by the deputy mayor?"
    assert alike_questions(call, typed) == [signing]
    assert alike_questions(call, "What can our city do?") == []


def test_an_answer_is_public_without_who_asked(call, client):
    person = UserFactory(full_name="Ana Babic")
    question = publish(CallQuestionFactory(call=call, asked_by=person, asked="Ana asks: sign?"))

    page = client.get(reverse("calls:questions", args=[call.slug])).content.decode()
    assert "May a deputy mayor sign?" in page
    assert "Yes, with a power of attorney." in page
    assert "Ana" not in page
    assert question.status == "published"


def test_the_asker_is_told_with_a_link(call, mailoutbox):
    person = UserFactory()
    question = publish(CallQuestionFactory(call=call, asked_by=person))

    [mail] = mailoutbox
    assert mail.to == [person.email]
    assert "Yes, with a power of attorney." in mail.body
    assert f"/calls/{call.slug}/questions/#question-{question.pk}" in mail.body


def test_names_of_places_and_people_must_be_confirmed(call):
    CityFactory(name="Porto")
    CityFactory(name="Porto Alegre")
    UserFactory(full_name="Bo Lind")
    asker = UserFactory(full_name="Ana Babic")
    MembershipFactory(user=asker, organisation=OrganisationFactory(name="Grad Split"))
    question = CallQuestionFactory(call=call, asked_by=asker)
    text = "Porto Alegre (ana@split.example) and Grad Split ask Bo Lind and Babic about a porto."

    assert names_in(question, text) == [
        "ana@split.example",
        "Porto Alegre",
        "Grad Split",
        "Bo Lind",
        "Babic",
    ]
    with pytest.raises(InvalidError, match="Porto Alegre") as refusal:
        publish(question, answer=text)
    assert refusal.value.code == "names"
    assert publish(question, answer=text, names_confirmed=True).status == "published"


def test_a_changed_answer_keeps_the_old_text(call, client, clock):
    question = publish(CallQuestionFactory(call=call))
    clock.move_to(NOW + DAY, tick=False)
    question = publish(question, answer="No: the mayor signs.")

    [old] = question.former.all()
    assert (old.answer, old.since, old.until) == (
        "Yes, with a power of attorney.",
        NOW,
        NOW + DAY,
    )
    page = client.get(reverse("calls:questions", args=[call.slug])).content.decode()
    assert "No: the mayor signs." in page
    assert "Yes, with a power of attorney." in page


def test_the_same_answer_again_changes_nothing(call, mailoutbox):
    question = publish(CallQuestionFactory(call=call))
    again = publish(question)

    assert again.version == question.version
    assert not again.former.exists()
    assert len(mailoutbox) == 1
    assert AuditEvent.objects.filter(verb="question.changed").count() == 0


def test_two_members_of_staff_do_not_overwrite_each_other(call):
    question = CallQuestionFactory(call=call)
    publish(question)

    with pytest.raises(StaleError):
        publish(question, answer="No.", read_version=1)


def test_only_coordinators_answer(call):
    with pytest.raises(NotAllowedError):
        publish(CallQuestionFactory(call=call), by=ObserverFactory())


def test_a_question_that_was_asked_before_leads_to_its_answer(call, mailoutbox):
    known = answered(call, "May a deputy mayor sign?")
    question = CallQuestionFactory(call=call)
    close_question(question=question, same_as=known, by=CoordinatorFactory())

    [mail] = mailoutbox
    assert mail.to == [question.asked_by.email]
    assert "May a deputy mayor sign?" in mail.body
    with pytest.raises(InvalidError):
        close_question(question=CallQuestionFactory(call=call), by=CoordinatorFactory())


def test_who_was_led_to_an_answer_is_told_when_it_changes(call, mailoutbox):
    question = publish(CallQuestionFactory(call=call))
    other = CallQuestionFactory(call=call)
    close_question(question=other, same_as=question, by=CoordinatorFactory())
    mailoutbox.clear()
    publish(question, answer="No.", read_version=question.version)

    assert {mail.to[0] for mail in mailoutbox} == {
        question.asked_by.email,
        other.asked_by.email,
    }


def test_writers_are_told_once_a_day_of_all_calls(call, mailoutbox, clock):
    other = CallFactory(opens_at=NOW - DAY, closes_at=NOW + 9 * DAY, title="Regions")
    both, one = writer_of(call, other), writer_of(call)
    answered(call, "First?")
    answered(call, "Second?")
    answered(other, "Third?")

    assert tell_answers(now=NOW) == 2
    answered(call, "Later the same day?")
    assert tell_answers(now=NOW + dt.timedelta(hours=2)) == 0

    told = {mail.to[0]: mail.body for mail in mailoutbox}
    assert set(told) == {both.email, one.email}
    assert all(words in told[both.email] for words in ("First?", "Second?", "Third?"))
    assert "Third?" not in told[one.email]
    clock.move_to(NOW + DAY, tick=False)
    assert tell_answers(now=NOW + DAY) == 2
    assert "Later the same day?" in mailoutbox[-1].body
    assert "First?" not in mailoutbox[-1].body


def test_nobody_is_told_in_the_morning_or_of_a_closed_call(call):
    writer_of(call)
    answered(call, "First?")

    assert tell_answers(now=NOW - dt.timedelta(hours=3)) == 0
    assert tell_answers(now=NOW + 30 * DAY) == 0
    assert not AnswerDigest.objects.exists()


def test_a_changed_answer_is_told_again(call, clock):
    writer_of(call)
    question = publish(CallQuestionFactory(call=call))
    assert tell_answers(now=NOW) == 1
    clock.move_to(NOW + DAY, tick=False)
    assert tell_answers(now=NOW + DAY) == 0
    publish(CallQuestion.objects.get(pk=question.pk), answer="No.")
    assert tell_answers(now=NOW + DAY) == 1


def test_the_mail_of_who_withdrew_does_not_leave(call, outbox):
    from applications.mails import outdated
    from applications.services import withdraw_application

    person = UserFactory()
    draft = ApplicationFactory(call=call)
    MembershipFactory(organisation=draft.organisation, user=person, role="lead")
    answered(call, "First?")
    tell_answers(now=NOW)

    mails = Mail.objects.filter(kind="new_answers")
    assert not outdated(mails)
    withdraw_application(application=draft, by=person)
    assert list(outdated(mails)) == [mail.pk for mail in mails]


def test_the_unit_owes_an_answer_and_is_reminded(call, outbox):
    coordinator = CoordinatorFactory()
    question = ask_question(call=call, text="Who pays?", by=UserFactory())

    [duty] = find(Ask(owners={UNIT}, now=NOW), [questions])
    assert duty.page == reverse("calls:staff_question", args=[question.pk])
    assert not list(find(Ask(owners={"person:1"}, now=NOW), [questions]))
    assert not list(find(Ask(reader=ObserverFactory(), now=NOW), [questions]))
    queue_reminders(now=question.answer_by + DAY)
    mail = Mail.objects.get(kind="reminder_call_question")
    assert mail.recipient == coordinator.email
    publish(question)
    assert not list(find(Ask(owners={UNIT}, now=NOW), [questions]))


def test_without_script_alike_answers_are_shown_before_it_is_sent(call, client):
    known = answered(call, "Who must sign the commitment letter?")
    client.force_login(UserFactory())
    url = reverse("calls:questions", args=[call.slug])

    shown = client.post(url, {"text": "Must the mayor sign the letter?"})
    assert shown.status_code == 422
    assert f'value="{known.pk}"' in shown.content.decode()
    assert not CallQuestion.objects.waiting().exists()
    sent = client.post(url, {"text": "Must the mayor sign the letter?", "shown": str(known.pk)})
    assert sent.status_code == 302
    assert CallQuestion.objects.waiting().get().asked == "Must the mayor sign the letter?"


def test_while_typing_alike_answers_come_and_nothing_is_stored(call, client):
    answered(call, "Who must sign the commitment letter?")
    client.force_login(UserFactory())

    found = client.get(
        reverse("calls:alike_questions", args=[call.slug]), {"text": "Who signs the letter?"}
    )
    assert "Who must sign the commitment letter?" in found.content.decode()
    assert not CallQuestion.objects.waiting().exists()


def test_asking_takes_a_sign_in(call, client):
    sent = client.post(reverse("calls:questions", args=[call.slug]), {"text": "Who pays?"})

    assert sent.status_code == 302
    assert reverse("account_login") in sent["Location"]
    assert not CallQuestion.objects.exists()


@pytest.mark.parametrize(("rows", "limit"), [(1, 12), (3, 12)])
def test_the_page_asks_the_same_for_few_answers_and_many(
    call, client, rows, limit, django_assert_max_num_queries
):
    for number in range(rows):
        answered(call, f"Question {number}?")
    with django_assert_max_num_queries(limit):
        client.get(reverse("calls:questions", args=[call.slug]))


def test_the_search_and_the_topics_narrow_the_answers(call, client):
    answered(call, "Who pays the Łódź trip?", topic="money")
    answered(call, "Who signs?")
    url = reverse("calls:questions", args=[call.slug])

    assert "Who signs?" not in client.get(url, {"q": "lodz"}).content.decode()
    money = client.get(url, {"topic": "money"}).content.decode()
    assert "Łódź" in money
    assert "Who signs?" not in money


def test_a_question_is_closed_in_one_way(call, client, mailoutbox):
    question = CallQuestionFactory(call=call)
    client.force_login(CoordinatorFactory())
    url = reverse("calls:staff_question_close", args=[question.pk])
    first = {"reason": "It is about another call."}

    assert client.post(url, first).status_code == 302
    assert client.post(url, first).status_code == 302
    refused = client.post(url, {"reason": "Ask your ministry."})
    assert refused.status_code == 409
    html = refused.content.decode()
    assert "This question is closed, and its asker was told so." in html
    assert "Ask your ministry." in html
    assert len(mailoutbox) == 1


def test_what_was_typed_for_a_question_that_is_closed_meanwhile_is_not_lost(call, client):
    question = CallQuestionFactory(call=call)
    client.force_login(CoordinatorFactory())
    url = reverse("calls:staff_question", args=[question.pk])
    typed = {"wording": "Who signs?", "answer": "The mayor.", "topic": "documents", "version": 1}
    close_question(question=question, reason="It is about another call.", by=CoordinatorFactory())

    assert 'name="answer"' not in client.get(url).content.decode()
    refused = client.post(url, typed)
    assert refused.status_code == 409
    html = refused.content.decode()
    assert "This question is closed, and its asker was told so." in html
    assert "The mayor." in html
    assert "Publish the answer" not in html


def test_staff_are_shown_the_names_and_confirm_them(call, client):
    CityFactory(name="Porto")
    question = CallQuestionFactory(call=call, asked="Is Porto in?")
    client.force_login(CoordinatorFactory())
    url = reverse("calls:staff_question", args=[question.pk])
    form = {"wording": "Is Porto in?", "answer": "Yes.", "topic": "who", "version": 1}

    refused = client.post(url, form)
    assert refused.status_code == 422
    assert "names_confirmed" in refused.content.decode()
    assert client.post(url, form | {"names_confirmed": "on"}).status_code == 302
    question.refresh_from_db()
    assert question.status == "published"


def test_moving_the_deadline_tells_of_no_old_answer_twice(call):
    writer_of(call)
    answered(call, "First?")
    assert tell_answers(now=NOW) == 1
    move_deadline(
        call=call,
        closes_at=call.closes_at + DAY,
        reason="A holiday.",
        by=CoordinatorFactory(),
        read_version=call.version,
    )
    assert tell_answers(now=NOW + DAY) == 0


def test_who_follows_is_told_without_a_draft_until_they_say_no(call, mailoutbox, clock):
    person = UserFactory(email="reader@city.example")
    writer = writer_of(call)
    for reader in (person, writer):
        for _twice in range(2):
            assert follow_answers(call=call, follows=True, by=reader)
    answered(call, "Who pays?")
    mailoutbox.clear()
    # A writer who follows too gets one mail.
    assert tell_answers(now=NOW) == 2
    assert {mail.to[0] for mail in mailoutbox} == {person.email, writer.email}
    follow_answers(call=call, follows=False, by=person)
    answered(call, "Who travels?")
    clock.move_to(NOW + DAY)
    assert tell_answers(now=NOW + DAY) == 1


def test_mail_of_who_follows_no_more_does_not_leave(call, outbox):
    person = UserFactory()
    follow_answers(call=call, follows=True, by=person)
    answered(call, "Who pays?")
    tell_answers(now=NOW)
    mails = list(Mail.objects.filter(kind="new_answers"))
    assert outdated(mails) == {}
    follow_answers(call=call, follows=False, by=person)
    assert list(outdated(mails)) == [mail.pk for mail in mails]


def test_closed_call_has_nothing_to_follow():
    call = ClosedCallFactory()
    with pytest.raises(WrongStateError, match="no new answers come"):
        follow_answers(call=call, follows=True, by=UserFactory())


def test_page_follows_and_says_whether_an_answer_helped(call, client, settings):
    settings.DEMO = True
    question = CallQuestionFactory(call=call, answered=True)
    person = UserFactory()
    client.force_login(person)
    follow = reverse("calls:follow_answers", args=[call.slug])
    assert "Stop telling me" in client.post(follow, {"follow": "yes"}, follow=True).content.decode()
    assert "Tell me of answers" in client.post(follow, {}, follow=True).content.decode()
    says = reverse("calls:say_helped", args=[call.slug, question.pk])
    client.post(says, {"helped": "yes"})
    page = client.post(says, {"helped": "no"}, follow=True).content.decode()
    assert "You said no." in page
    assert question.helped.get().helped is False

    client.force_login(UserFactory())
    client.post(says, {"helped": "yes"})
    client.force_login(CoordinatorFactory())
    page = client.get(reverse("calls:staff_question", args=[question.pk])).content.decode()
    assert "1 yes, 1 no" in " ".join(page.split())
    table = client.get(f"{reverse('calls:staff_questions')}?status=published").content.decode()
    assert "1 yes, 1 no" in " ".join(table.split())


def test_answer_that_is_not_public_takes_no_word(call, client):
    question = CallQuestionFactory(call=call)
    client.force_login(UserFactory())
    says = reverse("calls:say_helped", args=[call.slug, question.pk])
    assert client.post(says, {"helped": "yes"}).status_code == 404
    with pytest.raises(WrongStateError):
        say_helped(question=question, helped=True, by=UserFactory())
