"""Reads on the words of a call's mails."""

from dataclasses import dataclass

from django.conf import settings

from core.duties.catalogue import key_of
from core.post.models import MailText
from core.post.texts import TextKind, text_kinds
from programme.calls.models import Call


@dataclass(frozen=True)
class Worded:
    """A mail of a call in one language: whose words count, and since when; None: the standard."""

    code: str
    name: str
    row: MailText | None


def texts_of(call: Call) -> list[tuple[TextKind, list[Worded]]]:
    """Return each mail that a call sends with what counts in each language; one query."""
    newest: dict[tuple[str, str], MailText] = {}
    rows = MailText.objects.filter(scope=key_of(call)).select_related("by")
    for row in rows.defer("text").order_by("number"):
        newest[row.kind, row.language] = row
    return [
        (
            kind,
            [Worded(code, name, _own(newest.get((kind.key, code)))) for code, name in _languages()],
        )
        for kind in text_kinds().values()
        if kind.offered(call)
    ]


def _languages() -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def _own(row: MailText | None) -> MailText | None:
    return row if row and row.subject else None


def writings_of(call: Call, kind: str, language: str) -> list[MailText]:
    """Return all that was written of one mail in one language, the newest first."""
    rows = MailText.objects.filter(scope=key_of(call), kind=kind, language=language)
    return list(rows.select_related("by").order_by("-number"))
