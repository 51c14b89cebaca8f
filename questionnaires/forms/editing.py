"""Forms that edit the sections and questions of a draft version."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.kit.fields import LineField, TextField
from questionnaires.models import Question, TemplateVersion
from questionnaires.services import QuestionData, SectionData
from questionnaires.states import DataList, QuestionKind
from questionnaires.values import LINE_LIMIT, TEXT_LIMIT, options_of

CHOICES = {QuestionKind.CHOICE, QuestionKind.MULTI_CHOICE}


class SectionEditForm(forms.Form):
    """What a section says."""

    use_required_attribute = False

    title = LineField(label=_("Title"), max_length=160)
    number = LineField(
        label=_("Number"), max_length=10, required=False, help_text=_("For example 1.3.")
    )
    group = LineField(
        label=_("Chapter"),
        max_length=120,
        required=False,
        help_text=_("Sections with the same chapter stand under one heading."),
    )
    help = TextField(
        label=_("What belongs here"),
        max_length=2000,
        required=False,
        help_text=_("One hint on each line."),
    )
    required = forms.BooleanField(
        label=_("This section must be complete before the whole is handed in"), required=False
    )
    shows = forms.ChoiceField(
        label=_("List it is about"),
        help_text=_("For sections of a plan. The page links to the list."),
        choices=[("", _("None")), *DataList.choices],
        required=False,
    )

    def data_for_service(self) -> SectionData:
        """Return what was typed."""
        return SectionData(**self.cleaned_data)


class QuestionEditForm(forms.Form):
    """What a question asks, and what it takes."""

    use_required_attribute = False

    text = LineField(
        label=_("Question"), max_length=300, help_text=_("Short, as you would ask it aloud.")
    )
    help = LineField(label=_("Help above the answer"), max_length=500, required=False)
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=QuestionKind)
    required = forms.BooleanField(label=_("An answer must be given"), required=False)
    limit = forms.IntegerField(
        label=_("Limit"),
        required=False,
        min_value=1,
        max_value=1_000_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "field-date"}),
        help_text=_("Characters of a text, the largest number, or how many choices at most."),
        error_messages={"invalid": _("Type the limit in digits, for example 2000.")},
    )
    options = TextField(
        label=_("Choices"),
        max_length=3000,
        required=False,
        help_text=_("Only for choices: one on each line."),
    )
    condition = forms.ChoiceField(
        label=_("Ask only when"),
        required=False,
        help_text=_("Leave it empty to ask always."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        version: TemplateVersion,
        question: Question | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(question))
        condition: Any = self.fields["condition"]
        condition.choices = [("", _("Always")), *_conditions(version, question)]
        self.question = question

    def clean(self) -> dict[str, Any]:
        """Check what only makes sense together."""
        cleaned: dict[str, Any] = super().clean() or {}
        kind, limit = cleaned.get("kind"), cleaned.get("limit")
        lines = [line.strip() for line in cleaned.get("options", "").split("\n")]
        lines = list(dict.fromkeys(line for line in lines if line))
        if kind in CHOICES and len(lines) < 2:  # noqa: PLR2004
            self.add_error("options", _("Write at least two choices, one on each line."))
        limits: dict[Any, int] = {
            QuestionKind.SHORT_TEXT: LINE_LIMIT,
            QuestionKind.LONG_TEXT: TEXT_LIMIT,
        }
        most = limits.get(kind)
        if limit and most and limit > most:
            self.add_error(
                "limit",
                forms.ValidationError(
                    _("This kind of answer has at most %(most)s characters. Type a lower limit."),
                    params={"most": most},
                ),
            )
        cleaned["options"] = self._options(lines) if kind in CHOICES else []
        return cleaned

    def _options(self, lines: list[str]) -> list[dict[str, str]]:
        """Return the choices; one whose words stay keeps its value."""
        kept = {o["label"]: o["value"] for o in (self.question.options if self.question else [])}
        taken = set(kept.values())
        options = []
        for line in lines:
            value = kept.get(line)
            if value is None:
                value = base = slugify(line)[:50] or "choice"
                number = 2
                while value in taken:
                    value, number = f"{base}-{number}", number + 1
                taken.add(value)
            options.append({"value": value, "label": line})
        return options

    def data_for_service(self) -> QuestionData:
        """Return what was typed."""
        values = dict(self.cleaned_data)
        parent, _equals, wanted = values.pop("condition").partition("=")
        return QuestionData(**values, condition_question=parent, condition_value=wanted)


def _initial(question: Question | None) -> dict[str, Any]:
    if question is None:
        return {"kind": QuestionKind.LONG_TEXT, "required": True}
    condition = f"{question.condition_question}={question.condition_value}"
    return {
        "text": question.text,
        "help": question.help,
        "kind": question.kind,
        "required": question.required,
        "limit": question.limit,
        "options": "\n".join(option["label"] for option in question.options),
        "condition": condition if question.condition_question else "",
    }


def _conditions(version: TemplateVersion, question: Question | None) -> list[tuple[str, str]]:
    """Return the answers of earlier questions that a question can hang on."""
    found: list[tuple[str, str]] = []
    for section in version.sections.prefetch_related("questions"):
        for other in section.questions.all():
            if question is not None and other.pk == question.pk:
                return found
            for value, label in options_of(other):
                found.append((f"{other.key}={value}", f"{other.text} {label}"))
    return found
