"""Bringing answers from one response into another."""

from typing import Any

from django.db import transaction

from core.kit.errors import InvalidError
from core.kit.writes import lock
from questionnaires.models import Answer, AnswerRevision, Question, Response
from questionnaires.structure import structure_of
from questionnaires.values import keep_value, problem_of


@transaction.atomic
def carry_answers(*, source: Response, target: Response) -> None:
    """Let `target` say what `source` says, with who wrote it and when; its history stays.

    A response that was handed in takes it too: its owner decides that. What the version of
    the target does not ask, or no longer offers as a choice, stays behind.
    """
    target = lock(target)
    given = {a.question.key: a for a in source.answers.select_related("question")}
    stored = {a.question_id: a for a in target.answers.all()}
    for key, question in structure_of(target.version_id).questions.items():
        theirs = given.get(key)
        answer = stored.get(question.pk) or Answer(response=target, question=question, version=0)
        value = _fitting(question, theirs) if theirs else None
        if value == answer.value:
            continue
        answer.value = value
        answer.is_wrong = problem_of(question, value) is not None
        answer.version += 1
        if theirs:
            answer.saved_at, answer.saved_by_id = theirs.saved_at, theirs.saved_by_id
        answer.save()
        AnswerRevision.objects.create(
            answer=answer,
            version=answer.version,
            value=value,
            saved_at=answer.saved_at,
            saved_by_id=answer.saved_by_id,
        )


def _fitting(question: Question, theirs: Answer) -> Any:
    """Return what the question takes of an answer to one of the same key, maybe of another kind."""
    value = theirs.value
    if theirs.question_id == question.pk:
        return value
    if isinstance(value, list) and theirs.question.kind != question.kind:
        return None
    try:
        return keep_value(question, value)
    except InvalidError:
        return None
