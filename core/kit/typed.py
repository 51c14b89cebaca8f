"""What a form carried, to be shown back to its writer when the form itself cannot be."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, UnreadablePostError

# What a person typed into these is never shown back.
SECRET_WORDS = ("password", "token", "code", "secret")
# What nobody typed: what forms carry for the server alone.
MACHINERY = ("version", "stay", "next", "do", "form_key")
MACHINERY_STARTS = ("version_", "place_", "made_", "base_")
MOST_ANSWERS = 200


def _is_machinery(name: str) -> bool:
    return name in MACHINERY or name.startswith(MACHINERY_STARTS) or name.endswith("_FORMS")


def typed_answers(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the names and texts of a sent form, without what is secret or was not typed.

    An upload that broke off has none.
    """
    try:
        return answers_in(request.POST.lists())
    except UnreadablePostError:
        return []


def answers_in(fields: Iterable[tuple[str, Sequence[Any]]]) -> list[tuple[str, str]]:
    """Return the names and texts of (name, values) of fields, as `typed_answers` does."""
    found = []
    for name, values in fields:
        is_secret = any(word in name.lower() for word in SECRET_WORDS)
        if is_secret or _is_machinery(name):
            continue
        label = name.replace("-", " ").replace("_", " ").strip().capitalize()
        found += [(label, value) for value in values if value.strip()]
    return found[:MOST_ANSWERS]
