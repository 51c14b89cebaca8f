"""Forms of staff: filters, rulings, decisions."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.states import (
    RULINGS,
    ApplicationStatus,
    CommitmentVerdict,
    Criterion,
)
from core.kit.fields import ReasonField, SearchField, offer
from programme.calls.models import Call
from programme.calls.states import CallStatus
from programme.models import Country

SENT = [choice for choice in ApplicationStatus.choices if choice[0] != "draft"]


class FilterForm(forms.Form):
    """What the list is narrowed to; the empty form is the whole list."""

    q = SearchField(
        label=_("Applicant, reference or person"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Lodz finds Łódź")}),
    )
    call = forms.ModelChoiceField(
        label=_("Call"),
        required=False,
        queryset=Call.objects.filter(status=CallStatus.PUBLISHED).only("slug", "title"),
        to_field_name="slug",
        empty_label=_("All calls"),
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *SENT])
    country = forms.ModelChoiceField(
        label=_("Country"),
        required=False,
        # Europe first: most applications come from there.
        queryset=Country.objects.order_by("side", "search_name"),
        empty_label=_("All countries"),
    )
    view = forms.CharField(required=False, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def chosen(self) -> dict[str, Any]:
        """Return what was chosen; what makes no sense narrows nothing."""
        self.is_valid()
        return {k: v for k, v in self.cleaned_data.items() if v}


class RulingForm(forms.Form):
    """A ruling on one criterion with its reason."""

    use_required_attribute = False
    criterion = forms.ChoiceField(choices=Criterion.choices, widget=forms.HiddenInput)
    reason = ReasonField(
        help_text=_(
            "Kept for good with your name and the time. The applicant reads only what you release."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        missing=_("Write the reason: it is kept with your name and the time."),
    )
    released = forms.BooleanField(label=_("Release the reason to the applicant"), required=False)
    ruling = forms.ChoiceField(
        choices=RULINGS,
        error_messages={"required": _("Choose pass, fail or waive.")},
    )


class EligibilityForm(forms.Form):
    """Eligible or not, with the reason the city reads if not."""

    CHOICES: ClassVar = [("yes", _("Eligible")), ("no", _("Not eligible"))]

    use_required_attribute = False
    eligible = forms.ChoiceField(
        label=_("Decision"),
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose whether the application is eligible."),
            "invalid_choice": _(
                "No criterion fails, so the application cannot be refused as not eligible. "
                "Rule the criterion that it fails first."
            ),
        },
    )
    reason = ReasonField(
        help_text=_("Needed when it is not eligible; it stands in the mail to the applicant."),
        needed_when=("eligible", "no"),
    )

    def __init__(self, *args: Any, may_refuse: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The choice stands there only while a criterion fails; the service asks again.
        if not may_refuse:
            choices: Any = self.fields["eligible"]
            choices.choices = self.CHOICES[:1]

    @property
    def is_eligible(self) -> bool:
        """Whether the application passes; ask only once the form is valid."""
        return bool(self.cleaned_data["eligible"] == "yes")

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a refusal."""
        cleaned = super().clean() or {}
        if cleaned.get("eligible") == "no" and not cleaned.get("reason"):
            self.add_error("reason", _("Write the reason: the applicant reads it in the mail."))
        return cleaned


class AssignForm(forms.Form):
    """Which assessor reads the application."""

    use_required_attribute = False
    assessor = forms.ModelChoiceField(
        label=_("Assessor"),
        queryset=User.objects.none(),
        empty_label=_("Choose an assessor"),
        error_messages={"required": _("Choose an assessor.")},
    )

    def __init__(self, people: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "assessor", people)


class VerdictForm(forms.Form):
    """Whether a commitment counts, once it was opened."""

    use_required_attribute = False
    opened = forms.BooleanField(
        label=_("I have opened it and read who signed, in which office, and what was promised."),
        error_messages={"required": _("Open the commitment and read it first.")},
    )
    verdict = forms.ChoiceField(
        label=_("Does it count?"),
        choices=[
            (CommitmentVerdict.ACCEPTED, _("It counts")),
            (CommitmentVerdict.REFUSED, _("It does not count")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether it counts.")},
    )
    reason = ReasonField(
        label=_("Reason"),
        help_text=_("The city reads it when the commitment does not count."),
    )


class JudgeForm(forms.Form):
    """Why a criterion fails or is waived, or why one that fails passes after all."""

    use_required_attribute = False
    reason = ReasonField(
        label=_("Why?"),
        help_text=_("Kept for good with your name and the time."),
        widget=forms.Textarea(attrs={"rows": 3}),
        missing=_("Write the reason: it is kept with your name and the time."),
    )
    released = forms.BooleanField(label=_("Release the reason to the applicant"), required=False)

    def __init__(
        self, *args: Any, of_letter: bool = False, may_release: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if of_letter or not may_release:
            del self.fields["released"]
        if of_letter:
            # The city has to know what to send instead.
            self.fields["reason"].help_text = _(
                "The applicant reads it: say what is missing, and what to send instead."
            )
