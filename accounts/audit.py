"""The words for the verbs of the audit trail; each app registers its own at start."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from accounts.models import AuditEvent

_SENTENCES: "dict[str, str | _StrPromise]" = {}


def register_verbs(sentences: "Mapping[str, str | _StrPromise]") -> None:
    """Add verb -> lazy sentence, e.g. {"application.submitted": _("Application sent")}."""
    _SENTENCES.update(sentences)


def describe(event: "AuditEvent") -> str:
    """Return the sentence of an event; an unknown verb is shown as it is."""
    return str(_SENTENCES.get(event.verb, event.verb))


def verbs_in_words() -> list[tuple[str, str]]:
    """Return every verb with its sentence, in the order of the sentences."""
    return sorted(
        ((verb, str(sentence)) for verb, sentence in _SENTENCES.items()),
        key=lambda pair: pair[1],
    )
