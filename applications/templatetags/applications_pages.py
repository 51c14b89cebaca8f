"""Small words of the pages of applications."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from applications.eligibility import JudgedCriterion
from applications.parts import Change
from applications.progress import next_of
from applications.states import TONES, ApplicationStatus, Outcome, Ruling
from core.kit.comparing import pieces_between
from core.kit.templatetags.comparing import drawn

register = template.Library()


register.filter(next_of)


@register.filter
def tone_of(status: str) -> str:
    """Return the colour of a status."""
    return TONES[ApplicationStatus(status)]


@register.filter
def lookup(mapping: Mapping[str, Any] | None, key: str) -> Any:
    """Return a value of a mapping, None without it."""
    return mapping.get(key) if mapping else None


@register.filter
def holds(keys: Collection[str] | None, key: str) -> bool:
    """Tell whether a key is one of these; none are a page's that has none."""
    return key in (keys or ())


@register.filter
def state_word(state: str) -> str:
    """Return the word for where a criterion stands."""
    words = dict(Outcome.choices) | dict(Ruling.choices)
    return str(words.get(state, state))


@register.simple_tag
def words_changed(change: Change) -> SafeString:
    """Draw what an answer said and says: words that went in <del>, words that came in <ins>."""
    words = {"del": _("taken out"), "ins": _("new")}
    pieces = [
        drawn(piece.text, piece.tag, words[piece.tag]) if piece.tag else piece.text
        for piece in pieces_between(*change.texts)
    ]
    return format_html_join("", "{}", ((piece,) for piece in pieces))


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
