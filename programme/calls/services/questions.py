"""Questions about a call: asked by anybody signed in, answered by staff for everybody."""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties.catalogue import key_of
from core.duties.services import touch
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.text import fold
from core.kit.writes import clean_reason, clean_text, lock, require, require_version
from core.post.mail import send_mail
from core.post.services import withdraw_mails
from core.trail.services import record_event
from programme.calls.models import Call, CallQuestion, FormerAnswer
from programme.calls.selectors import asked_lately
from programme.calls.selectors.names import names_in
from programme.calls.states import CallPhase, CallStatus, QuestionStatus

LONGEST_QUESTION = 1500
LONGEST_ANSWER = 5000
# More than anybody has to ask: the queue is read by people.
MOST_AN_HOUR = 5
MOST_WAITING = 10
# Working days, Monday to Friday, within which the unit means to answer.
ANSWER_DAYS = 2
SATURDAY = 5
# Kinds of mails to the asker.
ANSWERED, CLOSED = "question_answered", "question_closed"


def _answer_by(now: dt.datetime) -> dt.datetime:
    """Return the end of the second working day after this one."""
    day, left = now.astimezone(days.BRUSSELS).date(), ANSWER_DAYS
    while left:
        day += dt.timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return days.end_of(day)


@transaction.atomic
def ask_question(*, call: Call, text: str, by: User) -> CallQuestion:
    """Put a question to the unit; the same text by the same person again returns the first one.

    Raises WrongStateError before a call is published and once it has closed, InvalidError for
    no text and for more questions than one person may ask.
    """
    require(by, "calls.ask_question", otherwise=_("Sign in to ask a question."))
    # Two at once of one person come one after the other: neither slips past the limits.
    lock(by)
    if call.status != CallStatus.PUBLISHED or call.phase() == CallPhase.CLOSED:
        raise WrongStateError(
            _("The call takes no more questions. Write to the coordination unit instead."),
            code="call_closed",
        )
    text = clean_text(text, field="text", limit=LONGEST_QUESTION, missing=_("Write your question."))
    same = call.questions.filter(asked_by=by, asked=text).first()
    if same is not None:
        return same
    _check_pace(by)
    now = days.now()
    question = CallQuestion.objects.create(
        call=call, asked=text, asked_by=by, asked_at=now, answer_by=_answer_by(now)
    )
    touch(question)
    record_event(verb="question.asked", target=question, by=by)
    return question


def _check_pace(by: User) -> None:
    now = days.now()
    if asked_lately(by, now - dt.timedelta(hours=1)) >= MOST_AN_HOUR:
        raise InvalidError(
            _("You have asked %(count)d questions within an hour. Wait a little, then go on.")
            % {"count": MOST_AN_HOUR},
            field="text",
            code="too_many",
        )
    if CallQuestion.objects.waiting().filter(asked_by=by).count() >= MOST_WAITING:
        raise InvalidError(
            _(
                "%(count)d questions of yours wait for an answer. Ask again when some of them "
                "are answered."
            )
            % {"count": MOST_WAITING},
            field="text",
            code="too_many",
        )


def _lock_for_staff(question: CallQuestion, by: User) -> CallQuestion:
    require(
        by,
        "calls.answer_questions",
        otherwise=_("Only coordinators answer questions. Ask one of them."),
    )
    return lock(question, "call")


def _closed() -> WrongStateError:
    return WrongStateError(_("This question is closed, and its asker was told so."))


@transaction.atomic
def answer_question(
    *,
    question: CallQuestion,
    wording: str,
    answer: str,
    topic: str,
    by: User,
    read_version: int,
    names_confirmed: bool = False,
) -> CallQuestion:
    """Publish the answer for everybody, under the question in `wording`, without who asked.

    Answering again changes what is published; the old text stays under it, and those who write
    are told anew. Names of people and places are refused unless `names_confirmed`. The same
    words again change nothing. Raises InvalidError, StaleError, and WrongStateError for a
    question that was closed.
    """
    question = _lock_for_staff(question, by)
    if question.status == QuestionStatus.CLOSED:
        raise _closed()
    require_version(question.version, read_version, current=question)
    wording = clean_text(
        wording,
        field="wording",
        limit=LONGEST_QUESTION,
        missing=_("Write the question as everybody is to read it."),
    )
    answer = clean_text(
        answer, field="answer", limit=LONGEST_ANSWER, missing=_("Write the answer.")
    )
    was_public = question.status == QuestionStatus.PUBLISHED
    is_same = (question.question, question.answer) == (wording, answer)
    if was_public and is_same and question.topic == topic:
        return question
    names = [] if is_same else names_in(question, wording, answer)
    if names and not names_confirmed:
        raise InvalidError(
            _(
                "These look like names of people or places: %(names)s. Take them out, or confirm "
                "that everybody may read them."
            )
            % {"names": ", ".join(names)},
            field="names_confirmed",
            code="names",
        )
    now = days.now()
    if was_public and not is_same:
        FormerAnswer.objects.create(
            of=question,
            question=question.question,
            answer=question.answer,
            since=question.changed_at or question.published_at or now,
            until=now,
        )
        question.changed_at = now
    if not is_same:
        question.told_in = None
    question.published_at = question.published_at or now
    question.status = QuestionStatus.PUBLISHED
    question.topic, question.question, question.answer = topic, wording, answer
    question.search_text = fold(f"{wording} {answer}")
    _save(question, by)
    verb = "question.changed" if was_public else "question.published"
    record_event(verb=verb, target=question, by=by)
    if not is_same:
        _tell_askers(question, is_change=was_public)
    return question


@transaction.atomic
def close_question(
    *,
    question: CallQuestion,
    by: User,
    same_as: CallQuestion | None = None,
    reason: str = "",
) -> CallQuestion:
    """Close a question without an answer of its own: another one says it, or `reason` says why.

    The asker is told. Closing twice in the same way changes nothing. Raises InvalidError without
    either, and WrongStateError once it is answered or was closed in another way.
    """
    question = _lock_for_staff(question, by)
    reason = clean_reason(reason)
    if question.status == QuestionStatus.CLOSED:
        # No version is asked for: whatever staff save of a question that waits ends its waiting.
        if (question.same_as, question.closed_because) != (same_as, reason):
            raise _closed()
        return question
    if question.status == QuestionStatus.PUBLISHED:
        raise WrongStateError(_("This question is answered. Change its answer instead."))
    if same_as is not None and same_as.call_id != question.call_id:
        raise InvalidError(_("Choose an answer of the same call."), field="same_as")
    if same_as is None and not reason:
        raise InvalidError(
            _("Choose the answer that says it already, or write why it is closed."),
            field="reason",
        )
    question.status = QuestionStatus.CLOSED
    question.same_as, question.closed_because = same_as, reason
    _save(question, by)
    record_event(verb="question.closed", target=question, by=by, reason=reason)
    _mail(question, CLOSED, same_as or question)
    return question


def _save(question: CallQuestion, by: User) -> None:
    question.dealt_by = by
    question.version += 1
    question.save()
    touch(question)


def _tell_askers(question: CallQuestion, *, is_change: bool) -> None:
    """Mail who asked it, and who was led to it; each person once."""
    told = set()
    for row in [question, *question.asked_too.select_related("asked_by", "call")]:
        if row.asked_by_id not in told:
            told.add(row.asked_by_id)
            _mail(row, ANSWERED, question, is_change=is_change)


def _mail(
    question: CallQuestion, template: str, answered: CallQuestion, *, is_change: bool = False
) -> None:
    """Write to the asker of a question; `answered` is the one whose answer they read."""
    reader = question.asked_by
    if reader is None or not reader.is_active:
        return
    page = reverse("calls:questions", args=[question.call.slug])
    withdraw_mails(
        about=[key_of(answered)],
        owner=key_of(reader),
        kinds=[ANSWERED, CLOSED],
        why=_("The answer has changed since."),
    )
    send_mail(
        template=template,
        to=reader.email,
        language=reader.language,
        context={
            "reader": reader,
            "call": question.call,
            "question": question,
            "answered": answered,
            "is_change": is_change,
            "page": f"{page}#question-{answered.pk}",
        },
        about=key_of(answered),
        owner=key_of(reader),
    )
