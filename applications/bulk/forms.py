"""What the pages of actions on many applications ask for, beside what each action asks."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.bulk.states import MOST_ROWS
from core.kit.fields import ReasonField

_SEEN = re.compile(r"(\d{1,18})-([01][0-9a-f]{12})")


class LookedForm(forms.Form):
    """What the preview showed: of each application what stood for it, and what was asked."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    asked = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def marks(self) -> dict[int, str]:
        """Return what stood for each application, by its id; nonsense stands for none."""
        self.is_valid()
        words = str(self.cleaned_data.get("seen", "")).split()[: MOST_ROWS + 1]
        found = [_SEEN.fullmatch(one) for one in words]
        return {int(one[1]): one[2] for one in found if one}


class UndoForm(forms.Form):
    """Why something is taken back."""

    use_required_attribute = False
    reason = ReasonField(
        label=_("Why do you take it back?"),
        help_text=_("Kept for good with your name and the time."),
        missing=_("Write why you take it back: it is kept for good."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
