"""Forms of the first stage of a call in two stages."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Interest
from applications.snapshots import content_print
from applications.states import InterestOutcome, InterestStatus
from core.kit.fields import ReasonField, SearchField, offer
from programme.models import Country
from programme.organisations.models import Organisation

SENT = [choice for choice in InterestStatus.choices if choice[0] != InterestStatus.DRAFT]


class StartInterestForm(forms.Form):
    """For which organisation the interest is expressed."""

    use_required_attribute = False
    organisation = forms.ModelChoiceField(
        label=_("For which organisation?"),
        queryset=Organisation.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the organisation that is interested.")},
    )

    def __init__(self, organisations: Any, data: Any = None) -> None:
        super().__init__(data)
        offer(self, "organisation", organisations)
        first = organisations.first()
        self.fields["organisation"].initial = first.pk if first else None


class SendForm(forms.Form):
    """What its reader has seen, by its fingerprint: exactly that is sent."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, snapshot: Mapping[str, Any]) -> "SendForm":
        """Return the form of a page that shows this."""
        return cls(initial={"shown": content_print(snapshot)})

    def renew(self, snapshot: Mapping[str, Any]) -> None:
        """Ask anew for what is shown now."""
        sent: Any = self.data
        data = sent.copy()
        data["shown"] = content_print(snapshot)
        self.data = data


class InterestFilterForm(forms.Form):
    """What the list is narrowed to; the empty form is the whole list."""

    q = SearchField(label=_("City or reference"))
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *SENT])
    country = forms.ModelChoiceField(
        label=_("Country"),
        required=False,
        queryset=Country.objects.order_by("side", "search_name"),
        empty_label=_("All countries"),
    )

    @property
    def chosen(self) -> dict[str, Any]:
        """Return what was chosen; what makes no sense narrows nothing."""
        self.is_valid()
        return {k: v for k, v in self.cleaned_data.items() if v}


class DecideForm(forms.Form):
    """Which expressions of interest, what becomes of them, and the reason the cities read."""

    use_required_attribute = False
    interests = forms.ModelMultipleChoiceField(
        queryset=Interest.objects.none(),
        widget=forms.MultipleHiddenInput,
        error_messages={"required": _("Choose at least one applicant in the list.")},
    )
    outcome = forms.ChoiceField(choices=InterestOutcome.choices, widget=forms.HiddenInput)
    reason = ReasonField(
        label=_("Reason"),
        help_text=_(
            "It stands in the mail to each of these applicants, and is kept with your name."
        ),
        missing=_("Write the reason: each applicant reads it in its mail."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, rows: Any, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        offer(self, "interests", rows)

    @property
    def is_invitation(self) -> bool:
        """Whether the cities are to be invited; anything else declines."""
        return self["outcome"].value() == InterestOutcome.INVITE


class TakeBackForm(forms.Form):
    """Why a decision is taken back."""

    use_required_attribute = False
    reason = ReasonField(
        label=_("Reason"),
        help_text=_("The applicant reads it in the mail."),
        missing=_("Write the reason: the applicant reads it in the mail."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
