"""The filters of the audit trail."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.kit.fields import DayField, SearchField
from core.trail.verbs import verbs_in_words


class AuditFilterForm(forms.Form):
    """Filters of the audit trail."""

    about = SearchField(label=_("About"))
    who = SearchField(label=_("Done by"))
    verb = forms.ChoiceField(label=_("What"), required=False)
    since = DayField(label=_("From"), help_text="", required=False)
    until = DayField(label=_("To"), help_text="", required=False)
    # "content type-id", set by links, to see all about one thing.
    target = forms.RegexField(r"^\d{1,9}-\d{1,18}$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verb: Any = self.fields["verb"]
        verb.choices = [("", _("Anything")), *verbs_in_words()]

    def clean_target(self) -> tuple[int, int] | None:
        """Return content type and id."""
        if not self.cleaned_data["target"]:
            return None
        kind, _dash, number = self.cleaned_data["target"].partition("-")
        return int(kind), int(number)

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            raise ValidationError(
                {"until": _("This day lies before the first one. Choose a later day.")}
            )
        return cleaned
