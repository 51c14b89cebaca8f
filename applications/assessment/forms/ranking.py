"""Forms of the ranking: the line, and the reasons of what it decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.assessment.engine.line import Line
from applications.assessment.forms.outcomes import REASON_HELP, MarkForm, ParagraphsField
from applications.assessment.models import Paragraph
from applications.states import DecisionOutcome
from core.kit.fields import ReasonField, offer
from core.kit.filters import FilterForm


class LineForm(FilterForm):
    """Where the line would go; what makes no sense draws none."""

    threshold = forms.DecimalField(
        label=_("Threshold"), required=False, min_value=0, max_value=100, decimal_places=2
    )
    reserve = forms.DecimalField(
        label=_("Reserve from"), required=False, min_value=0, max_value=100, decimal_places=2
    )
    places = forms.IntegerField(label=_("Places"), required=False, min_value=0, max_value=10_000)

    @property
    def line(self) -> Line:
        """Return the line."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        return Line(
            threshold=data.get("threshold"),
            reserve=data.get("reserve"),
            places=data.get("places"),
        )


class FromLineForm(MarkForm):
    """The reason of each outcome that the line gives; paragraphs go to their own outcome."""

    use_required_attribute = False
    paragraphs = ParagraphsField(
        label=_("Paragraphs"),
        help_text=_("Each is used for the outcome that it is for."),
        queryset=Paragraph.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: Any = None, *, paragraphs: Any, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        offer(self, "paragraphs", paragraphs)
        if not paragraphs.exists():
            del self.fields["paragraphs"]
        for value, label in DecisionOutcome.choices:
            self.fields[f"reason_{value}"] = ReasonField(
                label=_("Reason: %(outcome)s") % {"outcome": label},
                help_text=REASON_HELP,
                is_asked=True,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    @property
    def reasons(self) -> dict[str, str]:
        """Return the reasons by outcome; ask only once the form is valid."""
        return {value: self.cleaned_data[f"reason_{value}"] for value in DecisionOutcome.values}
