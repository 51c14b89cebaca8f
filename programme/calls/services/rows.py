"""The rows of a call: commitments, documents, milestones, assessment criteria."""

from dataclasses import dataclass, field

from django.db.models import ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.kit.errors import InvalidError
from core.kit.text import fold
from programme.calls.models import (
    AssessmentCriterion,
    Call,
    CallCommitment,
    CallDocument,
    CallMilestone,
)
from programme.calls.selectors import DocumentData
from programme.calls.states import CallStatus, MilestoneKind


@dataclass(frozen=True)
class MilestoneData:
    """A milestone as typed; an empty key makes a new one."""

    title: str
    kind: str = MilestoneKind.EVENT
    offset_months: int = 0
    offset_days: int = 0
    key: str = ""


@dataclass(frozen=True)
class CriterionData:
    """An assessment criterion as typed; an empty key makes a new one."""

    title: str
    weight: int
    guidance: str = ""
    max_score: int = 5
    key: str = ""
    # What each score means, by whole points.
    ladder: dict[str, str] = field(default_factory=dict)


def _key(title: str, taken: set[str]) -> str:
    """Return a key for a new row that no other row of the call has."""
    base = slugify(fold(title))[:34].strip("-") or "row"
    key, number = base, 1
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    taken.add(key)
    return key


def write_commitments(call: Call, texts: list[str]) -> None:
    """Let a call ask a chosen city for these commitments, in this order."""
    if [row.text for row in call.commitments.all()] == texts:
        return
    call.commitments.all().delete()
    CallCommitment.objects.bulk_create(
        CallCommitment(call=call, text=text, order=order) for order, text in enumerate(texts)
    )


def write_documents(call: Call, rows: list[DocumentData]) -> None:
    """Let a call ask its applicants for these documents, in this order.

    What goes is kept once a call is public: applicants have put files on file for it.
    """
    taken = set(call.documents.values_list("key", flat=True))
    gone = call.documents.exclude(key__in=[row.key for row in rows if row.key])
    if call.status == CallStatus.DRAFT:
        # Nobody has applied to a draft.
        gone.delete()
    else:
        gone.update(is_asked=False)
    for order, row in enumerate(rows):
        CallDocument.objects.update_or_create(
            call=call,
            key=row.key or _key(row.title, taken),
            defaults={
                "title": row.title,
                "help": row.help,
                "is_required": row.is_required,
                "is_asked": True,
                "order": order,
            },
        )


def write_milestones(call: Call, rows: list[MilestoneData]) -> None:
    """Give a call these milestones; a key that is there keeps its row."""
    taken = {row.key for row in rows if row.key}
    call.milestones.exclude(key__in=taken).delete()
    for row in rows:
        CallMilestone.objects.update_or_create(
            call=call,
            key=row.key or _key(row.title, taken),
            defaults={
                "title": row.title,
                "kind": row.kind,
                "offset_months": row.offset_months,
                "offset_days": row.offset_days,
            },
        )


def write_criteria(call: Call, rows: list[CriterionData]) -> None:
    """Give a call these criteria, in this order; a key that is there keeps its row."""
    taken = {row.key for row in rows if row.key}
    try:
        call.criteria.exclude(key__in=taken).delete()
    except ProtectedError as error:
        raise InvalidError(
            _(
                "Assessors have scored a criterion that you took away: it stays. "
                "Load the page again."
            )
        ) from error
    for order, row in enumerate(rows):
        AssessmentCriterion.objects.update_or_create(
            call=call,
            key=row.key or _key(row.title, taken),
            defaults={
                "title": row.title,
                "guidance": row.guidance,
                "ladder": row.ladder,
                "weight": row.weight,
                "max_score": row.max_score,
                "order": order,
            },
        )
