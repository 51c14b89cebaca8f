"""The form of a mail that staff write to many applicants."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.services.placeholders import OF_APPLICATION
from core.kit.fields import LineField, TextField
from core.post.texts import LONGEST_SUBJECT, LONGEST_WORDS

# So many are offered to look at; whoever wants another one narrows the choice.
MOST_SHOWN = 100


class WriteToManyForm(forms.Form):
    """Subject and words, and whose mail is shown (applications.acting.ActionForm)."""

    use_required_attribute = False
    placeholders = OF_APPLICATION
    subject = LineField(
        label=_("Subject"),
        max_length=LONGEST_SUBJECT,
        error_messages={"required": _("Write what the mail is about.")},
    )
    text = TextField(
        label=_("The mail"),
        help_text=_(
            "Greeting, reference, link and sender stand around your words in the language of "
            "each reader. {city}, {reference}, {call} and {link} are filled in."
        ),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("Write what the applicants shall read.")},
    )
    shown = forms.ChoiceField(label=_("Show the mail to"), required=False)

    def __init__(self, data: Any, applications: Sequence[Application]) -> None:
        super().__init__(data)
        choices: Any = self.fields["shown"]
        choices.choices = [
            ("", _("the first of them")),
            *(
                (str(one.pk), f"{one.organisation.name} ({one.reference})")
                for one in applications[:MOST_SHOWN]
            ),
        ]

    @property
    def values(self) -> dict[str, Any]:
        """Return what was typed, as JSON; who is shown changes nothing."""
        return {name: self.cleaned_data[name] for name in ("subject", "text")}

    @property
    def sampled(self) -> int | None:
        """Return whose mail is to be shown, by id; None for any."""
        shown = self.cleaned_data.get("shown")
        return int(shown) if shown else None
