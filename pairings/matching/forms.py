"""Input of the pages on runs: a note, weights, which two to compare, what to look for."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kit.errors import Words
from core.kit.fields import LineField, ReasonField, SearchField
from core.kit.filters import FilterForm
from pairings.matching.charts import class_of, name_of
from pairings.matching.engine.weights import MAX_SCORE
from pairings.matching.labels import TERMS
from programme.models import Topic

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


# The board ----------------------------------------------------------------------------


class BoardFilter(FilterForm):
    """Which pairs the board shows and in which order, and which cities stand beside them."""

    q = SearchField(label=_("City or country"))
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("Highest score")),
            ("worst", _("Worst-off first")),
            ("cheapest", _("Cheapest to change")),
            ("name", _("Name")),
        ],
    )
    show = forms.ChoiceField(
        required=False,
        choices=[("", _("All")), ("unpaired", _("Unpaired")), ("locked", _("Locked"))],
        widget=forms.HiddenInput,
    )


class PairsField(forms.Field):
    """Pairs of cities, each "left,right" by their slugs."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {"invalid": _("Choose the pair on the board.")}

    def to_python(self, value: Any) -> list[tuple[str, str]]:
        """Return the pairs, each once."""
        found = [tuple(str(one).split(",")) for one in value or ()]
        if any(len(pair) != 2 or not all(pair) for pair in found):  # noqa: PLR2004 - a pair
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return [(pair[0], pair[1]) for pair in dict.fromkeys(found)]


class BoardForm(forms.Form):
    """What is pressed on the board: on one pair, on those that are ticked, or on all of it."""

    SOLVE, LOCK, CONFIRM = "solve", "lock", "confirm"

    # The number of the run that was read.
    run = forms.IntegerField(error_messages={"required": _("Open the board, then choose again.")})
    lock = PairsField(required=False)
    unlock = PairsField(required=False)
    forbid = PairsField(required=False)
    allow = PairsField(required=False)
    # Those that are ticked.
    id = PairsField(required=False)
    act = forms.ChoiceField(required=False, choices=[(one, one) for one in (SOLVE, LOCK, CONFIRM)])
    # The address of the list that was read: what stands behind its question mark.
    back = forms.CharField(required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        """Ask for a pair where something is to be done with those that are ticked."""
        found = super().clean() or {}
        if found.get("act") in (self.LOCK, self.CONFIRM) and not found.get("id"):
            raise forms.ValidationError(_("Tick at least one pair first."), code="none")
        return found


class RulesForm(forms.Form):
    """The least and the most pairs of each partner country, and the lowest score of a pair."""

    min_score = forms.IntegerField(
        label=_("No pair below so many points"),
        help_text=_("Of 10,000. Locked pairs stay all the same."),
        min_value=0,
        max_value=MAX_SCORE,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        countries: Sequence[tuple[str, str]],
        quotas: Mapping[str, Mapping[str, int]],
        initial: Mapping[str, Any],
    ) -> None:
        self.countries = countries
        found = dict(initial)
        for code, _name in countries:
            bounds = quotas.get(code, {})
            found |= {f"min_{code}": bounds.get("min"), f"max_{code}": bounds.get("max")}
        super().__init__(data, initial=found)
        for code, name in countries:
            for bound, words in (("min", _("%(name)s, at least")), ("max", _("%(name)s, at most"))):
                self.fields[f"{bound}_{code}"] = forms.IntegerField(
                    label=words % {"name": name}, min_value=0, max_value=9_999, required=False
                )

    def clean(self) -> dict[str, Any]:
        """Refuse more at least than at most."""
        found = super().clean() or {}
        for code, _name in self.countries:
            least, most = found.get(f"min_{code}"), found.get(f"max_{code}")
            if least is not None and most is not None and least > most:
                words = _("At most cannot be less than at least.")
                self.add_error(f"max_{code}", forms.ValidationError(words, code="order"))
        return found

    @property
    def quotas(self) -> dict[str, dict[str, int]]:
        """Return the bounds of the countries that have one, as the engine reads them."""
        found: dict[str, dict[str, int]] = {}
        for code, _name in self.countries:
            for bound in ("min", "max"):
                value = self.cleaned_data.get(f"{bound}_{code}")
                # At least none is no bound.
                if value or (value == 0 and bound == "max"):
                    found.setdefault(code, {})[bound] = value
        return found

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the two fields of each country together."""
        return [
            {"code": code, "name": name, "least": self[f"min_{code}"], "most": self[f"max_{code}"]}
            for code, name in self.countries
        ]


class ConfirmForm(forms.Form):
    """Topics and reason of one pair, begun from its score.

    `about` names the pair in the error summary, where several are confirmed together.
    """

    topics = forms.TypedMultipleChoiceField(
        label=_("Topics"),
        help_text=_("What the two will work on."),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one topic.")},
    )
    reason = ReasonField(
        label=_("Reason, as both cities will read it"),
        help_text=_("Begun from the words of the score. Write it on: both invitations quote it."),
        missing=_("Write why these cities fit together."),
    )

    def __init__(
        self, *args: Any, offered: Sequence[Topic], about: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        self._offered = {topic.pk: topic for topic in offered}
        field: Any = self.fields["topics"]
        field.choices = [(topic.pk, topic.name) for topic in offered]

    @property
    def chosen_topics(self) -> list[Topic]:
        """Return the topics that were chosen."""
        return [self._offered[pk] for pk in self.cleaned_data["topics"]]


class ConfirmForms:
    """The forms of several pairs that are sent together; `form` shows what concerns them all."""

    def __init__(self, form: forms.Form, rows: Sequence[tuple[Any, ConfirmForm]]) -> None:
        self.form, self.rows = form, rows

    def is_valid(self) -> bool:
        """Check all, so that every mistake shows at once."""
        return all([self.form.is_valid(), *(form.is_valid() for _pair, form in self.rows)])


class ReadForm(forms.Form):
    """Which run was read, and which pairs of it."""

    run = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": _("Open the board, then choose again.")},
    )
