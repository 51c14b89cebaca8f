"""Forms of action plans."""

from action_plans.forms.fields import AmountField
from action_plans.forms.measure import MeasureForm
from action_plans.forms.plan import MeasureFilterForm, ObjectiveForm
from action_plans.forms.rows import MeasureForms

__all__ = [
    "AmountField",
    "MeasureFilterForm",
    "MeasureForm",
    "MeasureForms",
    "ObjectiveForm",
]
