"""Input of the pages on runs: a note, weights, which two to compare, what to look for."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kit.errors import Words
from core.kit.fields import LineField, SearchField
from pairings.matching.charts import class_of, name_of
from pairings.matching.labels import TERMS

HEAVIEST = 100


class StartForm(forms.Form):
    """A word about the run to be started."""

    note = LineField(
        label=_("A word about this run"),
        required=False,
        max_length=200,
        help_text=_("For your colleagues, such as “before the board of 4 December”."),
    )


class FindForm(forms.Form):
    """Looks for cities of a run."""

    q = SearchField(label=_("City"))


class CompareForm(forms.Form):
    """Which two runs of a call lie side by side."""

    one = forms.TypedChoiceField(label=_("Before"), coerce=int)
    other = forms.TypedChoiceField(label=_("After"), coerce=int)

    def __init__(self, *args: Any, numbers: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(number, _("Run %(number)d") % {"number": number}) for number in numbers]
        for name in ("one", "other"):
            field: Any = self.fields[name]
            field.choices = choices
            field.is_asked = True


class PointForm(forms.Form):
    """Which point of the curve becomes the run on the board."""

    point = forms.TypedChoiceField(
        coerce=int,
        widget=forms.RadioSelect,
        label=_("Choose one"),
        error_messages={"required": _("Choose one of the points.")},
    )

    def __init__(self, data: Any = None, *, number: int) -> None:
        super().__init__(data)
        field: Any = self.fields["point"]
        field.choices = [(place, name_of(place)) for place in range(number)]


class TermForm(forms.Form):
    """Whose weight moves."""

    term = forms.ChoiceField(label=_("If this weight moves"), choices=list(TERMS.items()))


class WeightsForm(forms.Form):
    """A number and a slider for the weight of each term; the one that was moved counts.

    Weights are shares: only their proportions count, so they need not add up to a hundred.
    """

    def __init__(self, data: Any = None, *, weights: Mapping[str, float]) -> None:
        self.shown = shares(weights)
        initial: dict[str, Any] = {}
        for term, share in self.shown.items():
            initial |= {term: share, f"slide_{term}": share, f"was_{term}": share}
        super().__init__(data, initial=initial)
        for term in self.shown:
            self._add(term)

    def _add(self, term: str) -> None:
        number = _share(TERMS[term], forms.NumberInput())
        slide = _share(
            _("%(term)s, slider") % {"term": TERMS[term]},
            forms.NumberInput(attrs={"type": "range", "class": "form-range"}),
        )
        for field in (number, slide):
            asked: Any = field
            asked.is_asked = True
        was = forms.IntegerField(required=False, widget=forms.HiddenInput)
        self.fields |= {term: number, f"slide_{term}": slide, f"was_{term}": was}

    def clean(self) -> dict[str, Any]:
        """Refuse weights that count nothing at all."""
        found = super().clean() or {}
        if not self.errors and not any(self.weights.values()):
            raise forms.ValidationError(_("Let at least one weight be more than 0."), code="none")
        return found

    @property
    def weights(self) -> dict[str, int]:
        """Return the weights as they were typed or slid; a slider counts if it alone was moved."""
        return {term: self._weight(term) for term in self.shown}

    def _weight(self, term: str) -> int:
        said = self.cleaned_data
        typed, slid, was = said.get(term), said.get(f"slide_{term}"), said.get(f"was_{term}")
        if slid is not None and slid != was and typed in (None, was):
            return int(slid)
        return int(typed or 0)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the fields of each term together."""
        return [
            {
                "name": class_of(term),
                "label": TERMS[term],
                "number": self[term],
                "slide": self[f"slide_{term}"],
                "was": self[f"was_{term}"],
            }
            for term in self.shown
        ]


def _share(label: Words, widget: forms.Widget) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, widget=widget, min_value=0, max_value=HEAVIEST, required=False
    )


def shares(weights: Mapping[str, float]) -> dict[str, int]:
    """Return weights as whole hundredths of their sum, in the order of the terms; they add up."""
    total = sum(weights.values()) or 1
    exact = {term: 100 * weights.get(term, 0) / total for term in TERMS}
    found = {term: int(share) for term, share in exact.items()}
    rest = sorted(exact, key=lambda term: found[term] - exact[term])
    for term in rest[: 100 - sum(found.values())]:
        found[term] += 1
    return found
