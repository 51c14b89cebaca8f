"""Forms on closing times of single applicants."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kit.fields import DayField, LineField, ReasonField, SearchField, TextField, offer
from programme.calls.forms.instants import FOLDS, InstantsForm, local_parts, time_field
from programme.calls.models import Call
from programme.calls.services.late_codes import MOST_HOURS, MOST_USES
from programme.organisations.models import Organisation, OrganisationQuerySet
from programme.states import Side

MOST_FOUND = 12
TIME_MISSING = _("Type the time as hours and minutes, for example 17:00.")


def fold_field() -> forms.ChoiceField:
    """Return the question which of two equal times is meant."""
    return forms.ChoiceField(
        label=_("Which of the two?"), choices=FOLDS, required=False, widget=forms.RadioSelect
    )


class ClosingForm(InstantsForm):
    """A form with a closing time of its own: day, Brussels time, and which of two."""

    instants: ClassVar[tuple[str, ...]] = ("closes",)
    # Where the services' refusals about the time are shown.
    places: ClassVar = {"closes_at": "closes_day"}
    closes_day = DayField(label=_("Until which day?"))
    closes_time = time_field(_("Brussels time"), missing=TIME_MISSING)
    closes_fold = fold_field()

    @property
    def asks_closing(self) -> bool:
        """Whether to ask which of two equal times is meant."""
        return "closes" in self.asks


class AskExtensionForm(ClosingForm):
    """A city asks for more time."""

    why = TextField(
        label=_("Why do you need more time?"),
        help_text=_("Staff read it and decide by it."),
        max_length=2000,
        error_messages={"required": _("Write why you need more time: staff decide by it.")},
    )

    def __init__(self, data: Any = None, *, closes_at: dt.datetime | None) -> None:
        super().__init__(data, initial=local_parts("closes", closes_at))

    def values(self) -> dict[str, Any]:
        """Return what the service takes. Ask only when it is valid."""
        return {"wished_until": self.cleaned_data["closes_at"], "why": self.cleaned_data["why"]}


class GrantForm(ClosingForm):
    """Staff give a city more time, or not; the reason goes to the city."""

    reason = ReasonField(
        label=_("Reason"),
        help_text=_("The city reads it in the mail."),
        missing=_("Write why: the city reads it, and it stays on record."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, wished_until: dt.datetime) -> None:
        super().__init__(data, initial=local_parts("closes", wished_until))
        if self.is_refusal:
            # Who refuses need not type a time right.
            for name in ("closes_day", "closes_time"):
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """Make an instant of the time, unless none is given."""
        return self.cleaned_data if self.is_refusal else super().clean()

    @property
    def is_refusal(self) -> bool:
        """Whether the button that refuses was pressed."""
        return "refuse" in self.data


def _of_side(call: Call) -> OrganisationQuerySet:
    """Return the organisations of the sides that a call opens for."""
    return Organisation.objects.filter(side__in=[side for side in Side if call.takes(side)])


class FindCityForm(forms.Form):
    """Which city a code is for, by its name."""

    q = SearchField(label=_("Find the city"))

    def found(self, call: Call) -> list[Organisation]:
        """Return the organisations for which the call opens that are called like this, a few."""
        words = self.cleaned_data.get("q") if self.is_valid() else ""
        if not words:
            return []
        rows = _of_side(call).matching(words)
        return list(rows.select_related("country")[:MOST_FOUND])


class LateCodeForm(ClosingForm):
    """Staff make a code for a late entry."""

    instants: ClassVar[tuple[str, ...]] = ("expires", "closes")
    places: ClassVar = {"closes_at": "closes_day", "expires_at": "expires_day"}
    organisation = forms.ModelChoiceField(
        label=_("City"),
        queryset=Organisation.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Find the city first, then choose it."),
            "invalid_choice": _("Find the city first, then choose it."),
        },
    )
    expires_day = DayField(label=_("The code can be used until"))
    expires_time = time_field(_("Brussels time"), missing=TIME_MISSING)
    expires_fold = fold_field()
    uses = forms.IntegerField(
        label=_("How often can it be used?"),
        help_text=_("More than once lets the city come back after what it opened has closed."),
        min_value=1,
        max_value=MOST_USES,
        initial=1,
        error_messages={
            "required": _("Say how often it can be used."),
            "invalid": _("Type a number, for example 2."),
        },
    )
    hours = forms.IntegerField(
        label=_("Hours that each use opens the call"),
        help_text=_("Without hours the first use opens it until the time below."),
        min_value=1,
        max_value=MOST_HOURS,
        required=False,
        error_messages={"invalid": _("Type a number of hours, for example 48.")},
    )
    reason = ReasonField(
        label=_("Reason"),
        missing=_("Write why this city may enter late."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, call: Call, found: list[Organisation]) -> None:
        super().__init__(data)
        self.fields["closes_day"].label = _("The city writes and sends until")
        offer(self, "organisation", _of_side(call))
        chooser: Any = self.fields["organisation"]
        chooser.choices = [(row.pk, f"{row.name}, {row.country.name}") for row in found]

    @property
    def asks_expiry(self) -> bool:
        """Whether to ask which of two equal times is meant."""
        return "expires" in self.asks

    def values(self) -> dict[str, Any]:
        """Return what the service takes. Ask only when it is valid."""
        cleaned = self.cleaned_data
        asked = ("organisation", "expires_at", "closes_at", "uses", "hours", "reason")
        return {name: cleaned[name] for name in asked}


class RevokeForm(forms.Form):
    """Why a code is taken back."""

    reason = ReasonField(
        missing=_("Write why the code is taken back."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RedeemForm(forms.Form):
    """The code a city was given, and for which of the person's organisations it is."""

    organisation = forms.ModelChoiceField(
        label=_("For which city?"),
        queryset=Organisation.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect(attrs={"data-cards": True}),
        error_messages={"required": _("Choose the city that the code is for.")},
    )
    # The name keeps it out of all that is shown again or kept in the browser.
    secret_code = LineField(
        label=_("Code"),
        help_text=_("Four blocks of four letters and digits, from the coordination unit."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "data-keep": "no"}
        ),
        error_messages={"required": _("Type the code that you were given.")},
    )

    def __init__(self, organisations: Any, data: Any = None) -> None:
        super().__init__(data)
        offer(self, "organisation", organisations)
        rows = list(organisations[:2])
        if len(rows) == 1:
            self.fields["organisation"].initial = rows[0]
