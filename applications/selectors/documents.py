"""The documents of an application, beside what its call asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from applications.models import Application, ApplicationDocument
from programme.calls.models import CallDocument


@dataclass(frozen=True)
class Paper:
    """A document that the call asks for, or has asked for, with what is on file for it."""

    asked: CallDocument
    document: ApplicationDocument | None


def papers_of(application: Application) -> list[Paper]:
    """Return what the call asks for, then what is on file that it asks for no longer; 2 queries."""
    on_file = {
        row.asked_id: row for row in application.documents.select_related("asked", "file").all()
    }
    papers = [
        Paper(asked, on_file.pop(asked.pk, None)) for asked in application.call.documents.asked()
    ]
    return papers + [Paper(row.asked, row) for row in on_file.values()]


def document_links(application: Application, sent: Mapping[str, Any]) -> dict[str, str]:
    """Return where the documents of a snapshot are opened, by the keys of their rows; no query."""
    return {
        f"document:{row['key']}": reverse(
            "applications:document_file", args=[application.key, row["key"]]
        )
        for row in sent.get("documents", ())
    }
