"""Writes on responses: answers with a version number, marks, closing.

Who may write is asked by the app the response belongs to: these services know no owner.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core.kit import days
from core.kit.errors import InvalidError, StaleError, WrongStateError
from core.kit.writes import lock
from questionnaires.models import (
    Answer,
    AnswerRevision,
    Question,
    Response,
    Section,
    SectionMark,
    TemplateVersion,
)
from questionnaires.selectors import section_view
from questionnaires.states import VersionStatus
from questionnaires.structure import structure_of
from questionnaires.values import keep_value, problem_of


def open_response(version: TemplateVersion) -> Response:
    """Start a set of answers to a published version."""
    if version.status != VersionStatus.PUBLISHED:
        raise WrongStateError(
            _("This version is still a draft. Publish it, then people can answer it.")
        )
    return Response.objects.create(version=version)


def lock_open_response(response: Response) -> Response:
    """Re-read and lock a response; WrongStateError once it was handed in.

    Every write takes this lock first, so two saves of one response come one after the
    other, also when neither answer exists yet.
    """
    locked = lock(response)
    require_open(locked)
    return locked


def require_open(response: Response) -> None:
    """Raise WrongStateError for a response, read under its lock, that was handed in."""
    if response.closed_at is not None:
        raise WrongStateError(
            _(
                "This has been handed in and takes no more changes. Copy your text to "
                "keep it, and open the page again to read what was handed in."
            )
        )


def _value_read(answer: Answer, read_version: int) -> Any:
    """Return the value a writer has read; the stored one when they read the latest."""
    if read_version == answer.version:
        return answer.value
    if read_version == 0 or answer.pk is None:
        return None
    revision = answer.revisions.filter(version=read_version).first()
    return revision.value if revision else answer.value


def _take(answer: Answer, *, value: Any, read_version: int, by: User | None) -> bool:
    """Give an answer of a locked response its value, unwritten as yet; tell whether it is new.

    StaleError after another save.
    """
    cleaned = keep_value(answer.question, value)
    if cleaned == answer.value or cleaned == _value_read(answer, read_version):
        # Nothing new was written: what is stored stays, also when it is newer.
        return False
    if read_version != answer.version:
        raise StaleError(
            _(
                "This answer was saved elsewhere while you were writing. Compare both texts "
                "and choose what the answer should say."
            ),
            current=answer.value,
            version=answer.version,
        )
    answer.value = cleaned
    answer.is_wrong = problem_of(answer.question, cleaned) is not None
    answer.version += 1
    answer.saved_at = days.now()
    answer.saved_by = by
    return True


def _write(answers: Sequence[Answer]) -> None:
    """Write answers that have a new value, each with its revision: two statements, or three."""
    for rows in ([a for a in answers if a.pk], [a for a in answers if not a.pk]):
        Answer.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=["value", "is_wrong", "version", "saved_at", "saved_by"],
        )
    AnswerRevision.objects.bulk_create(
        AnswerRevision(
            answer=answer,
            version=answer.version,
            value=answer.value,
            saved_at=answer.saved_at,
            saved_by=answer.saved_by,
        )
        for answer in answers
    )


@transaction.atomic
def save_answer(
    *,
    response: Response,
    question_key: str,
    value: Any,
    read_version: int,
    by: User | None,
) -> Answer:
    """Save one answer, whatever its kind; an empty value takes it out, its history stays.

    `read_version` is the version number the writer has seen, 0 for none. What the question
    does not take is kept as it was typed, and the section is then not complete. Raises
    StaleError with the stored value and version when another save came first, InvalidError
    for what cannot be kept (`keep_value`), WrongStateError once the response is closed, and
    Question.DoesNotExist. Saving what is stored, or what the writer has read, changes
    nothing and never conflicts: so a save whose reply was lost can be sent again, and a
    form of many questions conflicts only in those that its writer changed.
    """
    response = lock_open_response(response)
    answer = _stored(response, [question_key])[question_key]
    if _take(answer, value=value, read_version=read_version, by=by):
        _write([answer])
    _reopen_wrong(response, [answer])
    return answer


def _stored(response: Response, keys: Collection[str]) -> dict[str, Answer]:
    """Return the answers to these questions, those of version 0 that nobody has given yet.

    Question.DoesNotExist for a question that is not asked.
    """
    asked = structure_of(response.version_id).questions
    if not asked.keys() >= set(keys):
        raise Question.DoesNotExist
    questions = {asked[key].pk: asked[key] for key in keys}
    found = {
        key: Answer(response=response, question=asked[key], value=None, version=0) for key in keys
    }
    rows = Answer.objects.filter(response=response, question__in=questions)
    for answer in rows.select_related("saved_by"):
        answer.question = questions[answer.question_id]
        found[answer.question.key] = answer
    return found


def _reopen_wrong(response: Response, written: Sequence[Answer]) -> None:
    """Take back that a section is done when an answer of it was written that is wrong."""
    wrong = {answer.question.section_id for answer in written if answer.is_wrong}
    if wrong:
        response.marks.filter(section__in=wrong).delete()


@dataclass(frozen=True)
class Conflict:
    """Two texts for one answer: what somebody else saved, and what this writer wanted."""

    question: Question
    answer: Answer
    mine: Any
    base: Any


@dataclass(frozen=True)
class Saved:
    """What became of a form of answers.

    `answers` say now what the form says: a page that stays open goes on from their
    versions; `written` are those of them that this save changed. `untouched` were changed
    by somebody else and not by this writer: the page shows the old text, so it must keep
    the old version, or its next save would overwrite.
    """

    answers: list[Answer]
    conflicts: list[Conflict]
    untouched: list[Answer]
    written: list[Answer]

    @property
    def at(self) -> dt.datetime | None:
        """Return when the newest of these answers was saved."""
        return max((a.saved_at for a in self.answers if a.pk), default=None)


@transaction.atomic
def save_answers(
    *,
    response: Response,
    answers: Sequence[tuple[str, Any, int]],
    by: User | None,
) -> Saved:
    """Save a form of (question key, value, version read), as save_answer does each.

    What does not conflict is saved; the conflicts come back with both texts. Raises
    WrongStateError once the response is closed.
    """
    return write_answers(response=lock_open_response(response), answers=answers, by=by)


def write_answers(
    *,
    response: Response,
    answers: Sequence[tuple[str, Any, int]],
    by: User | None,
) -> Saved:
    """Do as save_answers for a response that is locked already, and open."""
    stored = _stored(response, {key for key, _value, _version in answers})
    saved: list[Answer] = []
    untouched: list[Answer] = []
    written: list[Answer] = []
    conflicts: list[Conflict] = []
    for key, value, read_version in answers:
        answer = stored[key]
        try:
            is_new = _take(answer, value=value, read_version=read_version, by=by)
        except StaleError:
            conflicts.append(
                Conflict(
                    question=answer.question,
                    answer=answer,
                    mine=keep_value(answer.question, value),
                    base=_value_read(answer, read_version),
                )
            )
            continue
        if is_new:
            written.append(answer)
        shows_it = answer.value == keep_value(answer.question, value)
        (saved if shows_it else untouched).append(answer)
    _write(written)
    _reopen_wrong(response, written)
    return Saved(saved, conflicts, untouched, written)


@transaction.atomic
def mark_section(*, response: Response, section_key: str, by: User | None) -> SectionMark:
    """Call a section done.

    Raises InvalidError naming the required questions without an answer, or the first
    answer that its question does not take. Marking twice keeps the first mark.
    Section.DoesNotExist for an unknown key.
    """
    response = lock_open_response(response)
    view = section_view(response, section_key)
    missing = view.missing
    if missing:
        raise InvalidError(
            ngettext(
                "One answer is still missing: %(questions)s. Give it, then mark the "
                "section as complete.",
                "%(count)s answers are still missing: %(questions)s. Give them, then "
                "mark the section as complete.",
                len(missing),
            )
            % {
                "count": len(missing),
                "questions": "; ".join(f"“{question.text}”" for question in missing),
            },
            field=missing[0].key,
            code="incomplete",
        )
    for one in view.wrong:
        raise InvalidError(one.problem_words, field=one.key, code="wrong_answer")
    mark, _made = SectionMark.objects.get_or_create(
        response=response, section=view.section, defaults={"marked_by": by}
    )
    return mark


@transaction.atomic
def reopen_section(*, response: Response, section_key: str) -> Section:
    """Take back that a section is done; without a mark nothing happens."""
    response = lock_open_response(response)
    section = Section.objects.get(version=response.version_id, key=section_key)
    response.marks.filter(section=section).delete()
    return section


@transaction.atomic
def close_response(response: Response) -> Response:
    """Take no more changes; a response that is closed stays closed since then."""
    response = lock(response)
    if response.closed_at is None:
        response.closed_at = days.now()
        response.save(update_fields=["closed_at"])
    return response
