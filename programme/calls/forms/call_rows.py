"""Rows of the call editor: commitments, documents, milestones, assessment criteria."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from core.kit.fields import LineField, TextField
from programme.calls.services.calls import FULL_WEIGHT
from programme.calls.states import MilestoneKind


class CommitmentForm(forms.Form):
    """One promise."""

    text = LineField(label=_("Commitment"), max_length=400, required=False)


class DocumentForm(forms.Form):
    """One document that applicants are asked for."""

    key = forms.SlugField(required=False, max_length=40, widget=forms.HiddenInput)
    title = LineField(label=_("Document"), max_length=120, required=False)
    help = LineField(label=_("What it has to say"), max_length=400, required=False)
    is_required = forms.BooleanField(
        label=_("Nobody can send an application without it"), required=False, initial=True
    )


class MilestoneForm(forms.Form):
    """One milestone, counted from the day the last city signs."""

    key = forms.SlugField(required=False, max_length=40, widget=forms.HiddenInput)
    title = LineField(label=_("Milestone"), max_length=120, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=MilestoneKind.choices, initial=MilestoneKind.EVENT
    )
    offset_months = forms.IntegerField(label=_("Months"), min_value=0, max_value=60, required=False)
    offset_days = forms.IntegerField(label=_("Days"), min_value=0, max_value=365, required=False)


class LadderField(TextField):
    """What each score means, a line for each; cleaned, {"3": "The problem is clear."}."""

    def prepare_value(self, value: Any) -> Any:
        """Show what is stored as it is typed, the highest score first."""
        if not isinstance(value, dict):
            return value
        rows = sorted(value.items(), key=lambda row: -int(row[0]))
        return "\n".join(f"{points} {words}" for points, words in rows)

    def clean(self, value: Any) -> dict[str, str]:
        """Return the words by points; a line without points is refused."""
        found = {}
        for line in super().clean(value).splitlines():
            points, _space, words = line.strip().partition(" ")
            points = points.rstrip(".:–-")
            if not line.strip():
                continue
            if not (points.isascii() and points.isdigit() and len(points) <= 2 and words.strip()):  # noqa: PLR2004
                raise ValidationError(
                    _("Begin each line with the points: “3 The problem is clear.”")
                )
            found[str(int(points))] = words.strip()
        return found


class CriterionForm(forms.Form):
    """One assessment criterion."""

    key = forms.SlugField(required=False, max_length=40, widget=forms.HiddenInput)
    title = LineField(label=_("Criterion"), max_length=120, required=False)
    weight = forms.IntegerField(
        label=_("Weight in per cent"), min_value=1, max_value=100, required=False
    )
    max_score = forms.IntegerField(
        label=_("Highest score"), min_value=1, max_value=10, initial=5, required=False
    )
    guidance = TextField(
        label=_("Guidance"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    ladder = LadderField(
        label=_("What the scores mean"),
        help_text=_("One line a score, the points first: “3 The problem is clear.”"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """A criterion needs a weight."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("title") and not cleaned.get("weight") and "weight" not in self.errors:
            self.add_error("weight", _("Enter the weight in per cent."))
        return cleaned


class RowsFormSet(BaseFormSet):
    """Rows of a call: an empty title takes a row away, empty rows are ignored."""

    main_field = "title"

    def rows(self) -> list[dict[str, Any]]:
        """Return what was typed in rows that stay."""
        return [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data.get(self.main_field) and not form.cleaned_data.get("DELETE")
        ]

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """Name the tick box that takes a row away."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove")


class CommitmentRows(RowsFormSet):
    """The promises of a call."""

    main_field = "text"


class CriterionRows(RowsFormSet):
    """The criteria of a call, whose weights add up to 100."""

    def clean(self) -> None:
        """Refuse weights that do not add up."""
        if any(self.errors):
            return
        rows = self.rows()
        total = sum(row.get("weight") or 0 for row in rows)
        if rows and total != FULL_WEIGHT:
            raise ValidationError(
                _("The weights add up to %(sum)d %%. Change them so that they add up to 100 %%.")
                % {"sum": total}
            )


def _rows_of(
    form: type[forms.Form], formset: type[RowsFormSet], *, extra: int
) -> type[RowsFormSet]:
    # The factory makes a subclass of `formset`, which its type does not say.
    made: Any = formset_factory(
        form, formset=formset, extra=extra, can_delete=True, max_num=40, absolute_max=60
    )
    return cast("type[RowsFormSet]", made)


CommitmentFormSet = _rows_of(CommitmentForm, CommitmentRows, extra=2)
DocumentFormSet = _rows_of(DocumentForm, RowsFormSet, extra=2)
MilestoneFormSet = _rows_of(MilestoneForm, RowsFormSet, extra=2)
CriterionFormSet = _rows_of(CriterionForm, CriterionRows, extra=2)
