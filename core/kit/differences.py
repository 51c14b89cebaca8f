"""What somebody else has stored beside what stands in a form: for the page of a stale version."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext as _

from core.kit.comparing import TwoTexts
from core.kit.fields import ConfirmField, ReasonField
from core.kit.saving import Sent


@dataclass(frozen=True)
class SavedFirst:
    """What somebody else saved first, as components/stale.html shows it.

    `by` is who saved it, None where nobody knows; `rows` is where it differs from what was typed.
    """

    by: object | None
    rows: list[TwoTexts]


def saved_first(
    sent: Sent[Any] | None, *, by: Callable[[Any], object | None], rows: Callable[[Any], Any]
) -> SavedFirst | None:
    """Return what a page shows after a StaleError, None after anything else.

    `by` and `rows` are asked of what the error says is stored now.
    """
    stale = sent.stale if sent else None
    return SavedFirst(by(stale.current), rows(stale.current)) if stale else None


def differences(typed: forms.BaseForm, stored: forms.BaseForm | None = None) -> list[TwoTexts]:
    """Return each field whose stored value says something else than what was typed.

    `typed` is bound and checked; `stored` is the same form as it opens now, unless the first
    values of `typed` are what is stored. A reason or a tick that confirms belongs to the save
    that brings it: none is stored in its place.
    """
    stored = stored or typed
    cleaned: dict[str, Any] = getattr(typed, "cleaned_data", {})
    result = []
    for bound in stored:
        if (
            bound.is_hidden
            or bound.field.disabled
            or bound.name not in typed.fields
            or isinstance(bound.field, ReasonField | ConfirmField)
        ):
            continue
        theirs = bound.initial
        changed = bound.field.has_changed(theirs, typed[bound.name].data)
        if changed and (bound.name not in cleaned or cleaned[bound.name] != theirs):
            mine = _typed_in_words(typed, bound.name, cleaned)
            result.append(TwoTexts(str(bound.label), mine, in_words(bound.field, theirs)))
    return result


def row_differences(label: object, typed: BaseFormSet, stored: BaseFormSet) -> list[TwoTexts]:
    """Return the stored rows of a list, one a line, when they are others than those typed."""
    form: Any = stored.form
    fields: dict[str, Any] = {
        name: field for name, field in form.base_fields.items() if not field.widget.is_hidden
    }
    theirs = _lines(fields, stored.initial or [])
    mine = _lines(fields, [one.cleaned_data for one in typed.forms if _stays(one)])
    if mine == theirs:
        return []
    return [TwoTexts(str(label), *("\n".join(lines) or _("Nothing") for lines in (mine, theirs)))]


def _typed_in_words(typed: forms.BaseForm, name: str, cleaned: dict[str, Any]) -> str:
    """Return what was typed as the stored value is told; what is not valid, as it was typed."""
    if name in cleaned:
        return in_words(typed.fields[name], cleaned[name])
    data = typed[name].data
    return ", ".join(map(str, data)) if isinstance(data, list) else str(data or _("Nothing"))


def _stays(form: Any) -> bool:
    return form.is_valid() and not form.cleaned_data.get("DELETE")


def _lines(fields: dict[str, Any], rows: Iterable[Mapping[str, Any]]) -> list[str]:
    lines = []
    for row in rows:
        # An empty row of the page has its choices, but says nothing.
        said = [
            row.get(name)
            for name, field in fields.items()
            if row.get(name) not in {None, "", 0, field.initial}
        ]
        if said:
            words = [in_words(field, row[name]) for name, field in fields.items() if row.get(name)]
            lines.append(", ".join(words))
    return lines


def in_words(field: Any, value: Any) -> str:
    """Return a stored value as its input would show it, a choice by its label."""
    if isinstance(value, list | tuple | QuerySet):
        return ", ".join(in_words(field, one) for one in value) or _("Nothing")
    if isinstance(field, forms.ModelChoiceField):
        return _row_in_words(field, value)
    labels = {str(choice): label for choice, label in getattr(field, "choices", [])}
    if str(value) in labels:
        return str(labels[str(value)])
    prepared = field.prepare_value(value)
    return str(prepared) if prepared not in {None, ""} else _("Nothing")


def _row_in_words(field: Any, value: Any) -> str:
    if isinstance(value, Model):
        return str(value)
    if isinstance(field, forms.ModelMultipleChoiceField):
        # Its `to_python` takes lists alone.
        rows: Any = field.queryset
        return next((str(row) for row in rows if field.prepare_value(row) == value), str(value))
    try:
        return str(field.to_python(value) or _("Nothing"))
    except forms.ValidationError:
        # Stored before the list of choices became shorter.
        return str(value)
