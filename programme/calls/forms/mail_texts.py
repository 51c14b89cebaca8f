"""The form of the words of one mail of a call."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kit.fields import LineField, TextField, VersionField
from core.post.texts import LONGEST_SUBJECT, LONGEST_WORDS, OwnWords


class MailTextForm(forms.Form):
    """Subject and words, and on which application they are tried."""

    use_required_attribute = False
    subject = LineField(
        label=_("Subject"),
        max_length=LONGEST_SUBJECT,
        widget=forms.TextInput(attrs={"data-insert-here": ""}),
        error_messages={
            "required": _("Write what the mail is about, or take the standard text again.")
        },
    )
    text = TextField(
        label=_("Words"),
        help_text=_("An empty line begins a new paragraph. No HTML: signs stand as you type them."),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": _("Write the mail, or take the standard text again.")},
    )
    reference = LineField(
        label=_("Try it on"),
        help_text=_("The reference of an application of this call; nothing for an example."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": "mail-cases", "autocomplete": "off"}),
    )
    version = VersionField()

    def __init__(
        self, data: Any = None, *, words: OwnWords, language: str, version: int, reference: str = ""
    ) -> None:
        initial = {
            "subject": words.subject,
            "text": words.text,
            "reference": reference,
            "version": version,
        }
        super().__init__(data, initial=initial)
        for name in ("subject", "text"):
            self.fields[name].widget.attrs["lang"] = language
