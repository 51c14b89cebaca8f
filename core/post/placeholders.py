"""Names in braces in what staff write for many readers: each reader gets words of their own."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from core.kit.errors import InvalidError, Words, refuse_all

_NAMED = re.compile(r"\{([^{}\n]*)\}")
# So many signs beside a lone brace show where it stands.
_BESIDE = 12


@dataclass(frozen=True)
class Placeholder:
    """A name in braces: what it stands for, and how it is worked out of what a mail knows.

    A `block` has paragraphs, or is a sentence that may be empty: no subject holds it.
    """

    name: str
    meaning: Words
    value: Callable[[Mapping[str, Any]], object]
    is_block: bool = False

    @property
    def braced(self) -> str:
        """Return it as it is typed: "{city}"."""
        return f"{{{self.name}}}"


def values_of(placeholders: Iterable[Placeholder], context: Mapping[str, Any]) -> dict[str, str]:
    """Return by name what stands for each, in the language that is active."""
    return {one.name: str(one.value(context)) for one in placeholders}


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with the values in place of their names; braces in a value stay as they are.

    What is put in is not looked at again, so no value brings in another one.
    """
    return _NAMED.sub(lambda found: values.get(found[1], found[0]), text)


def require_fitting(
    text: str,
    placeholders: Iterable[Placeholder],
    *,
    field: str,
    needed: Iterable[str] = (),
    is_line: bool = False,
) -> None:
    """Raise InvalidError unless each brace belongs to a placeholder that may stand here.

    As `misfits` says, all of them at once.
    """
    refuse_all(misfits(text, placeholders, field=field, needed=needed, is_line=is_line))


def misfits(
    text: str,
    placeholders: Iterable[Placeholder],
    *,
    field: str,
    needed: Iterable[str] = (),
    is_line: bool = False,
) -> list[InvalidError]:
    """Return what is wrong with the placeholders of a text, each with what to write instead.

    `needed` names those that must stand in it; `is_line`: it is a subject, so no block may.
    """
    known = {one.name: one for one in placeholders}
    allowed = [one for one in known.values() if not (is_line and one.is_block)]
    named = _NAMED.findall(text)
    found = []
    if blocks := sorted({name for name in named if is_line and name in known} - _names(allowed)):
        words = _("%(what)s stands in the words of a mail only: a subject is one short line.")
        found.append(words % {"what": _braced(blocks)})
    if unknown := sorted({name for name in named if name not in known}):
        found.append(_unknown(unknown, allowed))
    rest = _NAMED.sub("", text)
    if lone := re.search(r"[{}]", rest):
        beside = rest[max(0, lone.start() - _BESIDE) : lone.end() + _BESIDE].strip()
        words = _(
            "Nothing fills the brace at “%(beside)s”. Write one of %(known)s, or leave it out."
        )
        found.append(words % {"beside": beside, "known": _listed(allowed)})
    for name in needed:
        if name not in named:
            words = _("%(what)s is missing, and the mail has to say it: %(meaning)s. Put it in.")
            found.append(words % {"what": known[name].braced, "meaning": known[name].meaning})
    return [InvalidError(words, field=field, code="placeholder") for words in found]


def _names(placeholders: Iterable[Placeholder]) -> set[str]:
    return {one.name for one in placeholders}


def _braced(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _listed(placeholders: Iterable[Placeholder]) -> str:
    return get_text_list([one.braced for one in placeholders], _("and"))


def _unknown(names: list[str], allowed: list[Placeholder]) -> str:
    close = get_close_matches(names[0].strip().lower(), _names(allowed), 1, 0.75)
    words = _("Nothing fills %(what)s. Write one of %(known)s, or leave out the braces.")
    if close:
        words = _(
            "Nothing fills %(what)s. Did you mean %(close)s? Write one of %(known)s, or leave out "
            "the braces."
        )
    return words % {
        "what": _braced(names),
        "known": _listed(allowed),
        "close": _braced(close),
    }
