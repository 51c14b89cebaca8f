"""Forms of the questions that staff ask about single answers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.parts import Part, Row, parts_of
from applications.selectors import newest_submissions
from applications.services.clarifications import ANSWER_LIMIT, QUESTION_LIMIT
from applications.states import ClarificationAnswer
from core.files.forms import FileForm
from core.kit.fields import DayField, ReasonField, TextField
from core.threads.services import MESSAGE_LIMIT

# So many applications are looked into for the answers that can be asked about.
SAMPLE = 20


class AskForm(forms.Form):
    """Which answer staff ask about, what, and until when."""

    use_required_attribute = False
    row = forms.ChoiceField(
        label=_("Answer you ask about"),
        error_messages={"required": _("Choose one of the answers that were sent.")},
    )
    question = TextField(
        label=_("Your question"),
        help_text=_("The applicant reads it beside the answer. Say what is missing or unclear."),
        max_length=QUESTION_LIMIT,
        error_messages={"required": _("Write what you want to know.")},
    )
    due_on = DayField(
        label=_("Answer by"),
        error_messages={"required": _("Say until when the applicant can answer.")},
    )

    def __init__(self, parts: Sequence[Part], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["row"]
        choices.choices = [
            ("", _("Choose an answer")),
            *((part.title, [(row.key, row.label) for row in part.rows]) for part in parts),
        ]


class AskManyForm(AskForm):
    """The same for many applications (applications.acting.ActionForm).

    It offers what the first of them have sent: the others are asked where they have it too.
    """

    def __init__(self, data: Any, applications: Sequence[Any]) -> None:
        ids = [one.pk for one in applications[:SAMPLE]]
        parts: dict[str, Part] = {}
        rows: dict[str, dict[str, Row]] = {}
        for submission in newest_submissions(ids):
            for part in parts_of(submission.snapshot):
                parts.setdefault(part.key, part)
                known = rows.setdefault(part.key, {})
                for row in part.rows:
                    known.setdefault(row.key, row)
        offered = [
            Part(part.key, part.title, tuple(rows[key].values())) for key, part in parts.items()
        ]
        super().__init__(offered, data)

    @property
    def values(self) -> dict[str, Any]:
        """Return what was chosen and typed, as JSON."""
        return {**self.cleaned_data, "due_on": self.cleaned_data["due_on"].isoformat()}


class AnswerForm(FileForm):
    """What the city says to the question, with a file if it helps."""

    is_file_required = False
    kind = forms.ChoiceField(
        label=_("What do you want to do?"),
        choices=ClarificationAnswer.choices,
        widget=forms.RadioSelect,
        initial=ClarificationAnswer.EXPLAIN,
        help_text=_(
            "Explain: your sent answer stays as it is, and the explanation stands beside it. "
            "Correct: both texts are kept; readers see the new one and that it changed."
        ),
        error_messages={"required": _("Choose whether you explain or correct the answer.")},
    )
    answer = TextField(
        label=_("Your answer"),
        max_length=ANSWER_LIMIT,
        error_messages={"required": _("Write the answer, then send it.")},
    )
    file = forms.FileField(
        label=_("A file that shows it"),
        help_text=_("PDF, PNG or JPEG. It stands beside your answer; staff open it."),
        required=False,
    )


class MessageForm(forms.Form):
    """What one side writes to the other; it counts as no answer."""

    use_required_attribute = False
    text = TextField(
        label=_("Message"),
        max_length=MESSAGE_LIMIT,
        error_messages={"required": _("Write what you want to say.")},
    )


class LaterForm(forms.Form):
    """A later date for the answer."""

    use_required_attribute = False
    due_on = DayField(
        label=_("New date"),
        error_messages={"required": _("Say until when the applicant can answer.")},
    )


class TakeBackForm(forms.Form):
    """Why the question is taken back."""

    use_required_attribute = False
    reason = ReasonField(
        help_text=_("It stands in the mail to the applicant."),
        missing=_("Write why the question is taken back: the applicant reads it."),
    )
