"""The form of a talk: what should count on one criterion, and why."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.assessment.forms.scoring import points_of
from applications.assessment.services.scoring import SENTENCE_LIMIT
from core.kit.fields import TextField, VersionField
from programme.calls.models import AssessmentCriterion


class AgreedForm(forms.Form):
    """A value and its sentence."""

    use_required_attribute = False
    value = forms.TypedChoiceField(
        label=_("Points that should count"),
        coerce=Decimal,
        error_messages={"required": _("Choose the points that should count.")},
    )
    sentence = TextField(
        label=_("Why, in one sentence"),
        max_length=SENTENCE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write in one sentence what you agree on.")},
    )
    version = VersionField()

    def __init__(self, criterion: AssessmentCriterion, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", criterion.key)
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["value"]
        choices.choices = [("", _("Choose")), *points_of(criterion)]

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        cleaned = dict(self.cleaned_data)
        return cleaned | {"read_version": cleaned.pop("version")}
