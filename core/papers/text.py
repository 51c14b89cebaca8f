"""Text that a paper can hold: a strict PDF refuses signs that no font draws."""

import re
import unicodedata
from typing import Any

from core.kit.text import clean_paragraphs
from core.papers.fonts import drawable

# Stands for a character that no font draws.
MISSING = "□"
# They join or part letters and are drawn as nothing.
_INVISIBLE = frozenset("\n\u200c\u200d\u00ad")
# Accents are common to the scripts of Europe.
_MARKED_BY = {"COMBINING": {"LATIN", "GREEK", "CYRILLIC"}}
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:-.*)?")


def safe_text(text: str) -> str:
    """Return the text in signs that the fonts draw."""
    known = drawable()
    return "".join(
        sign if ord(sign) in known or sign in _INVISIBLE else MISSING
        for sign in clean_paragraphs(text.replace("\t", " "))
        # What picks a coloured form of a sign picks nothing here.
        if not 0xFE00 <= ord(sign) <= 0xFE0F  # noqa: PLR2004 - the variation selectors
    )


def _script(sign: str) -> str:
    """Return the script of a letter, as the first word of its name: "LATIN", "THAI"."""
    return unicodedata.name(sign, "").partition(" ")[0]


def own_marks(text: str) -> str:
    """Return the text without marks that stand on a letter of another script.

    No single font draws such a pair.
    """
    kept, script = [], ""
    for sign in unicodedata.normalize("NFC", text):
        if not _is_mark(sign):
            script = _script(sign)
        elif script not in _MARKED_BY.get(_script(sign), {_script(sign)}):
            continue
        kept.append(sign)
    return "".join(kept)


def no_marks(text: str) -> str:
    """Return the text without any mark that is a sign of its own."""
    return "".join(sign for sign in unicodedata.normalize("NFC", text) if not _is_mark(sign))


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign).startswith("M")


def safe_data(value: Any, clean: Any = safe_text) -> Any:
    """Return JSON data with every text in it cleaned."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: safe_data(each, clean) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [safe_data(each, clean) for each in value]
    return value


def language_of(code: str) -> str:
    """Return the language of a code such as "en-gb" or "zh-hans"; "en" for none."""
    found = _LANGUAGE.fullmatch(code)
    return found[1].lower() if found else "en"
