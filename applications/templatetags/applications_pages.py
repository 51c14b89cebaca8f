"""Small words of the pages of applications."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import template

from applications.eligibility import JudgedCriterion
from applications.states import TONES, ApplicationStatus, Outcome, Ruling

register = template.Library()


@register.filter
def tone_of(status: str) -> str:
    """Return the colour of a status."""
    return TONES[ApplicationStatus(status)]


@register.filter
def lookup(mapping: Mapping[str, Any] | None, key: str) -> Any:
    """Return a value of a mapping, None without it."""
    return mapping.get(key) if mapping else None


@register.filter
def state_word(state: str) -> str:
    """Return the word for where a criterion stands."""
    words = dict(Outcome.choices) | dict(Ruling.choices)
    return str(words.get(state, state))


class Mark(NamedTuple):
    """How a criterion looks in the workbench: the rest of its class `is-…`, and its icon."""

    state: str
    icon: str


@register.filter
def judged_mark(item: JudgedCriterion) -> Mark:
    """Return the mark of a criterion with what staff ruled on it."""
    if item.is_met:
        return Mark("yes", "check")
    return Mark("no", "x") if item.is_failed else Mark("ask", "help")
