"""Reads on questions about calls: what the public finds, what is alike, what waits for staff."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery

from accounts.models import User
from core.kit import days
from core.kit.rows import number_of
from core.kit.text import fold, search_words
from programme.calls.models import Call, CallQuestion, Helped
from programme.calls.states import QuestionStatus, QuestionTopic

# Words shorter than this say nothing about what a question is about.
TELLING = 4
# Of two words of one stem, as "sign" and "signature", so many letters are the same.
STEM = 4
# So much of what is asked must stand in a question that was answered.
ALIKE = 0.3
MOST_ALIKE = 4
# Words that every question has.
COMMON = frozenset(
    {"about", "also", "another", "applicant", "application", "apply", "been", "call", "cannot"}
    | {"cities", "city", "could", "does", "from", "have", "into", "must", "only", "other"}
    | {"shall", "should", "than", "that", "their", "them", "there", "they", "this", "until"}
    | {"what", "when", "where", "which", "will", "with", "would", "your"}
)


@dataclass(frozen=True)
class TopicCount:
    """A topic and how many answers it has."""

    key: str
    label: str
    count: int


def public_questions(call: Call) -> "QuerySet[CallQuestion]":
    """Return the answered questions of a call, the newest answer first, each with how often asked.

    `others` counts those who asked the same.
    """
    return (
        call.questions.published()
        .annotate(others=Count("asked_too", distinct=True))
        .prefetch_related("former")
        .order_by("-published_at", "-pk")
    )


def found_questions(
    questions: "QuerySet[CallQuestion]", *, q: str, topic: str
) -> "QuerySet[CallQuestion]":
    """Return those that hold all the words and are about the topic."""
    for word in search_words(q):
        questions = questions.filter(search_text__contains=word)
    return questions.filter(topic=topic) if topic else questions


def topics_of(call: Call) -> list[TopicCount]:
    """Return the topics that have answers, in their order; one query."""
    counts = Counter(call.questions.published().values_list("topic", flat=True))
    return [
        TopicCount(topic.value, str(topic.label), counts[topic.value])
        for topic in QuestionTopic
        if counts[topic.value]
    ]


def own_questions(call: Call, user: User) -> list[CallQuestion]:
    """Return what the person asked about the call and nothing is published of, newest first."""
    rows = call.questions.filter(asked_by=user).exclude(status=QuestionStatus.PUBLISHED)
    return list(rows.select_related("same_as").order_by("-asked_at"))


def _stems(text: str) -> set[str]:
    """Return the beginnings of the words that say what a text is about."""
    words = "".join(c if c.isalnum() else " " for c in fold(text)).split()
    return {
        word[:STEM]
        for word in words
        if (len(word) >= TELLING or not word.isascii() or word.isdigit()) and word not in COMMON
    }


def alike_questions(call: Call, text: str) -> list[CallQuestion]:
    """Return answered questions of the call that say much of what is typed, the closest first.

    One query: a call has some dozens of answers.
    """
    wanted = _stems(text)
    if not wanted:
        return []
    ranked = []
    for row in call.questions.published():
        asked, answered = _stems(row.question), _stems(row.answer)
        # What stands in the question weighs twice what its answer mentions.
        score = (2 * len(wanted & asked) + len(wanted & (answered - asked))) / (2 * len(wanted))
        if score >= ALIKE:
            ranked.append((-score, row.pk, row))
    return [row for _score, _pk, row in sorted(ranked, key=lambda each: each[:2])[:MOST_ALIKE]]


def staff_questions(status: str) -> "QuerySet[CallQuestion]":
    """Return the questions in a state for staff: what waits longest comes first."""
    rows = with_helped(CallQuestion.objects.filter(status=status))
    rows = rows.select_related("call", "asked_by")
    if status == QuestionStatus.WAITING:
        return rows.order_by("answer_by", "pk")
    return rows.order_by("-published_at", "-asked_at", "-pk")


def waiting_questions(user: User) -> "QuerySet[CallQuestion]":
    """Return what waits for an answer of the person."""
    rows = CallQuestion.objects.waiting()
    return rows if user.has_perm("calls.answer_questions") else rows.none()


def question_counts() -> dict[str, int]:
    """Return how many questions are in each state."""
    rows = CallQuestion.objects.order_by().values_list("status").annotate(Count("pk"))
    return dict(rows)


def untold_answers(now: dt.datetime | None = None) -> "QuerySet[CallQuestion]":
    """Return the answers of open calls of which nobody was told as they read now."""
    open_calls = Call.objects.open_at(now or days.now())
    return (
        CallQuestion.objects.published()
        .filter(told_in=None, call__in=open_calls.values("pk"))
        .select_related("call")
        .order_by("call__closes_at", "published_at", "pk")
    )


def is_news(question: CallQuestion, since: dt.datetime) -> bool:
    """Whether it was answered or changed after this moment."""
    newest = question.changed_at or question.published_at
    return newest is not None and newest > since


def by_call(questions: Iterable[CallQuestion]) -> dict[Call, list[CallQuestion]]:
    """Return the questions under their calls, in the order they come."""
    found: dict[Call, list[CallQuestion]] = {}
    for row in questions:
        found.setdefault(row.call, []).append(row)
    return found


def others_of(question: CallQuestion) -> "QuerySet[CallQuestion]":
    """Return the answered questions that this one may be the same as."""
    return question.call.questions.published().exclude(pk=question.pk).order_by("question")


def readable_question(pk: int) -> CallQuestion | None:
    """Return a question with its call and asker, None for none."""
    rows = with_helped(CallQuestion.objects.all())
    rows = rows.select_related("call", "asked_by", "dealt_by", "same_as")
    return rows.filter(pk=pk).first()


def asked_lately(user: User, since: dt.datetime) -> int:
    """Return how many questions the person asked since this moment."""
    return CallQuestion.objects.filter(asked_by=user, asked_at__gt=since).count()


def search_text_of(parts: Sequence[str]) -> str:
    """Return what search reads of the public words."""
    return fold(" ".join(parts))


def followers_of(call: Call) -> list[User]:
    """Return who is told of new answers without a draft, and can sign in."""
    people = call.followers.filter(person__is_active=True).select_related("person")
    return [row.person for row in people.order_by("pk")]


def follows(call: Call, user: User) -> bool:
    """Tell whether the person is told of new answers about the call."""
    return call.followers.filter(person=user.pk).exists()


def with_said(questions: "QuerySet[CallQuestion]", user: User) -> "QuerySet[CallQuestion]":
    """Add whether each answer helped the person, as they `said`; None where they did not say."""
    said = Helped.objects.filter(of=OuterRef("pk"), person=user.pk)
    return questions.annotate(said=Subquery(said.values("helped")[:1]))


def with_helped(questions: "QuerySet[CallQuestion]") -> "QuerySet[CallQuestion]":
    """Add how many readers an answer helped (`helps`), and how many it did not (`helps_not`)."""
    said = Helped.objects.filter(of=OuterRef("pk"))
    return questions.annotate(
        helps=number_of(said.filter(helped=True)), helps_not=number_of(said.filter(helped=False))
    )
