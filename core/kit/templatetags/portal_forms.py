"""The `portal_forms` tag library: one way to draw a field, whoever asks for it."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.formsets import BaseFormSet
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

CHECKS = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


@dataclass(frozen=True)
class ErrorLine:
    """One line of the error summary: the message, and the part of the page it is about."""

    text: str
    target: str


def _classes(own: str, ours: str, *, wrong: bool) -> str:
    words = [*own.split(), ours, *(["is-invalid"] if wrong else [])]
    return " ".join(dict.fromkeys(words))


def _style(widget: forms.Widget) -> str:
    if isinstance(widget, CHECKS):
        return "form-check-input"
    if isinstance(widget, forms.Select | forms.SelectDateWidget):
        return "form-select"
    return "form-control"


@register.simple_tag
def widget(field: BoundField, no_placeholder: bool | str = False) -> SafeString:
    """Draw a field's input in our classes, without its placeholder if asked to.

    A length limit of a textarea becomes `data-limit`: the counter warns and the server
    decides, while the browser's own maxlength would cut a pasted text without a word.
    """
    own = field.field.widget
    attrs: dict[str, Any] = {
        "class": _classes(own.attrs.get("class", ""), _style(own), wrong=bool(field.errors))
    }
    if no_placeholder:
        attrs["placeholder"] = False
    if isinstance(own, forms.Textarea) and own.attrs.get("maxlength"):
        attrs["data-limit"] = own.attrs["maxlength"]
        attrs["maxlength"] = False
    return field.as_widget(attrs=attrs)


@register.simple_tag
def bare_widget(field: BoundField) -> SafeString:
    """Draw an input whose help text and placeholder the page replaces by its own words."""
    field.help_text = ""
    return widget(field, no_placeholder=True)


@register.simple_tag
def choice_input(field: BoundField, option: BoundWidget) -> SafeString:
    """Draw one radio button or checkbox of a group."""
    attrs = option.data["attrs"]
    attrs["class"] = _classes(attrs.get("class", ""), "form-check-input", wrong=bool(field.errors))
    return option.tag()


@register.simple_tag
def options_of(optgroups: Iterable[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """Draw the options of a select: some have hundreds, too many for a template of each."""
    drawn = []
    for group, options, _place in optgroups:
        inside = format_html_join(
            "", '<option value="{}"{}>{}</option>', (_option_parts(one) for one in options)
        )
        drawn.append(
            format_html('<optgroup label="{}">{}</optgroup>', group, inside) if group else inside
        )
    return format_html_join("", "{}", ((one,) for one in drawn))


def _option_parts(option: dict[str, Any]) -> tuple[str, SafeString | str, str]:
    attrs = option["attrs"]
    return str(option["value"]), flatatt(attrs) if attrs else "", option["label"]


@register.filter
def kind_of(field: BoundField) -> str:
    """Tell how a field is laid out: "hidden", "check", "choices", "file", "group" or "input"."""
    own = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(own, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(own, forms.CheckboxInput):
        return "check"
    if isinstance(own, forms.ClearableFileInput):
        return "file"
    return "group" if field.use_fieldset else "input"


@register.simple_tag
def frame_classes(field: BoundField, wrapper_class: str = "") -> str:
    """Return the classes of the frame around a field; `wrapper_class` is the page's own."""
    wrong = "has-error" if field.errors else ""
    return " ".join(filter(None, ["field", wrong, wrapper_class, field.css_classes()]))


@register.filter
def as_cards(field: BoundField) -> bool:
    """Tell whether a group's options are drawn as cards: `attrs={"data-cards": True}`."""
    return bool(field.field.widget.attrs.get("data-cards"))


@register.filter
def limit_of(field: BoundField) -> int | None:
    """Return the number of characters a long text may have, for its counter."""
    attrs = field.field.widget.attrs
    limit = attrs.get("data-limit")
    if limit is None and isinstance(field.field.widget, forms.Textarea):
        limit = attrs.get("maxlength")
    return int(limit) if limit else None


def _is_default(field: forms.Field, error: ValidationError) -> bool:
    """Tell whether a message is Django's own, which does not name the field."""
    kinds = type(field).__mro__
    defaults = [getattr(kind, "default_error_messages", {}).get(error.code) for kind in kinds]
    return str(error.message) in {str(message) for message in defaults if message}


def _required_text(field: BoundField) -> str:
    words = {"label": field.label}
    match kind_of(field):
        case "file":
            return _("Choose a file for “%(label)s”.") % words
        case "check":
            return _("Tick “%(label)s” to go on.") % words
        case "choices":
            return _("Choose an answer to “%(label)s”.") % words
    if isinstance(field.field.widget, forms.Select):
        return _("Choose an answer to “%(label)s”.") % words
    return _("Fill in “%(label)s”.") % words


def _messages(field: BoundField, *, named: bool) -> list[str]:
    """Return a field's errors as people read them; `named` adds the label where it is missing."""
    found = []
    for error in field.errors.as_data():
        [text] = error.messages
        if not _is_default(field.field, error):
            found.append(text)
        elif error.code == "required":
            found.append(_required_text(field))
        else:
            found.append(f"{field.label}: {text}" if named else text)
    return found


@register.filter
def messages_of(field: BoundField) -> list[str]:
    """Return what to say below a field that failed."""
    return _messages(field, named=False)


def _form_lines(form: forms.BaseForm) -> Iterable[ErrorLine]:
    """Give the lines of one form; where several stand on a page, each may say what it is about."""
    named = getattr(form, "about", "")
    about = f"{named}: " if named else ""
    for text in form.non_field_errors():
        yield ErrorLine(f"{about}{text}", "")
    said = Counter(text for field in form for text in _messages(field, named=True))
    for field in form:
        # A group is reached by its frame: the label of a radio button names no single input.
        target = f"div_{field.auto_id}" if field.use_fieldset else (field.id_for_label or "")
        for text in _messages(field, named=True):
            # What is said of several fields names each.
            words = f"{field.label}: {text}" if said[text] > 1 else text
            yield ErrorLine(f"{about}{words}", "" if field.is_hidden else target)


@register.simple_tag
def error_lines(
    form: forms.BaseForm | None = None,
    several: Iterable[forms.BaseForm] | None = None,
    formset: BaseFormSet | None = None,
    lines: Iterable[Any] | None = None,
) -> list[Any]:
    """Collect what the error summary lists, in the order of the page."""
    found: list[Any] = list(lines or [])
    for single in [*([form] if form else []), *(several or [])]:
        if single.is_bound:
            found += _form_lines(single)
    if formset and formset.is_bound:
        found += [ErrorLine(str(text), "") for text in formset.non_form_errors()]
        for single in formset:
            found += _form_lines(single)
    return found


@register.filter
def errors_heading(lines: list[Any]) -> str:
    """Return what the error summary is called: by its answers, unless none of them is at fault."""
    targets = [
        line.get("target") if isinstance(line, dict) else getattr(line, "target", "")
        for line in lines
    ]
    if not any(targets):
        return _("This could not be done")
    # One field may have several faults.
    return _answers_words(len(set(filter(None, targets))) + sum(not target for target in targets))


def _answers_words(count: int) -> str:
    return ngettext(
        "One answer needs your attention",
        "%(count)d answers need your attention",
        count,
    ) % {"count": count}


@register.filter
def later_headings(lines: list[Any]) -> str:
    """Return what the summary is called with one answer left, with two and so on, for scripts."""
    return json.dumps([_answers_words(count) for count in range(1, len(lines))])


@register.simple_tag
def file_input(field: BoundField) -> SafeString:
    """Draw only the input of a file field; the template shows the present file itself."""
    plain = forms.FileInput(attrs=field.field.widget.attrs)
    # A file that is there already need not be chosen again.
    plain.is_required = field.field.widget.is_required and not field.initial
    classes = _classes(plain.attrs.get("class", ""), "form-control", wrong=bool(field.errors))
    return field.as_widget(widget=plain, attrs={"class": classes})
