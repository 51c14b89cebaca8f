"""Forms of action plans."""

from action_plans.forms.measure import MeasureForm
from action_plans.forms.plan import MeasureFilterForm, ObjectiveForm
from action_plans.forms.rows import MeasureForms
from core.kit.fields import AmountField

__all__ = [
    "AmountField",
    "MeasureFilterForm",
    "MeasureForm",
    "MeasureForms",
    "ObjectiveForm",
]
