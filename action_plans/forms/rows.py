"""The rows of a measure: indicators, funding, risks; and the page's forms as one."""

from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from action_plans.forms.measure import FIRST_YEAR, LAST_YEAR, MeasureForm
from action_plans.models import Measure, Plan
from action_plans.services import MeasureData
from action_plans.states import FundingStatus
from core.kit.comparing import TwoTexts
from core.kit.differences import differences, row_differences
from core.kit.fields import AmountField, LineField

MOST_ROWS = 30
EMPTY_ROWS = 1


class RowForm(forms.Form):
    """A row of a table; an empty one is left out, `DELETE` takes one away."""

    use_required_attribute = False

    @property
    def is_kept(self) -> bool:
        """Whether the row holds something that shall be saved."""
        return self.has_changed() and not self.cleaned_data.get("DELETE")


class IndicatorForm(RowForm):
    """How the result is seen."""

    name = LineField(label=_("Indicator"), max_length=120)
    unit = LineField(label=_("Unit"), max_length=40, required=False)
    baseline = AmountField(label=_("Now"), required=False, help_text="")
    target = AmountField(label=_("Target"), required=False, help_text="")
    target_year = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        localize=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": _("Type the year in four digits, for example 2028."),
            "min_value": _("Type the year in four digits, for example 2028."),
            "max_value": _("Type the year in four digits, for example 2028."),
        },
    )


class FundingForm(RowForm):
    """Who pays how much, and how sure that is."""

    source = LineField(label=_("Source"), max_length=160)
    status = forms.ChoiceField(
        label=_("State"), choices=FundingStatus, initial=FundingStatus.PLANNED
    )
    amount = AmountField(label=_("Amount"), help_text="")


class RiskForm(RowForm):
    """What could go wrong, and what is done about it."""

    text = LineField(label=_("Risk"), max_length=300)
    mitigation = LineField(label=_("What we do about it"), max_length=300, required=False)


class Rows(BaseFormSet):
    """Rows of one kind, each box named for those who do not see the table's head."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, form in enumerate(self.forms, start=1):
            for name, field in form.fields.items():
                if name != "DELETE":
                    field.widget.attrs["aria-label"] = _g("%(label)s, row %(number)s") % {
                        "label": field.label,
                        "number": place,
                    }

    def initial_form_count(self) -> int:
        """Return how many rows were there; none when read back, so any row may be emptied."""
        return 0 if self.is_bound else super().initial_form_count()

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """Name the box that takes a row away."""
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Take this row out")

    def values(self) -> list[dict[str, Any]]:
        """Return the rows to keep; only after is_valid()."""
        return [
            {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
            for form in self.forms
            if form.is_kept
        ]


KINDS: dict[str, type[RowForm]] = {
    "indicators": IndicatorForm,
    "funding": FundingForm,
    "risks": RiskForm,
}
LABELS = {
    "indicators": _("Indicators"),
    "funding": _("Who pays"),
    "risks": _("What could go wrong"),
}
SETS = {
    name: formset_factory(
        form,
        formset=Rows,
        extra=EMPTY_ROWS,
        can_delete=True,
        max_num=MOST_ROWS,
        validate_max=True,
        absolute_max=MOST_ROWS + 1,
    )
    for name, form in KINDS.items()
}


class MeasureForms:
    """The form of a measure and its three tables, read and checked together.

    `add` in the data (indicators, funding or risks) asks for one more empty row of that
    table instead of saving: what was typed stays, and nothing is checked yet.
    """

    def __init__(
        self, *, plan: Plan, measure: Measure | None, data: QueryDict | None = None
    ) -> None:
        self.adds = data.get("add", "") if data is not None else ""
        if data is not None and self.adds in KINDS:
            data = _one_more(data, self.adds)
        self.form = MeasureForm(data, plan=plan, measure=measure)
        self.sets: dict[str, Any] = {
            name: make(data, prefix=name, initial=_rows_of(measure, name) if data is None else None)
            for name, make in SETS.items()
        }
        for form in self.sets["funding"].forms:
            form.fields["amount"].currency = self.form.money
        if self.wants_row:
            unchecked: list[Any] = self.all_forms
            for form in unchecked:
                form._errors = ErrorDict()  # noqa: SLF001 - nothing is checked yet
            for rows in self.sets.values():
                rows._errors = [form.errors for form in rows.forms]  # noqa: SLF001
                rows._non_form_errors = ErrorList()  # noqa: SLF001

    @property
    def wants_row(self) -> bool:
        """Whether the page asks for one more row."""
        return self.adds in KINDS

    @property
    def all_forms(self) -> list[forms.Form]:
        """Return every form of the page, for the error summary."""
        return [self.form, *(form for rows in self.sets.values() for form in rows.forms)]

    def is_valid(self) -> bool:
        """Check everything, so that all errors show at once."""
        return all([self.form.is_valid(), *(rows.is_valid() for rows in self.sets.values())])

    @property
    def has_errors(self) -> bool:
        """Whether something has to be put right."""
        return self.form.is_bound and not self.wants_row and not self.is_valid()

    def differences(self, stored: Measure) -> list[TwoTexts]:
        """Return label and stored words of what is saved now and differs from what was typed."""
        saved = MeasureForms(plan=stored.plan, measure=stored)
        found = differences(self.form, saved.form)
        for name, label in LABELS.items():
            found += row_differences(label, self.sets[name], saved.sets[name])
        return found

    def measure_data(self) -> MeasureData:
        """Return what was typed; only after is_valid()."""
        return self.form.measure_data(**{name: rows.values() for name, rows in self.sets.items()})


def _one_more(data: QueryDict, name: str) -> QueryDict:
    copy = data.copy()
    total = copy.get(f"{name}-TOTAL_FORMS", "")
    if total.isascii() and total.isdigit():
        copy[f"{name}-TOTAL_FORMS"] = str(min(int(total) + 1, MOST_ROWS))
    return copy


def _rows_of(measure: Measure | None, name: str) -> list[dict[str, Any]]:
    if measure is None:
        return []
    form: Any = KINDS[name]
    fields = form.base_fields
    return [
        {field: getattr(row, field) for field in fields} for row in getattr(measure, name).all()
    ]
