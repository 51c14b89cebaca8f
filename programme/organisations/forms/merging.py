"""Two rows of the same city made one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kit.fields import ReasonField, SearchField
from programme.organisations.selectors.merging import Pick


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


class MergeForm(OtherForm):
    """What is kept where the two differ, and why they are the same."""

    use_required_attribute = False
    reason = ReasonField(
        label=_("Why are they the same?"),
        help_text=_("It stays on record with what moves."),
        missing=_("Write why they are the same."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, picks: Sequence[Pick], of: str) -> None:
        super().__init__(data, initial={"of": of})
        self.picks = picks
        for pick in picks:
            self.fields[f"pick_{pick.name}"] = forms.ChoiceField(
                label=pick.label,
                choices=[("stays", pick.stays or "–"), ("goes", pick.goes or "–")],
                initial="stays",
                widget=forms.RadioSelect,
            )
        self.order_fields([*(f"pick_{pick.name}" for pick in picks), "reason"])

    @property
    def rows(self) -> list[Any]:
        """Return the fields in which something is picked, for the table."""
        return [self[f"pick_{pick.name}"] for pick in self.picks]

    def chosen(self) -> dict[str, str]:
        """Return by field whether the value of the one that stays or goes is kept."""
        return {pick.name: self.cleaned_data[f"pick_{pick.name}"] for pick in self.picks}
