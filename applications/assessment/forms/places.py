"""Forms of places: given up, filled from the reserve list, left empty."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kit.fields import ReasonField


class GiveUpForm(forms.Form):
    """Why a city gives its place up."""

    use_required_attribute = False
    reason = ReasonField(
        label=_("Why is the place given up?"),
        help_text=_("The coordination unit and your colleagues read it. It is kept on record."),
        missing=_("Write why the place is given up."),
    )


class ReopenPlaceForm(forms.Form):
    """Why a place that was left empty is filled after all."""

    use_required_attribute = False
    reason = ReasonField(
        help_text=_("Kept for good with your name and the time."),
        missing=_("Write why the place is free again."),
    )


class LeaveEmptyForm(forms.Form):
    """Why nobody moves up."""

    use_required_attribute = False
    reason = ReasonField(
        help_text=_("Kept for good with your name and the time."),
        missing=_("Write why the place stays empty."),
    )
