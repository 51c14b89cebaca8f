"""Forms on getting in: finding the organisation, asking, and what staff decide of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.files.forms import FileForm
from core.kit.fields import LineField, ReasonField, SearchField, TextField, offer
from programme.organisations.models import Organisation
from programme.organisations.selectors import Double
from programme.organisations.services.claims import WORDS_MOST


class FindForm(forms.Form):
    """The name of the organisation that somebody works for."""

    q = SearchField(
        label=_("Name of your city, region or metropolitan authority"),
        help_text=_("In any of its languages, with or without accents."),
        required=True,
        error_messages={"required": _("Type the name, or the beginning of it.")},
    )


class ClaimForm(FileForm):
    """How somebody shows that they work for an organisation."""

    is_file_required = False

    office = LineField(
        label=_("What do you do there?"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        error_messages={"required": _("Write what you do there, for example Head of Unit.")},
    )
    address = LineField(
        label=_("Official address of your office"),
        help_text=_("Street and town, as on its letters."),
        max_length=300,
        error_messages={"required": _("Enter the official address of your office.")},
    )
    file = forms.FileField(
        label=_("A letter of your mayor or director"),
        help_text=_(
            "Signed, as PDF, PNG or JPEG. It helps most where your mail address is not one of the "
            "city."
        ),
        required=False,
    )
    note = TextField(
        label=_("Anything they should know?"),
        max_length=WORDS_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class MailDomainForm(forms.Form):
    """What stands after the @ of an organisation's addresses."""

    host = LineField(
        label=_("Mail domain"),
        help_text=_("What stands after the @ of its own addresses, for example city.eu."),
        max_length=253,
        error_messages={"required": _("Type the domain, for example city.eu.")},
    )


class DoubleForm(forms.Form):
    """Which organisation of the portal another one is."""

    of = forms.ModelChoiceField(
        Organisation.objects,
        label=_("Which one is it?"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], _("Choose one of these organisations.")
        ),
    )

    def __init__(self, doubles: list[Double], data: Any = None) -> None:
        super().__init__(data)
        known = [double.organisation.pk for double in doubles]
        offer(self, "of", Organisation.objects.filter(pk__in=known))


class ToldReasonForm(forms.Form):
    """Why somebody is refused; they read it."""

    reason = ReasonField(
        help_text=_("The person reads it in a mail. Say what they can do next."),
        max_length=1000,
        missing=_("Write the reason in a few words."),
    )
