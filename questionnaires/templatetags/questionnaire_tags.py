"""The `questionnaire_tags` library: how answers in conflict are drawn."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from questionnaires.merging import Run

register = template.Library()


@register.filter
def marked(runs: Iterable[Run]) -> SafeString:
    """Draw a text whose words of this side alone stand in <ins>; "" for no runs.

    Its white space counts (`pre-line`), so nothing is put between the runs.
    """
    pieces = [format_html("<ins>{}</ins>", run.text) if run.only_here else run.text for run in runs]
    return format_html_join("", "{}", ((piece,) for piece in pieces))
