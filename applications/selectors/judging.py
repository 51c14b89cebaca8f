"""What of an application waits for a human in its check, and the papers to judge it by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from applications.eligibility import JudgedCriterion
from applications.models import Application, Municipality
from applications.selectors.partnership import stakeholders_of
from applications.states import CommitmentVerdict, Criterion
from core.files.models import StoredFile


@dataclass(frozen=True)
class Item:
    """One thing to judge: a criterion, or the commitment of one municipality."""

    # In addresses: the criterion, or "commitment-12".
    key: str
    # As the page counts the criteria.
    number: int
    criterion: JudgedCriterion
    municipality: Municipality | None = None


@dataclass(frozen=True)
class Sheet:
    """A paper of an application: a commitment, a letter or a document that its call asks for."""

    # In addresses: "commitment-12", "letter-7", "document-budget".
    key: str
    kind: str
    # What stands in the address of its file.
    part: str
    name: str
    file: StoredFile | None
    # What was signed on a page of the portal instead.
    words: str = ""


def items_of(criteria: Sequence[JudgedCriterion], members: Sequence[Municipality]) -> list[Item]:
    """Return what is still to be judged, in order; each unread commitment is one."""
    found = []
    for number, criterion in enumerate(criteria, 1):
        if criterion.is_met:
            continue
        key = str(criterion.result.key)
        letters = _unread(members) if key == Criterion.COMMITMENTS and criterion.is_open else []
        found += [Item(f"commitment-{one.pk}", number, criterion, one) for one in letters] or [
            Item(key, number, criterion)
        ]
    return found


def item_of(
    criteria: Sequence[JudgedCriterion], members: Sequence[Municipality], key: str
) -> Item | None:
    """Return what has this key, be it judged already; None for what is none of the case."""
    for number, criterion in enumerate(criteria, 1):
        name = str(criterion.result.key)
        if name == key:
            return Item(key, number, criterion)
        for one in members if name == Criterion.COMMITMENTS else ():
            if key == f"commitment-{one.pk}" and hasattr(one, "commitment"):
                return Item(key, number, criterion, one)
    return None


def _unread(members: Sequence[Municipality]) -> list[Municipality]:
    given = ((one, getattr(one, "commitment", None)) for one in members)
    return [one for one, paper in given if paper and paper.verdict == CommitmentVerdict.WAITING]


def sheets_of(
    application: Application, members: Sequence[Municipality], sent: Mapping[str, Any]
) -> list[Sheet]:
    """Return the papers of an application, commitments first.

    What was `sent` (its snapshot) says whether there are letters and documents: two queries at
    most.
    """
    rows: list[tuple[str, Any, Any]] = [
        ("commitment", one, getattr(one, "commitment", None)) for one in members
    ]
    if any(row["letter"] for row in sent.get("stakeholders", ())):
        stakeholders = stakeholders_of(application)
        rows += [("letter", one, getattr(one, "letter", None)) for one in stakeholders]
    sheets = [
        Sheet(f"{kind}-{one.pk}", kind, str(one.pk), one.name, paper.file, paper.statement)
        for kind, one, paper in rows
        if paper is not None
    ]
    if not sent.get("documents"):
        return sheets
    documents = application.documents.select_related("asked", "file")
    return sheets + [
        Sheet(f"document-{row.asked.key}", "document", row.asked.key, row.asked.title, row.file)
        for row in documents
    ]
