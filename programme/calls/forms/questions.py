"""Forms on questions about a call."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kit.fields import (
    ConfirmField,
    ReasonField,
    SearchField,
    TextField,
    VersionField,
    offer,
)
from programme.calls.models import CallQuestion
from programme.calls.selectors import others_of
from programme.calls.services.questions import LONGEST_ANSWER, LONGEST_QUESTION
from programme.calls.states import QuestionStatus, QuestionTopic

TOPICS = [("", _("All")), *QuestionTopic.choices]


class QuestionSearchForm(forms.Form):
    """What a reader of answers looks for."""

    q = SearchField(label=_("Search the answers"))
    topic = forms.ChoiceField(
        label=_("About"), choices=TOPICS, required=False, widget=forms.HiddenInput
    )


class AskForm(forms.Form):
    """A question; `shown` are the answers that its writer has been shown as alike."""

    text = TextField(
        label=_("Your question"),
        help_text=_("Leave out the names of your place and of people: everybody reads it."),
        max_length=LONGEST_QUESTION,
        error_messages={"required": _("Write your question.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)

    def has_shown(self, alike: list[CallQuestion]) -> bool:
        """Whether the writer has seen all of these answers."""
        seen = set(self.cleaned_data["shown"].split(","))
        return all(str(row.pk) in seen for row in alike)


class QueueForm(forms.Form):
    """Which questions staff look at; what waits, unless something else is chosen."""

    status = forms.ChoiceField(choices=QuestionStatus, required=False)

    @property
    def chosen(self) -> str:
        """Return the state."""
        typed = self.cleaned_data.get("status") if self.is_valid() else ""
        return typed or QuestionStatus.WAITING.value


class AnswerForm(forms.Form):
    """The question as everybody reads it, and its answer."""

    wording = TextField(
        label=_("The question as everybody reads it"),
        help_text=_("Shorten it, and take out who asks."),
        max_length=LONGEST_QUESTION,
        error_messages={"required": _("Write the question as everybody is to read it.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    answer = TextField(
        label=_("Answer"),
        max_length=LONGEST_ANSWER,
        error_messages={"required": _("Write the answer.")},
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    topic = forms.ChoiceField(
        label=_("About"),
        choices=QuestionTopic,
        error_messages={"required": _("Choose what it is about.")},
        widget=forms.RadioSelect,
    )
    names_confirmed = ConfirmField(label=_("Yes, everybody may read these names."))
    version = VersionField(initial=0)

    def __init__(self, data: Any = None, *, question: CallQuestion) -> None:
        initial = {
            "wording": question.question or question.asked,
            "answer": question.answer,
            "topic": question.topic,
            "version": question.version,
        }
        super().__init__(data, initial=initial)

    @property
    def asks_names(self) -> bool:
        """Whether names stand in it that must be confirmed."""
        return "names_confirmed" in self.errors or bool(self.data.get("names_confirmed"))

    def values(self) -> dict[str, Any]:
        """Return what the service takes. Ask only when it is valid."""
        cleaned = dict(self.cleaned_data)
        cleaned["read_version"] = cleaned.pop("version")
        return cleaned


class CloseForm(forms.Form):
    """Another answer that says it already, or why nothing is published."""

    same_as = forms.ModelChoiceField(
        label=_("This answer says it already"),
        queryset=CallQuestion.objects.none(),
        required=False,
        empty_label=_("None of them"),
    )
    reason = ReasonField(
        label=_("A word to who asked"),
        help_text=_("They read it in the mail. Needed where no other answer says it."),
        max_length=1000,
        needed_when=("same_as", ""),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, question: CallQuestion) -> None:
        super().__init__(data)
        offer(self, "same_as", others_of(question))
        chooser: Any = self.fields["same_as"]
        chooser.label_from_instance = lambda row: row.question
