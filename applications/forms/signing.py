"""Forms of what is signed: letters on file, invitations, and the pages of their links."""

from typing import Any, ClassVar, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications.services.online import LETTER_LIMIT
from core.files.forms import FileForm
from core.kit.fields import DayField, LineField, TextField

WRITTEN, SENT = "written", "sent"
LETTER_HELP: Final = _("PDF, PNG, JPEG or a signed .p7m, at most %(limit)s MB.") % {
    "limit": settings.UPLOAD_MAX_BYTES // 1024 // 1024
}


class SignedLetterForm(FileForm):
    """A signed letter and who signed it."""

    file = forms.FileField(
        label=_("Signed letter"),
        help_text=LETTER_HELP,
        # Empty files get our own message, with what to do.
        allow_empty_file=True,
        error_messages={"required": _("Choose the file with the signed letter.")},
    )
    signed_by_name = LineField(label=_("Signed by"), max_length=150)
    signed_by_office = LineField(
        label=_("Office"),
        help_text=_("For example mayor, president or head of department."),
        max_length=150,
    )
    signed_on = DayField(label=_("Signed on"))


class InviteForm(forms.Form):
    """Where an office is asked to sign online."""

    use_required_attribute = False
    email = forms.EmailField(
        label=_("E-mail of its administration"),
        help_text=_("An official address: staff see it, and ask about one that anybody can have."),
        max_length=254,
        error_messages={
            "required": _("Give the address to which the invitation goes."),
            "invalid": _("This is not an e-mail address. Check it."),
        },
    )


class ShownForm(forms.Form):
    """What an office has read on the page on which it signs: `shown` is its fingerprint."""

    # What is confirmed anew once something else is shown.
    confirmed: ClassVar[str]
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def renew(self, shown: str) -> None:
        """Ask anew for what is shown now."""
        sent: Any = self.data
        data = sent.copy()
        data.pop(self.confirmed, None)
        data["shown"] = shown
        self.data = data


class CommitOnlineForm(ShownForm):
    """Who commits on behalf of a municipality."""

    confirmed = "may_bind"
    use_required_attribute = False
    name = LineField(
        label=_("Your name"), max_length=150, widget=forms.TextInput({"autocomplete": "name"})
    )
    office = LineField(
        label=_("Your office"),
        help_text=_("For example mayor, or head of the municipality."),
        max_length=150,
    )
    may_bind = forms.BooleanField(
        label=_("I may bind the municipality to what is written above."),
        error_messages={"required": _("Confirm that you may bind the municipality.")},
    )


class WriteLetterForm(ShownForm, FileForm):
    """The letter of a stakeholder, written on the page or sent as a file, and who signs it.

    What was not chosen is left alone, so that who changes their mind loses nothing.
    """

    confirmed = "may_speak"
    is_file_required = False
    way = forms.ChoiceField(
        label=_("How do you send your letter?"),
        choices=[
            (WRITTEN, _("I write it here")),
            (SENT, _("I send it as a file, signed")),
        ],
        initial=WRITTEN,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you write the letter or send a file.")},
    )
    statement = TextField(
        label=_("Your letter"),
        help_text=_(
            "If you write it here: say what you know of the city's work, and what you give: "
            "people, money, data, rooms. A few sentences are enough."
        ),
        max_length=LETTER_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "data-shown-when": f"way={WRITTEN}"}),
    )
    file = forms.FileField(
        label=_("The signed letter"),
        help_text=_("If you send a file: PDF, PNG, JPEG or a signed .p7m, at most %(limit)s MB.")
        % {"limit": settings.UPLOAD_MAX_BYTES // 1024 // 1024},
        # Empty files get our own message, with what to do.
        allow_empty_file=True,
        required=False,
        widget=forms.ClearableFileInput(attrs={"data-shown-when": f"way={SENT}"}),
    )
    name = LineField(
        label=_("Your name"), max_length=150, widget=forms.TextInput({"autocomplete": "name"})
    )
    office = LineField(
        label=_("Your office"),
        help_text=_("For example president of the county, or head of department."),
        max_length=150,
    )
    may_speak = forms.BooleanField(
        label=_("I may speak for the organisation in this."),
        error_messages={"required": _("Confirm that you may speak for the organisation.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("statement", "file"):
            # One of them is asked for: neither is called optional.
            field: Any = self.fields[name]
            field.is_asked = True

    def clean(self) -> dict[str, Any]:
        """Ask for what was chosen; forget the other."""
        cleaned = super().clean() or {}
        way = cleaned.get("way")
        if way == SENT:
            cleaned["statement"] = ""
            if not cleaned.get("file") and "file" not in self.errors:
                self.add_error("file", _("Choose the file with the signed letter."))
        elif way == WRITTEN:
            cleaned["file"] = None
            self.errors.pop("file", None)
            if not cleaned.get("statement") and "statement" not in self.errors:
                self.add_error("statement", _("Write the letter, or choose to send it as a file."))
        return cleaned
