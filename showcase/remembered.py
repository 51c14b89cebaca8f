"""Parts of pages and whole files that hold until the public list changes."""

from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from showcase.selectors.directory import Directory

# An address longer than this is nobody's bookmark: what it asks for is drawn, but not kept.
LONGEST_KEY = 300


def drawn(
    listed: Directory, template: str, context: Callable[[], dict[str, Any]], *key: str
) -> SafeString:
    """Return the part of a page, drawn once for each key, language and state of the list.

    The key names all else that the part depends on; nothing of a person may stand in it.
    """

    def draw() -> SafeString:
        return render_to_string(template, context())

    if sum(len(word) for word in key) > LONGEST_KEY:
        return draw()
    part: SafeString = listed.remember((template, get_language(), *key), draw)
    return part
