"""Forms of staff: filters, rulings, decisions."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.lists import ListFilter, columns_for, filters_for
from applications.selectors import all_assessors
from applications.services.saved import LONGEST_NAME
from applications.states import (
    RULINGS,
    ApplicationStatus,
    CommitmentVerdict,
    Criterion,
)
from core.kit.fields import LineField, ReasonField, SearchField, VersionField, offer
from programme.calls.models import Call
from programme.calls.states import CallStatus
from programme.models import Country

# So many are picked one by one at most, for they stand in the address.
MOST_PICKED = 300
_ID = re.compile(r"\d{1,18}")


def picked_ids(sent: QueryDict) -> list[int]:
    """Return the applications that an address names one by one; nonsense names none."""
    found = [int(one) for one in sent.getlist("id") if _ID.fullmatch(one)]
    return list(dict.fromkeys(found))[:MOST_PICKED]


SENT = [choice for choice in ApplicationStatus.choices if choice[0] != "draft"]


# What says how the list is shown, not what is in it.
HOW_SHOWN = ("sort", "column")


def _offered_by(one: ListFilter, by: User) -> list[tuple[str, Any]]:
    return [("", _("All")), *one.choices(by)]


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
    column = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, data: Any, *, by: User) -> None:
        super().__init__(data)
        column: Any = self.fields["column"]
        column.choices = [(one.key, one.label) for one in columns_for(by)]
        for one in filters_for(by):
            # Asked for where the filter is shown, or chosen.
            self.fields[one.key] = forms.ChoiceField(
                label=one.label, required=False, choices=partial(_offered_by, one, by)
            )

    @property
    def chosen(self) -> dict[str, Any]:
        """Return what was chosen; what makes no sense narrows nothing."""
        self.is_valid()
        return {k: v for k, v in self.cleaned_data.items() if v}

    @property
    def query(self) -> str:
        """Return what was chosen as the query of an address, always in the same order."""
        return urlencode(self.kept)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Return what was chosen, as names and values of an address."""
        chosen = self.chosen
        return [
            (name, value)
            for name in self.fields
            if name in chosen
            for value in (chosen[name] if name == "column" else [self[name].value()])
        ]

    @property
    def filters(self) -> dict[str, Any]:
        """Return what narrows the list, without how it is shown."""
        return {k: v for k, v in self.chosen.items() if k not in HOW_SHOWN}


class SavedViewForm(forms.Form):
    """What a view of the list is called, and whether colleagues have it too."""

    use_required_attribute = False
    name = LineField(
        label=_("Name of the view"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Give the view a name, such as “Asia, to check”.")},
    )
    is_shared = forms.BooleanField(label=_("Show it to all colleagues"), required=False)


def _with_version(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Return cleaned data with the version of the page under the name that services give it."""
    rest = {name: value for name, value in cleaned.items() if name != "version"}
    return {"read_version": cleaned["version"], **rest}


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
    version = VersionField()

    @property
    def values(self) -> dict[str, Any]:
        """Return what was ruled and read, as the service takes it; once the form is valid."""
        return _with_version(self.cleaned_data)


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
    version = VersionField()

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

    def __init__(
        self, people: Any, *args: Any, known: Sequence[User] | None = None, **kwargs: Any
    ) -> None:
        """Offer these people; a page that has read them already hands them in as `known`."""
        super().__init__(*args, **kwargs)
        offer(self, "assessor", people)
        if known is not None:
            field: Any = self.fields["assessor"]
            field.choices = [("", field.empty_label), *((one.pk, str(one)) for one in known)]


class AssignManyForm(AssignForm):
    """The same for many applications (applications.acting.ActionForm)."""

    def __init__(self, data: Any, _applications: Any) -> None:
        super().__init__(all_assessors(), data)

    @property
    def values(self) -> dict[str, Any]:
        """Return who was chosen, as JSON."""
        return {"assessor": self.cleaned_data["assessor"].pk}


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
    version = VersionField()


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
    version = VersionField()

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

    @property
    def values(self) -> dict[str, Any]:
        """Return what was written and read, as the services take it; once the form is valid."""
        return _with_version(self.cleaned_data)
