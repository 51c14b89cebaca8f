"""The `comparing` library: how two texts are drawn beside each other."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.kit.comparing import Run, TwoTexts

register = template.Library()


def drawn(text: str, mark: str, words: str) -> SafeString:
    """Draw words in <ins> or <del>; a voice says what they are, and where they end."""
    return format_html(
        '<{0}><span class="visually-hidden">[{1}: </span>{2}'
        '<span class="visually-hidden"> {3}]</span></{0}>',
        mark,
        words,
        text,
        _("end"),
    )


@register.filter
def marked(runs: Iterable[Run], mark: str = "ins") -> SafeString:
    """Draw a text whose words of this side alone stand in <ins> or <del>; "" for no runs.

    What is only in a typed text would come with it, what is only in the stored one would go. White
    space counts (`pre-line`), so nothing that shows is put between the runs.
    """
    words = _("only here")
    pieces = [drawn(run.text, mark, words) if run.only_here else run.text for run in runs]
    return format_html_join("", "{}", ((piece,) for piece in pieces))


@register.filter
def saved_already(answers: Iterable[TwoTexts]) -> list[TwoTexts]:
    """Return those of which exactly what was typed is stored."""
    return [one for one in answers if one.is_same]


@register.filter
def one_text(answers: Iterable[TwoTexts]) -> str:
    """Return all that was typed as one text, each under its label."""
    return "\n\n".join(f"{one.label}\n{one.mine}" for one in answers)
