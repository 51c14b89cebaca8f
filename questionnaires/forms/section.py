"""Forms made of a section's questions."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.kit.days import DAY_HELP, parse_day, typed_day
from core.kit.errors import InvalidError
from core.kit.fields import VersionField
from questionnaires.models import Question
from questionnaires.selectors import QuestionView, SectionView
from questionnaires.states import QuestionKind
from questionnaires.values import clean_value, keep_value, limit_of, options_of

VERSION_PREFIX = "version_"
LONG_TEXT_ROWS = 8
SHORT_TEXT_ROWS = 4
# A text of at most so many characters gets the smaller box.
SMALL_TEXT = 700


class AnswerField(forms.Field):
    """One question: takes what `clean_value` takes, and says no in its words.

    `required` tells the reader; it refuses an empty answer only when the form is asked
    to be complete, since a half written section is saved too.
    """

    default_error_messages = {"required": _("This answer is still missing. Give it, then go on.")}

    def __init__(self, view: QuestionView, *, complete: bool) -> None:
        self.question = view.question
        self.view = view
        self.complete = complete
        super().__init__(
            label=view.question.text,
            help_text=_help(view.question),
            required=view.question.required,
            widget=_widget(view.question),
        )

    def clean(self, value: Any) -> Any:
        """Return the value as it will be stored."""
        try:
            cleaned = clean_value(self.question, value)
        except InvalidError as error:
            raise forms.ValidationError(error.message, code=error.code) from error
        if cleaned is None and self.required and self.complete:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return cleaned

    def prepare_value(self, value: Any) -> Any:
        """Show a stored day as people type it; leave what was typed."""
        if self.question.kind == QuestionKind.DATE and isinstance(value, str):
            return typed_day(parse_day(value)) or value
        return value


def _help(question: Question) -> Any:
    if question.kind == QuestionKind.DATE and not question.help:
        return DAY_HELP
    return question.help


def _widget(question: Question) -> forms.Widget:
    limit = limit_of(question)
    match question.kind:
        case QuestionKind.SHORT_TEXT:
            return forms.TextInput(attrs={"autocomplete": "off"})
        case QuestionKind.LONG_TEXT:
            rows = LONG_TEXT_ROWS if (limit or 0) > SMALL_TEXT else SHORT_TEXT_ROWS
            return forms.Textarea(attrs={"rows": rows, "data-limit": limit})
        case QuestionKind.MULTI_CHOICE:
            return forms.CheckboxSelectMultiple(choices=options_of(question))
        case QuestionKind.CHOICE | QuestionKind.YES_NO:
            return forms.RadioSelect(choices=options_of(question))
        case QuestionKind.NUMBER:
            return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        case _:
            return forms.TextInput(attrs={"autocomplete": "off", "class": "field-short"})


def keys_sent(data: Mapping[str, Any]) -> set[str]:
    """Return the keys of all questions that a page held, those of other sections included."""
    return {name.removeprefix(VERSION_PREFIX) for name in data}


def _was_sent(one: QuestionView, data: Mapping[str, Any]) -> bool:
    """Tell whether a page held the question; an empty choice sends its version alone."""
    return one.key in data or VERSION_PREFIX + one.key in data


def _with_unsent(view: SectionView, data: Mapping[str, Any] | None, initial: dict[str, Any]) -> Any:
    """Return what was sent, with the stored answers of questions that were not."""
    if data is None:
        return None
    whole = QueryDict(mutable=True)
    lists = data.lists() if isinstance(data, QueryDict) else data.items()
    for name, values in lists:
        whole.setlist(name, values if isinstance(values, list) else [values])
    for one in view.asked:
        if _was_sent(one, whole):
            continue
        value = initial[one.key]
        stored = value if isinstance(value, list) else [] if value is None else [value]
        whole.setlist(one.key, [str(each) for each in stored])
        version = VERSION_PREFIX + one.key
        whole[version] = str(initial[version])
    return whole


class SectionForm(forms.Form):
    """The questions of a section, each with the version number its reader has seen.

    Fields are named by the question's key, versions `version_<key>`.
    """

    use_required_attribute = False

    def __init__(
        self, view: SectionView, data: Mapping[str, Any] | None, *, complete: bool
    ) -> None:
        initial: dict[str, Any] = {}
        for one in view.questions:
            initial[one.key] = one.value
            initial[VERSION_PREFIX + one.key] = one.version
        super().__init__(_with_unsent(view, data, initial), initial=initial)
        self.view = view
        self.unsent = {
            one.key for one in view.asked if data is not None and not _was_sent(one, data)
        }
        for one in view.asked:
            self.fields[one.key] = AnswerField(one, complete=complete)
            self.fields[VERSION_PREFIX + one.key] = VersionField()

    def question_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return each question's field with the hidden field of its version."""
        return [(self[one.key], self[VERSION_PREFIX + one.key]) for one in self.view.asked]

    def sent(self) -> list[tuple[str, Any, int]]:
        """Return (key, value, version read) of the questions that were sent, to be kept.

        What a question does not take goes along as it was typed; only what cannot be kept
        at all stays out (`not_kept`). A question that was not on the page is left alone. A
        version that cannot be read counts as 0: what was typed then meets what is stored as
        a conflict, and is never dropped.
        """
        return [
            (one.key, value, self.cleaned_data[VERSION_PREFIX + one.key])
            for one in self.view.asked
            if one.key not in self.unsent
            for value in self._kept(one)
        ]

    @property
    def not_kept(self) -> int:
        """How many answers were sent that cannot be kept."""
        return sum(not self._kept(one) for one in self.view.asked)

    @property
    def wrong(self) -> int:
        """How many answers their questions do not take; those left empty are none of them."""
        return sum(
            any(error.code != "required" for error in self.errors[one.key].as_data())
            for one in self.view.asked
            if one.key in self.errors
        )

    def _kept(self, one: QuestionView) -> list[Any]:
        """Return the one value that is kept for a question; none when nothing can be."""
        try:
            return [keep_value(one.question, self[one.key].data)]
        except InvalidError:
            return []


def build_form(
    view: SectionView,
    data: Mapping[str, Any] | None = None,
    *,
    complete: bool = False,
) -> SectionForm:
    """Return the form of a section; `complete` refuses required questions left empty."""
    return SectionForm(view, data, complete=complete)
