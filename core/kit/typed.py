"""What a form carried, to be shown back to its writer when the form itself cannot be."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, UnreadablePostError

from core.kit.comparing import TwoTexts
from core.kit.keys import FIELD, PUT_BACK
from core.kit.shown import ShownField, ShownForm, form_as_shown, page_of

# What a person typed into these is never shown back, nor kept.
SECRET_WORDS = ("password", "token", "secret")
# A code lets somebody in where people sign in; elsewhere it is a name, such as that of a call.
CODE, CODE_IS_SECRET_BELOW = "code", "/accounts/"
# What nobody typed: what forms carry for the server alone.
MACHINERY = ("version", "stay", "next", "do", "put", "go_on", FIELD, PUT_BACK)
MACHINERY_STARTS = ("version_", "place_", "made_", "base_")
MOST_ANSWERS = 200

Fields = Iterable[tuple[str, Sequence[Any]]]


def is_secret(name: str, path: str) -> bool:
    """Tell whether a field of a form to `path` holds what lets somebody in."""
    words = (*SECRET_WORDS, CODE) if path.startswith(CODE_IS_SECRET_BELOW) else SECRET_WORDS
    return any(word in name.lower() for word in words)


def _is_machinery(name: str) -> bool:
    return name in MACHINERY or name.startswith(MACHINERY_STARTS) or name.endswith("_FORMS")


def typed_answers(request: HttpRequest) -> list[TwoTexts]:
    """Return what a person typed into a sent form, without what is secret or was not typed.

    An upload that broke off has none.
    """
    try:
        fields = [(name, [str(v) for v in values]) for name, values in request.POST.lists()]
    except UnreadablePostError:
        return []
    return answers_in(request, fields, request.get_full_path(), page_of(request))


def answers_in(request: HttpRequest, fields: Fields, path: str, page: str) -> list[TwoTexts]:
    """Return what stands in (name, values) of a form to `path` that was sent from `page`.

    Each answer has the label that its writer knows from the page, a choice its words, and what
    stands in the field now. A form that is no longer there has neither: then names are spelt out.
    """
    sent = [
        (name, [str(value) for value in values])
        for name, values in fields
        if not is_secret(name, path) and not _is_machinery(name)
    ]
    form = form_as_shown(request, path, page, sent) if sent else None
    found = []
    for name, values in sent:
        if form is None:
            found += [TwoTexts(_spelt_out(name), value) for value in values if value.strip()]
        elif (field := _field_of(form, name)) and (words := field.in_words(values)).strip():
            found.append(TwoTexts(field.label, words, field.in_words(field.values)))
    # Two fields of a form may carry the same text, such as a choice and what was made of it.
    return list(dict.fromkeys(found))[:MOST_ANSWERS]


def _field_of(form: ShownForm, name: str) -> ShownField | None:
    """Return the field of a name; a row that a script had added is like the first of its list.

    None for what the form carries hidden.
    """
    if known := form.field_of(name):
        return known
    if any(hidden == name for hidden, _value in form.hidden):
        return None
    first = form.fields.get(re.sub(r"-\d+-", "-0-", name))
    label = first.label if first else _spelt_out(name)
    return ShownField(label, first.choices if first else {})


def _spelt_out(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").strip().capitalize()
