"""Passing the application of a group on to another member."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Municipality
from applications.selectors.passing import MayLead
from applications.services.passing import LONGEST_NOTE
from core.kit.fields import TextField, offer


class PassOnForm(forms.Form):
    """Which member leads from then on, and a note to its people."""

    municipality = forms.ModelChoiceField(
        label=_("Who leads in your place?"),
        queryset=Municipality.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who leads.")},
    )
    note = TextField(
        label=_("A note to them"),
        help_text=_("Why you pass it on, what is left to do. It stands in the mail."),
        max_length=LONGEST_NOTE,
        required=False,
    )

    def __init__(self, data: Any = None, *, may_lead: Sequence[MayLead]) -> None:
        super().__init__(data)
        known = [one.municipality.pk for one in may_lead if one.organisation]
        offer(self, "municipality", Municipality.objects.filter(pk__in=known))


class OfferForm(forms.Form):
    """Whether an organisation leads the group that it is asked to lead."""

    accepted = forms.TypedChoiceField(
        label=_("Do you lead the group?"),
        choices=[
            ("yes", _("Yes, we lead: the application is ours from now on")),
            ("no", _("No, the present lead stays")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you lead.")},
    )
