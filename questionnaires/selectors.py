"""Reads on questionnaires: what is asked, what is answered, how far it is."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from core.kit.errors import InvalidError
from programme.calls.models import Call
from programme.states import Side
from questionnaires.models import (
    Answer,
    AnswerRevision,
    CallQuestionnaire,
    Question,
    Response,
    Section,
    SectionMark,
    Template,
    TemplateVersion,
)
from questionnaires.states import Purpose, SectionState, VersionStatus
from questionnaires.structure import structure_of
from questionnaires.values import as_text, is_asked, problem_of

# Autosave writes every few seconds: saves with less time between them are one sitting.
SITTING = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class QuestionView:
    """A question with its present answer.

    `asked` is false while the question's condition does not hold; an answer given before
    is kept, but does not count.
    """

    question: Question
    answer: Answer | None
    asked: bool

    @property
    def key(self) -> str:
        """Return the stable key of the question."""
        return self.question.key

    @property
    def value(self) -> Any:
        """Return the stored value; None while there is none."""
        return self.answer.value if self.answer else None

    @property
    def version(self) -> int:
        """Return the version number a save has to name; 0 before the first save."""
        return self.answer.version if self.answer else 0

    @property
    def text(self) -> str:
        """Return the answer in words."""
        return as_text(self.question, self.value)

    @property
    def is_missing(self) -> bool:
        """Whether an answer has to be given and is not."""
        return self.asked and self.question.required and self.value is None

    @property
    def problem(self) -> InvalidError | None:
        """Return why the question does not take what was typed; None if it does."""
        is_wrong = self.asked and self.answer is not None and self.answer.is_wrong
        return problem_of(self.question, self.value) if is_wrong else None

    @property
    def problem_words(self) -> str:
        """Return what is wrong with the answer in a sentence that names the question."""
        named = {"question": self.question.text, "problem": self.problem}
        return _("“%(question)s”: %(problem)s") % named


@dataclass(frozen=True)
class SectionView:
    """A section of a response: how far it is, with its questions and answers."""

    section: Section
    questions: list[QuestionView]
    state: SectionState
    mark: SectionMark | None

    @property
    def key(self) -> str:
        """Return the stable key of the section."""
        return self.section.key

    @property
    def asked(self) -> list[QuestionView]:
        """Return the questions whose condition holds."""
        return [view for view in self.questions if view.asked]

    @property
    def has_conditions(self) -> bool:
        """Whether answers decide what else is asked."""
        return any(one.question.condition_question for one in self.questions)

    @property
    def answered(self) -> int:
        """Return how many of the asked questions have an answer."""
        return sum(view.value is not None for view in self.asked)

    @property
    def total(self) -> int:
        """Return how many questions are asked."""
        return len(self.asked)

    @property
    def missing(self) -> list[Question]:
        """Return the required questions without an answer."""
        return [view.question for view in self.questions if view.is_missing]

    @property
    def wrong(self) -> list[QuestionView]:
        """Return the questions whose answer is kept as typed, but not taken as it is."""
        return [view for view in self.asked if view.problem]

    @property
    def is_done(self) -> bool:
        """Whether the section counts as complete."""
        return self.state == SectionState.DONE

    @property
    def last_answer(self) -> Answer | None:
        """Return the answer saved last, with who saved it."""
        given = [view.answer for view in self.questions if view.answer]
        return max(given, key=lambda answer: answer.saved_at, default=None)

    @property
    def last_saved(self) -> dt.datetime | None:
        """Return when the section was saved last."""
        return self.last_answer.saved_at if self.last_answer else None


def needs_mark(purpose: str) -> bool:
    """Tell whether a section is complete only once somebody says so.

    Plans and reports are written over months: their authors decide. An application's
    section is complete as soon as its required questions are answered.
    """
    return purpose in {Purpose.PLAN, Purpose.REPORT}


def _state(views: Sequence[QuestionView], mark: SectionMark | None, purpose: str) -> SectionState:
    missing = any(view.is_missing or view.problem for view in views)
    answered = any(view.value is not None for view in views)
    if not missing and (mark is not None if needs_mark(purpose) else answered):
        return SectionState.DONE
    return SectionState.IN_PROGRESS if answered else SectionState.NOT_STARTED


def read_answers(response: Response) -> None:
    """Read the answers with who saved them, for a page that lists the sections twice."""
    answers = Prefetch("answers", Answer.objects.select_related("saved_by"))
    prefetch_related_objects([response], answers)


def _answers(response: Response) -> "QuerySet[Answer]":
    rows = response.answers.all()
    is_read = "answers" in getattr(response, "_prefetched_objects_cache", {})
    return rows if is_read else rows.select_related("saved_by")


def answers_by_response(responses: Collection[Response]) -> dict[int, list[Answer]]:
    """Return the answers of several responses, with who saved them, by id; one query."""
    found: dict[int, list[Answer]] = {response.pk: [] for response in responses}
    rows = Answer.objects.filter(response__in=found) if found else Answer.objects.none()
    for answer in rows.select_related("saved_by"):
        found[answer.response_id].append(answer)
    return found


def section_list(response: Response, given: Iterable[Answer] | None = None) -> list[SectionView]:
    """Return all sections of a response in order; at most two queries once its version is known.

    Who has read the answers hands them in.
    """
    structure = structure_of(response.version_id)
    by_key = structure.questions
    rows = _answers(response) if given is None else given
    answers = {answer.question_id: answer for answer in rows}
    purpose = structure.version.template.purpose
    marks = (
        {mark.section_id: mark for mark in response.marks.select_related("marked_by")}
        if needs_mark(purpose)
        else {}
    )
    values = {
        key: answers[question.pk].value
        for key, question in by_key.items()
        if question.pk in answers
    }
    result = []
    for section in structure.sections:
        views = [
            QuestionView(
                question=question,
                answer=answers.get(question.pk),
                asked=is_asked(question, by_key, values),
            )
            for question in section.questions.all()
        ]
        mark = marks.get(section.pk)
        state = _state(views, mark, purpose)
        result.append(SectionView(section, views, state, mark))
    return result


def section_view(response: Response, key: str) -> SectionView:
    """Return one section with its questions and answers; Section.DoesNotExist without it."""
    for view in section_list(response):
        if view.key == key:
            return view
    raise Section.DoesNotExist


def section_as_sent(response: Response, key: str, sent: Collection[str]) -> SectionView:
    """Return a section with the questions of these keys alone, as nobody had answered them.

    For a save while typing, which asks the database for nothing before its lock: what the page
    held is kept, whatever other answers have become since. Section.DoesNotExist without it.
    """
    section = structure_of(response.version_id).section(key)
    views = [
        QuestionView(question, None, asked=question.key in sent)
        for question in section.questions.all()
    ]
    return SectionView(section, views, SectionState.NOT_STARTED, None)


def progress(response: Response) -> tuple[int, int]:
    """Return how many required sections are complete, and how many there are."""
    required = [view for view in section_list(response) if view.section.required]
    return sum(view.is_done for view in required), len(required)


def answer_history(response: Response, question_key: str) -> "QuerySet[AnswerRevision]":
    """Return every text an answer has had, the present one first."""
    return AnswerRevision.objects.filter(
        answer__response=response, answer__question__key=question_key
    ).select_related("saved_by", "answer__question")


def templates() -> "QuerySet[Template]":
    """Return the questionnaires with their versions and how often each is answered."""
    versions = TemplateVersion.objects.annotate(responses_count=Count("responses", distinct=True))
    return Template.objects.prefetch_related(Prefetch("versions", queryset=versions))


def version_for_preview(pk: int) -> TemplateVersion:
    """Return a version with its sections and questions; TemplateVersion.DoesNotExist."""
    return (
        TemplateVersion.objects.select_related("template")
        .prefetch_related("sections__questions")
        .get(pk=pk)
    )


def published_version(key: str) -> TemplateVersion:
    """Return the newest published version of a template; TemplateVersion.DoesNotExist."""
    found = (
        TemplateVersion.objects.filter(template__key=key, status=VersionStatus.PUBLISHED)
        .order_by("-number")
        .first()
    )
    if found is None:
        raise TemplateVersion.DoesNotExist
    return found


def version_asked(call: Call, side: str) -> TemplateVersion | None:
    """Return what a call asks applicants of a side; None where it asks nothing of its own.

    The partner side has a questionnaire of its own, or answers the common one.
    """
    row = asked_of(call, side).select_related("version").first()
    return row.version if row else None


def asked_of(call: Call, side: str) -> "QuerySet[CallQuestionnaire]":
    """Return what a call could ask applicants of a side; the first of them is what it asks."""
    wanted = [Purpose.APPLICATION]
    if side == Side.PARTNER:
        wanted.append(Purpose.PARTNER_APPLICATION)
    # By the names of the purposes "partner" comes before "application".
    return CallQuestionnaire.objects.filter(call=call, purpose__in=wanted).order_by("-purpose")


@dataclass(frozen=True)
class Sitting:
    """Saves of one person in a row that kept most of the text, shown as the last of them."""

    revision: AnswerRevision
    saves: int

    @property
    def text(self) -> str:
        """Return the text in words."""
        return as_text(self.revision.answer.question, self.revision.value)


def _is_mostly_in(older: str, newer: str) -> bool:
    """Whether at least half of a text is still in a later one, by its pairs of letters."""
    pairs = {older[i : i + 2] for i in range(len(older) - 1)}
    return 2 * len(pairs - {newer[i : i + 2] for i in range(len(newer) - 1)}) <= len(pairs)


def answer_sittings(response: Response, question_key: str) -> list[Sitting]:
    """Return the history of an answer, newest first, the saves of one sitting as one.

    A text that was mostly deleted or replaced stands by itself, so that it can be had back.
    """
    sittings: list[Sitting] = []
    earliest: dt.datetime | None = None
    for revision in answer_history(response, question_key):
        newest = sittings[-1].revision if sittings else None
        if (
            newest is not None
            and earliest is not None
            and newest.saved_by_id == revision.saved_by_id
            and earliest - revision.saved_at <= SITTING
            and _is_mostly_in(Sitting(revision, 1).text, sittings[-1].text)
        ):
            sittings[-1] = Sitting(newest, sittings[-1].saves + 1)
        else:
            sittings.append(Sitting(revision, 1))
        earliest = revision.saved_at
    return sittings
