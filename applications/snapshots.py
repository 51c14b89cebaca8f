"""Exactly what is sent, as JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from applications.models import Application, Interest, Municipality, SignedPaper, Stakeholder
from applications.parts import rows_of
from applications.selectors import municipalities_of
from applications.selectors.facts import minimum_of
from applications.selectors.partnership import stakeholders_of
from applications.selectors.profile import profile_as_sent
from applications.states import Declaration
from core.kit.fingerprints import fingerprint
from questionnaires.models import Response
from questionnaires.selectors import section_list

FORMAT = 1


def snapshot_of(
    application: Application,
    *,
    at: datetime | None = None,
    by: User | None = None,
    members: Sequence[Municipality] | None = None,
    stakeholders: Sequence[Stakeholder] | None = None,
    declarations: Sequence[Declaration] = (),
) -> dict[str, Any]:
    """Return everything the city sends: figures, people, wishes, answers, file prints.

    `at` and `by` say when it is sent and by whom, `declarations` what they declare; a page that
    shows a draft has none of them. Who has read the municipalities or stakeholders hands them in.
    """
    stakeholders = stakeholders_of(application) if stakeholders is None else stakeholders
    members = municipalities_of(application) if members is None else members
    return {
        **_whose(application),
        "kind": str(application.kind),
        "is_measured": minimum_of(application.call, application.organisation.side) is not None,
        "exception_reason": application.exception_reason,
        "municipalities": [_municipality(row) for row in members],
        "stakeholders": [_stakeholder(row) for row in stakeholders],
        **_people(application),
        "themes": [theme.name for theme in application.themes.all()],
        "partner_countries": [c.name for c in application.partner_countries.all()],
        "profile": profile_as_sent(application),
        "sections": _sections(application),
        "documents": _documents(application),
        "commitments": [row.text for row in application.call.commitments.all()],
        "declarations": [_declaration(one, at, by) for one in declarations],
        **_sending(at, by),
    }


def _whose(row: Application | Interest) -> dict[str, Any]:
    """Return what stands at the head: the reference, for which call, by whom."""
    return {
        "format": FORMAT,
        "reference": row.reference,
        "call": {"code": row.call.code, "title": row.call.title},
        "organisation": {
            "name": row.organisation.name,
            "country": row.organisation.country_id,
            "kind": row.organisation.kind,
        },
    }


def _sending(at: datetime | None, by: User | None) -> dict[str, Any]:
    return {"sent_at": at.isoformat() if at else None, "sent_by": str(by or "")}


def _people(application: Application) -> dict[str, Any]:
    """Return both contacts, and who signs."""
    parts = ("name", "position", "email", "phone")
    return {
        "contact": {part: getattr(application, f"contact_{part}") for part in parts},
        "deputy": {part: getattr(application, f"deputy_{part}") for part in parts},
        "signatory": {
            "name": application.signatory_name,
            "office": application.signatory_office,
        },
    }


def _documents(application: Application) -> list[dict[str, Any]]:
    return [
        {
            "key": row.asked.key,
            "title": row.asked.title,
            "file_name": row.file.name,
            "kind": row.file.kind,
            "size": row.file.size,
            "sha256": row.file.sha256,
        }
        for row in application.documents.select_related("asked", "file")
    ]


def _declaration(one: Declaration, at: datetime | None, by: User | None) -> dict[str, Any]:
    return {
        "key": one.value,
        # The words as they were read, in the language of who declared.
        "words": str(one.label),
        "by": str(by or ""),
        "at": at.isoformat() if at else None,
    }


# What a sending adds: no part of what its page shows before.
_OF_THE_SENDING = ("reference", "sent_at", "sent_by", "declarations")


def content_print(snapshot: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a snapshot says, whenever and by whomever it is sent."""
    return fingerprint({k: v for k, v in snapshot.items() if k not in _OF_THE_SENDING})


def row_prints(snapshot: Mapping[str, Any]) -> dict[str, str]:
    """Return a short fingerprint of each answer by its key: enough to see which one changed."""
    return {
        key: fingerprint([row.label, row.value, row.note, row.mark])[:10]
        for key, (_part, row) in rows_of(snapshot).items()
    }


def interest_snapshot(
    interest: Interest, *, at: datetime | None = None, by: User | None = None
) -> dict[str, Any]:
    """Return all that an expression of interest says, as `snapshot_of` does for an application."""
    return {
        **_whose(interest),
        "sections": sections_as_sent(interest.response),
        **_sending(at, by),
    }


def _municipality(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "country": row.country_id,
        "country_name": row.country.name,
        "is_lead": row.is_lead,
        "population": row.population,
        "population_year": row.population_year,
        "population_source": row.population_source,
        "commitment": _signed(getattr(row, "commitment", None)),
    }


def _stakeholder(row: Any) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "name": row.name,
        "role": row.role,
        "contact_name": row.contact_name,
        "contact_email": row.contact_email,
        "letter": _signed(getattr(row, "letter", None)),
    }


def _signed(paper: SignedPaper | None) -> dict[str, Any] | None:
    if paper is None:
        return None
    return {
        # A letter has a file, what was written online an address and its words.
        "file_name": paper.file.name if paper.file else "",
        "size": paper.file.size if paper.file else 0,
        "sha256": paper.file.sha256 if paper.file else "",
        "email": paper.email,
        "statement": paper.statement,
        "signed_by_name": paper.signed_by_name,
        "signed_by_office": paper.signed_by_office,
        "signed_on": paper.signed_on.isoformat(),
        "signed_under": paper.old_name,
    }


def _sections(application: Application) -> list[dict[str, Any]]:
    return [] if application.response is None else sections_as_sent(application.response)


def sections_as_sent(response: Response) -> list[dict[str, Any]]:
    """Return what is asked and answered, section by section, in words."""
    return [
        {
            "key": section.key,
            "title": str(section.section),
            "answers": [
                {"key": view.key, "question": view.question.text, "answer": view.text}
                for view in section.asked
            ],
        }
        for section in section_list(response)
    ]
