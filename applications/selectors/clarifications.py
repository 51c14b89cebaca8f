"""Reads on the questions of staff, and what they say beside an answer that was sent."""

from collections.abc import Iterable

from applications.models import Application, Clarification


def clarifications_of(application: Application) -> list[Clarification]:
    """Return every question on an application, the newest first, with who asked and answered."""
    return list(application.clarifications.select_related("asked_by", "answered_by", "file"))


def said_beside(clarifications: Iterable[Clarification]) -> dict[str, list[Clarification]]:
    """Return by the key of the answer what its city said to it when it was asked, in order."""
    found: dict[str, list[Clarification]] = {}
    for one in clarifications:
        if one.is_answered:
            found.setdefault(one.row, []).insert(0, one)
    return found
