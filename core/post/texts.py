"""Which mails staff may word themselves, and which words count when one is written.

The socket is `<app>/mails.py`: its `TEXTS` lists a TextKind for each mail, and the templates stand
beside those of every mail, with the words that can be exchanged alone in
`mails/<template>_words.txt`. That file reads the values of placeholders as `p.city`. Where own
words are stored, the frame of the mail gets them as `own` in place of those (build_mail).
`case` and `cases` of the same module find a real one to try words on.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.template import Context, Engine
from django.utils import translation

from core.kit.errors import Words, refuse_all
from core.kit.people import Person
from core.kit.sockets import plugged
from core.kit.text import clean_line
from core.kit.writes import clean_text
from core.post.models import MailText
from core.post.placeholders import Placeholder, filled, misfits, values_of

Values = Mapping[str, Any]
LONGEST_SUBJECT = 200
LONGEST_WORDS = 6000


@dataclass(frozen=True)
class OwnWords:
    """What staff wrote themselves in place of the words that a mail comes with."""

    subject: str
    text: str


def clean_own(subject: str, text: str, *, no_subject: Words, no_text: Words) -> OwnWords:
    """Return subject and words as they can be stored; their placeholders are not looked at.

    Raises InvalidError, at `subject` or `text`, for what is too long, or empty (`no_subject` and
    `no_text` say what to do then).
    """
    return OwnWords(
        clean_text(clean_line(subject), field="subject", limit=LONGEST_SUBJECT, missing=no_subject),
        clean_text(text, field="text", limit=LONGEST_WORDS, missing=no_text),
    )


def require_words_fitting(
    words: OwnWords, placeholders: Collection[Placeholder], *, needed: Iterable[str] = ()
) -> None:
    """Raise InvalidError, at `subject` or `text` or both, for placeholders that do not fit.

    `needed` names those that the text may not leave out.
    """
    refuse_all(
        [
            *misfits(words.subject, placeholders, field="subject", is_line=True),
            *misfits(words.text, placeholders, field="text", needed=needed),
        ]
    )


@dataclass(frozen=True)
class TextKind:
    """A mail that staff may word: one template, or what it says in one case of several.

    `scope` returns from the context of a mail the key of what the words are written for, such as
    "call:3"; `fits` tells whether it is this case of the template. `example` returns a context
    for the thing when there is no real case yet. `offered` tells for which things it is sent at
    all. `needed` names the placeholders that no text may leave out.
    """

    key: str
    template: str
    label: Words
    # When it leaves and who reads it, in a few words.
    sent_when: Words
    placeholders: tuple[Placeholder, ...]
    scope: Callable[[Values], str]
    example: Callable[[Any], dict[str, Any]]
    needed: tuple[str, ...] = ()
    fits: Callable[[Values], bool] = field(default=lambda _values: True)
    offered: Callable[[Any], bool] = field(default=lambda _thing: True)

    def check(self, words: OwnWords) -> None:
        """Raise InvalidError for placeholders that do not fit, of subject and text at once."""
        require_words_fitting(words, self.placeholders, needed=self.needed)

    def fill(self, words: OwnWords, values: Values) -> OwnWords:
        """Return the words for one reader, in the language that is active."""
        filling = values_of(self.placeholders, values)
        subject, text = filled(words.subject, filling), filled(words.text, filling)
        return OwnWords(" ".join(subject.split()), _paragraphs(text))

    def standard(self, thing: object, language: str) -> OwnWords:
        """Return the words that the mail comes with, each placeholder as its name in braces."""
        braced = {one.name: one.braced for one in self.placeholders}
        with translation.override(language):
            return self.as_written({**self.example(thing), "p": braced})

    def as_written(self, values: Values) -> OwnWords:
        """Return subject and words out of the templates, in the language that is active."""
        values = {**values, "own": None}
        subject = plain_text(f"mails/{self.template}_subject.txt", values)
        text = plain_text(f"mails/{self.template}_words.txt", values)
        return OwnWords(" ".join(subject.split()), _paragraphs(text))


def plain_text(template: str, values: Values) -> str:
    """Render plain text, where an ampersand is an ampersand."""
    context = Context(dict(values), autoescape=False)
    return Engine.get_default().get_template(template).render(context)


def _paragraphs(text: str) -> str:
    """Return paragraphs with one empty line between them, whatever an empty value left behind."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for at, line in enumerate(lines) if line or lines[at - 1]]
    return "\n".join(kept)


@cache
def text_kinds() -> dict[str, TextKind]:
    """Return every kind by its key, in the order of the life of a call."""
    return {kind.key: kind for module in plugged("mails") for kind in getattr(module, "TEXTS", ())}


def kind_of(template: str, values: Values) -> TextKind | None:
    """Return the kind of the mail that is being written; None for one with fixed words."""
    kinds = (kind for kind in text_kinds().values() if kind.template == template)
    return next((kind for kind in kinds if kind.fits(values)), None)


def stored_words(kind: TextKind, scope: str, language: str) -> OwnWords | None:
    """Return what staff have written for a thing in a language; None for the standard words."""
    rows = MailText.objects.filter(scope=scope, kind=kind.key, language=language)
    row = rows.order_by("-number").first()
    return OwnWords(row.subject, row.text) if row and not row.is_standard else None


def words_for(template: str, values: Values, language: str) -> dict[str, Any]:
    """Return what the templates of a mail need beside its context: `p`, and `own` if there is one.

    A context that brings words of its own under `own` keeps them. The language is active.
    """
    kind = kind_of(template, values)
    if kind is None:
        return {}
    found: dict[str, Any] = {"p": values_of(kind.placeholders, values)}
    if values.get("own") is None:
        stored = stored_words(kind, kind.scope(values), language)
        found["own"] = kind.fill(stored, values) if stored else None
    return found


def words_of(template: str, values: Values, language: str) -> OwnWords:
    """Return subject and words that a mail of some kind would have, the frame left out.

    For who changes them for one reader alone. Raises LookupError for a mail with fixed words.
    """
    with translation.override(language):
        kind = kind_of(template, values)
        if kind is None:
            raise LookupError(template)
        values = {**values, **words_for(template, values, language)}
        own: OwnWords | None = values["own"]
        return own or kind.as_written(values)


# Real cases ---------------------------------------------------------------------------
def cases_of(thing: object, person: Person) -> list[tuple[str, str]]:
    """Return some real cases of a thing that a person may read: (reference, name)."""
    asked = [module for module in plugged("mails") if hasattr(module, "cases")]
    return [case for module in asked for case in module.cases(thing, person)]


def case_of(thing: object, person: Person, reference: str) -> dict[str, Any] | None:
    """Return the context of a real case; None where there is none that the person may read."""
    for module in plugged("mails"):
        if hasattr(module, "case"):
            found: dict[str, Any] | None = module.case(thing, person, reference)
            if found is not None:
                return found
    return None
