"""The number of inhabitants that is tried: typed or slid."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kit.fields import PopulationField

LEAST, MOST, STEP = 20_000, 200_000, 1_000
START = 50_000


class TryForm(forms.Form):
    """A number field and a slider for one number; `was` is what both of them showed before."""

    tried = PopulationField(label=_("Tried: more than"), required=False)
    slide = forms.IntegerField(
        label=_("or slide, 20,000 to 200,000"),
        required=False,
        widget=forms.NumberInput(
            attrs={"type": "range", "min": LEAST, "max": MOST, "step": STEP, "class": "form-range"}
        ),
    )
    was = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("tried", "slide"):
            # One of the two is always there: neither is optional for a reader.
            field: Any = self.fields[name]
            field.is_asked = True

    @property
    def number(self) -> int:
        """Return the number to try: the slider's if it alone was moved, else what was typed."""
        if not self.is_valid():
            return START
        tried, slide, was = (self.cleaned_data[name] for name in ("tried", "slide", "was"))
        shown = _on_slider(was) if was is not None else None
        if slide is not None and tried in (None, was) and slide != shown:
            return int(slide)
        return int(tried) if tried is not None else START


def _on_slider(number: int) -> int:
    """Return where the slider stands for a number: at an end, or at the nearest step."""
    return min(max(round(number / STEP) * STEP, LEAST), MOST)


def shown_form(number: int, typed: Any) -> TryForm:
    """Return the form as it is shown: both fields say the number; what was typed wrong stays."""
    if typed is not None and typed.errors:
        return typed
    return TryForm(initial={"tried": number, "slide": _on_slider(number), "was": number})
