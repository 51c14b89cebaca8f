"""Small forms: an objective, the filters of the list of measures."""

from django import forms
from django.utils.translation import gettext_lazy as _

from action_plans.states import MeasureKind
from core.kit.fields import LineField, SearchField
from core.kit.filters import FilterForm


class ObjectiveForm(forms.Form):
    """A strategic objective."""

    use_required_attribute = False

    title = LineField(
        label=_("Objective"),
        max_length=200,
        help_text=_("One line that says what shall be different, and where."),
    )


class MeasureFilterForm(FilterForm):
    """What the list of measures shows."""

    q = SearchField(label=_("Search"))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All kinds")), *MeasureKind.choices], required=False
    )
    gap = forms.ChoiceField(
        label=_("Money"),
        choices=[("", _("With or without gap")), ("yes", _("With a gap"))],
        required=False,
    )
