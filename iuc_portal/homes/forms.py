"""The search of the console."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kit.fields import SearchField


class ConsoleSearchForm(forms.Form):
    """What staff look for in everything they see."""

    q = SearchField(label=_("City, reference, person or address"))
