"""What a form carried, to be shown back to its writer when the form itself cannot be."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, UnreadablePostError

# What a person typed into these is never shown back, nor kept.
SECRET_WORDS = ("password", "token", "secret")
# A code lets somebody in where people sign in; elsewhere it is a name, such as that of a call.
CODE, CODE_IS_SECRET_BELOW = "code", "/accounts/"
# What nobody typed: what forms carry for the server alone.
MACHINERY = ("version", "stay", "next", "do", "form_key")
MACHINERY_STARTS = ("version_", "place_", "made_", "base_")
MOST_ANSWERS = 200


def is_secret(name: str, path: str) -> bool:
    """Tell whether a field of a form to `path` holds what lets somebody in."""
    words = (*SECRET_WORDS, CODE) if path.startswith(CODE_IS_SECRET_BELOW) else SECRET_WORDS
    return any(word in name.lower() for word in words)


def _is_machinery(name: str) -> bool:
    return name in MACHINERY or name.startswith(MACHINERY_STARTS) or name.endswith("_FORMS")


def typed_answers(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the names and texts of a sent form, without what is secret or was not typed.

    An upload that broke off has none.
    """
    try:
        return answers_in(request.POST.lists(), request.path)
    except UnreadablePostError:
        return []


def answers_in(fields: Iterable[tuple[str, Sequence[Any]]], path: str) -> list[tuple[str, str]]:
    """Return the names and texts of (name, values) of a form to `path`, as `typed_answers` does."""
    found = []
    for name, values in fields:
        if is_secret(name, path) or _is_machinery(name):
            continue
        label = name.replace("-", " ").replace("_", " ").strip().capitalize()
        found += [(label, value) for value in values if value.strip()]
    return found[:MOST_ANSWERS]
