"""Forms of the plan: how a call is assessed, what an assessor knows, one reading given on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.assessment.engine.sharing import Pair
from applications.assessment.services.planning import MOST_EACH
from applications.assessment.states import SPREAD
from core.kit.fields import DayField, LineField, ReasonField, VersionField
from programme.models import Country, Theme


class PlanForm(forms.Form):
    """How many assessors each application gets, until when, and when they have to talk."""

    use_required_attribute = False
    assessors_each = forms.IntegerField(
        label=_("Assessors of each application"), min_value=1, max_value=MOST_EACH, initial=2
    )
    spread = forms.DecimalField(
        label=_("They talk when they lie more than so many points apart on a criterion"),
        min_value=0,
        max_digits=3,
        decimal_places=1,
        initial=SPREAD,
    )
    is_blind = forms.BooleanField(
        label=_("Assessors read without names"),
        help_text=_(
            "They see neither the applicant and its country nor people, partners and files. Names "
            "that the portal knows are kept back in answers; free text may still hint. Whoever "
            "has read it before knows."
        ),
        required=False,
    )
    declare_by = DayField(label=_("Interests are declared by"), required=False)
    scores_by = DayField(label=_("Scores are in by"), required=False)
    consensus_by = DayField(label=_("Talks end by"), required=False)
    version = VersionField()

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        cleaned = dict(self.cleaned_data)
        return cleaned | {"read_version": cleaned.pop("version")}


class EndForm(forms.Form):
    """Why the assessment of a call is closed or reopened."""

    use_required_attribute = False
    reason = ReasonField(
        help_text=_("Kept for good with your name and the time."),
        missing=_("Write the reason: it is kept with your name and the time."),
    )


class ExpertiseForm(forms.Form):
    """What an assessor knows, and who employs them."""

    use_required_attribute = False
    countries = forms.ModelMultipleChoiceField(
        label=_("Countries you know"),
        queryset=Country.objects.order_by("search_name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    themes = forms.ModelMultipleChoiceField(
        label=_("Themes you know"),
        queryset=Theme.objects.order_by("order", "name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    employer = LineField(
        label=_("Who you work for, or worked for last"),
        help_text=_("You are never given its own application."),
        max_length=200,
        required=False,
    )
    languages = LineField(
        label=_("Languages you read"),
        help_text=_("For example: de en fr"),
        max_length=60,
        required=False,
    )


# So many ids a pair has, and so many digits an id at most.
_IDS, _MOST_DIGITS = 2, 18


def read_pairs(values: list[str]) -> list[Pair]:
    """Return the pairs that an address names as "application-assessor"; nonsense names none."""
    found = []
    for value in values:
        numbers = value.split("-")
        if len(numbers) == _IDS and all(
            one.isascii() and one.isdigit() and len(one) <= _MOST_DIGITS for one in numbers
        ):
            found.append((int(numbers[0]), int(numbers[1])))
    return found


def written(pair: Pair) -> str:
    """Return how an address names a pair."""
    return f"{pair[0]}-{pair[1]}"
