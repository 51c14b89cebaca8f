"""The form of a measure with its rows of indicators, funding and risks."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from action_plans.models import Measure, Objective, Plan
from action_plans.services import MeasureData
from action_plans.states import (
    CityScope,
    Currency,
    MeasureKind,
    MeasureStatus,
)
from core.kit.fields import AmountField, DayField, LineField, TextField, VersionField
from programme.models import Goal
from programme.states import GoalFramework

FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST_GOALS = 5


class GoalChoices(forms.ModelMultipleChoiceField):
    """Goals as people know them: by number and title."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """Return number and title of a goal."""
        return f"{obj.code} {obj.title}"


class AskedLater:
    """A field that a review needs: not marked as optional, and yet it may be saved empty."""

    def validate(self, value: Any) -> None:
        """Take an empty value; selectors.missing_for_review tells what a review lacks."""


class AskedLine(AskedLater, LineField):
    """One line that a review needs."""


class AskedText(AskedLater, TextField):
    """A text that a review needs."""


class AskedDay(AskedLater, DayField):
    """A day that a review needs."""


class AskedAmount(AskedLater, AmountField):
    """An amount that a review needs."""


class MeasureForm(forms.Form):
    """What is typed about a measure; only its title and objective must be there to save."""

    use_required_attribute = False

    title = LineField(
        label=_("Title"), max_length=120, help_text=_("Start with a verb. At most 120 characters.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=MeasureKind, widget=forms.RadioSelect)
    city_scope = forms.ChoiceField(label=_("Which city"), choices=CityScope)
    objective = forms.ModelChoiceField(
        label=_("Strategic objective"), queryset=Objective.objects.none(), empty_label=None
    )
    problem = AskedText(label=_("Problem it solves"), max_length=2000)
    description = AskedText(label=_("What, how and where"), max_length=4000)
    inspiration = TextField(
        label=_("Learnt from the partner city"), max_length=2000, required=False
    )
    target_groups = LineField(
        label=_("Whom it is for"),
        max_length=300,
        required=False,
        help_text=_("For example: residents of the old town, small firms."),
    )
    lead_body = AskedLine(
        label=_("Lead body"),
        max_length=200,
        help_text=_("Office or organisation, not a private person."),
    )
    partners = LineField(
        label=_("Partners"),
        max_length=500,
        required=False,
        help_text=_("Put a semicolon between them."),
    )
    start_date = AskedDay(label=_("Start"))
    end_date = AskedDay(label=_("End"))
    outputs = TextField(
        label=_("What will exist at the end"),
        max_length=2000,
        required=False,
        help_text=_("Things one can see or count: one on each line."),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=Currency)
    cost_total = AskedAmount(label=_("Estimated cost"))
    viability_note = AskedText(
        label=_("Economic viability"),
        max_length=2000,
        help_text=_(
            "Needed for a pilot project before a review. Who pays for running it after the "
            "pilot? What income or saving can it bring?"
        ),
    )
    ghg_reduction = AmountField(
        label=_("Less greenhouse gas, tonnes of CO₂ a year"), required=False
    )
    energy_saved = AmountField(label=_("Energy saved, MWh a year"), required=False)
    renewable_produced = AmountField(
        label=_("Renewable energy produced, MWh a year"), required=False
    )
    sdgs = GoalChoices(
        label=_("Sustainable Development Goals"),
        queryset=Goal.objects.none(),
        required=False,
        help_text=_("Choose those it changes most, at most five."),
    )
    other_goals = GoalChoices(
        label=_("Themes of the Urban Agenda for the EU"),
        queryset=Goal.objects.none(),
        required=False,
    )
    status = forms.ChoiceField(label=_("State"), choices=MeasureStatus)
    progress_percent = forms.IntegerField(
        label=_("Progress in per cent"),
        min_value=0,
        max_value=100,
        widget=forms.TextInput(attrs={"class": "field-date", "inputmode": "numeric"}),
        error_messages={
            "invalid": _("Type a whole number from 0 to 100."),
            "min_value": _("Type a whole number from 0 to 100."),
            "max_value": _("Type a whole number from 0 to 100."),
        },
    )
    version = VersionField()

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, plan: Plan, measure: Measure | None = None
    ) -> None:
        super().__init__(data, initial=self._initial(plan, measure))
        objectives: Any = self.fields["objective"]
        objectives.queryset = plan.objectives.all()
        for name, framework in (
            ("sdgs", GoalFramework.SDG),
            ("other_goals", GoalFramework.URBAN_AGENDA),
        ):
            choices: Any = self.fields[name]
            choices.queryset = Goal.objects.filter(framework=framework)
        scopes: Any = self.fields["city_scope"]
        scopes.choices = [
            (CityScope.OWN, plan.member.name),
            (CityScope.PARTNER, CityScope.PARTNER.label),
            (CityScope.JOINT, CityScope.JOINT.label),
        ]

        cost: Any = self.fields["cost_total"]
        cost.currency = self.money

    @property
    def money(self) -> str:
        """Return the currency in which this form asks for money."""
        typed = self.data.get("currency", "") if self.is_bound else self.initial["currency"]
        return str(typed) if typed in Currency else ""

    @staticmethod
    def _initial(plan: Plan, measure: Measure | None) -> dict[str, Any]:
        if measure is None:
            return {
                "kind": MeasureKind.ACTION,
                "city_scope": CityScope.OWN,
                "objective": plan.objectives.first(),
                "currency": Currency.EUR,
                "status": MeasureStatus.DRAFT,
                "progress_percent": 0,
                "version": 0,
            }
        goals = list(measure.goals.all())
        values: dict[str, Any] = {
            name: getattr(measure, name) for name in MEASURE_FIELDS if name != "goals"
        }
        values["sdgs"] = [g for g in goals if g.framework == GoalFramework.SDG]
        values["other_goals"] = [g for g in goals if g.framework == GoalFramework.URBAN_AGENDA]
        values["version"] = measure.version
        return values

    def clean_sdgs(self) -> Any:
        """Take at most five, so that the choice says something."""
        chosen = self.cleaned_data["sdgs"]
        if len(chosen) > MOST_GOALS:
            raise forms.ValidationError(
                _("Choose at most %(most)s goals; you have %(count)s. Take some out."),
                params={"most": MOST_GOALS, "count": len(chosen)},
            )
        return chosen

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the start, and years that are typing errors."""
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("start_date"), cleaned.get("end_date")
        for name, day in (("start_date", start), ("end_date", end)):
            if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
                self.add_error(name, _("Check the year, then type the date again."))
        if start and end and end < start:
            self.add_error(
                "end_date", _("The end lies before the start. Correct one of the two dates.")
            )
        return cleaned

    def measure_data(self, **rows: Any) -> MeasureData:
        """Return what was typed, with the rows of the formsets; only after is_valid()."""
        values: dict[str, Any] = {
            name: self.cleaned_data[name] for name in MEASURE_FIELDS if name in self.cleaned_data
        }
        goals = [*self.cleaned_data["sdgs"], *self.cleaned_data["other_goals"]]
        return MeasureData(**values, goals=goals, **rows)


# What form and service share by name.
MEASURE_FIELDS = [
    field.name for field in dataclasses.fields(MeasureData) if field.name in MeasureForm.base_fields
]
