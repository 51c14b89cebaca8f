"""Searches that take a text word by word."""

from collections.abc import Callable

from django.db.models import Q

from core.kit.text import search_words


def in_words_or_whole(text: str, named: Callable[[str], Q]) -> Q:
    """Return the condition that every word of a text is found, or all of it as one.

    `named` says where one folded word is looked for. The whole counts too, since a name in
    another language may be several words: "Den Haag" is no word of The Hague.
    """
    words = search_words(text)
    found = Q()
    for word in words:
        found &= named(word)
    return found | named(" ".join(words)) if len(words) > 1 else found
