"""Two rows of the same city made one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kit import days
from core.kit.fields import DayField, ReasonField, SearchField
from core.kit.filters import FilterForm
from programme.models import Country
from programme.organisations.selectors.merging import Pick
from programme.organisations.states import MERGED_BECAUSE, MergeKind


class CompareForm(forms.Form):
    """Which organisation another one is compared with; read from the address."""

    q = SearchField(label=_("Find another one by name"))
    of = forms.SlugField(required=False, max_length=120)


class OtherForm(forms.Form):
    """Another organisation, by its address."""

    of = forms.SlugField(
        max_length=120,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ["required", "invalid"], _("Choose one of these organisations.")
        ),
    )


class NeighboursForm(OtherForm):
    """Why two that look alike are two."""

    use_required_attribute = False
    reason = ReasonField(
        label=_("Why are they two?"),
        help_text=_("Colleagues read it beside the two."),
        missing=_("Write why they are two: colleagues read it."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
    )


class DoublesForm(FilterForm):
    """Which likely doubles of the register are shown."""

    country = forms.ModelChoiceField(
        Country.objects, label=_("Country"), required=False, empty_label=_("All countries")
    )


class MergeForm(OtherForm):
    """What is kept where the two differ, and why they are the same."""

    use_required_attribute = False
    kind = forms.ChoiceField(
        label=_("What happened?"),
        choices=[(kind.value, kind.label) for kind in MERGED_BECAUSE],
        initial=MergeKind.DOUBLE,
        widget=forms.RadioSelect,
    )
    day = DayField(label=_("Since which day?"))
    reason = ReasonField(
        label=_("Why are they one?"),
        help_text=_("It stays on record with what moves."),
        missing=_("Write why they are the same."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, picks: Sequence[Pick], of: str) -> None:
        super().__init__(data, initial={"of": of, "day": days.today()})
        self.picks = picks
        for pick in picks:
            self.fields[f"pick_{pick.name}"] = forms.ChoiceField(
                label=pick.label,
                choices=[("stays", pick.stays or "–"), ("goes", pick.goes or "–")],
                initial="stays",
                widget=forms.RadioSelect,
            )
        self.order_fields([*(f"pick_{pick.name}" for pick in picks), "kind", "day", "reason"])

    @property
    def rows(self) -> list[Any]:
        """Return the fields in which something is picked, for the table."""
        return [self[f"pick_{pick.name}"] for pick in self.picks]

    def chosen(self) -> dict[str, str]:
        """Return by field whether the value of the one that stays or goes is kept."""
        return {pick.name: self.cleaned_data[f"pick_{pick.name}"] for pick in self.picks}
