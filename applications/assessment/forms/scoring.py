"""Forms of an assessor: points and a sentence, the whole, and abstaining."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.assessment.services.scoring import OVERALL_LIMIT, SENTENCE_LIMIT
from applications.assessment.states import STEP
from core.kit.fields import ReasonField, TextField, VersionField
from programme.calls.models import AssessmentCriterion


def points_of(criterion: AssessmentCriterion) -> list[tuple[str, str]]:
    """Return what can be chosen on the scale: "0.0", "0.5" … and how it reads."""
    steps = [STEP * number for number in range(int(criterion.max_score / STEP) + 1)]
    return [(f"{one:.1f}", f"{one:.1f}" if one % 1 else f"{one:.0f}") for one in steps]


class ScoreForm(forms.Form):
    """Points on one criterion, and why; a draft may lack either."""

    use_required_attribute = False
    value = forms.TypedChoiceField(
        label=_("Points"),
        required=False,
        coerce=Decimal,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    sentence = TextField(
        label=_("Why, in at least one sentence"),
        max_length=SENTENCE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = VersionField()

    def __init__(self, criterion: AssessmentCriterion, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["value"]
        choices.choices = points_of(criterion)
        # A draft lacks it; handing in asks for both.
        for name in ("value", "sentence"):
            asked: Any = self.fields[name]
            asked.is_asked = True

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        cleaned = self.cleaned_data
        return {
            "value": cleaned["value"],
            "sentence": cleaned["sentence"],
            "read_version": cleaned["version"],
        }


class HandInForm(forms.Form):
    """What there is to say of the whole."""

    use_required_attribute = False
    overall = TextField(
        label=_("Anything to say of the whole?"),
        help_text=_("Saved as you type. The others read it once you have handed in."),
        max_length=OVERALL_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = VersionField()

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        # It stands beside the form of a criterion, which has a version too.
        super().__init__(data, initial=initial, auto_id="whole_%s")

    def values(self) -> dict[str, Any]:
        """Return what the services take."""
        cleaned = self.cleaned_data
        return {"overall": cleaned["overall"], "read_version": cleaned["version"]}


class AbstainForm(forms.Form):
    """Why an assessor leaves the judgement to the others."""

    use_required_attribute = False
    reason = ReasonField(
        help_text=_("The coordination unit reads it. The applicant does not."),
        missing=_("Write why you abstain."),
    )


class ReopenForm(forms.Form):
    """Why scores go back to their assessor."""

    use_required_attribute = False
    reason = ReasonField(
        help_text=_("The assessor reads it on their page; it is kept with your name."),
        missing=_("Write why it is given back: the assessor reads it."),
    )
