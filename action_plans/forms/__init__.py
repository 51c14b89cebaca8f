"""Forms of action plans."""

from action_plans.forms.fields import AmountField, DayField
from action_plans.forms.measure import MeasureForm
from action_plans.forms.plan import MeasureFilterForm, ObjectiveForm
from action_plans.forms.rows import MeasureForms

__all__ = [
    "AmountField",
    "DayField",
    "MeasureFilterForm",
    "MeasureForm",
    "MeasureForms",
    "ObjectiveForm",
]
