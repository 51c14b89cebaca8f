"""What programs ask. Nothing of it is stored."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.kit.errors import InvalidError
from core.kit.numbers import parse_population
from programme.countries import COUNTRY_CODES
from programme.organisations.states import OrganisationKind

# More municipalities than any group has.
MOST_FIGURES = 100
# The kinds of body that the check knows.
KINDS = ("municipality", "group", "metropolitan", "region")


class FiguresField(forms.Field):
    """Numbers of inhabitants, one for each time the parameter stands there; None for an empty one.

    A member whose figure nobody knows yet is missing: it is not counted as nobody.
    """

    widget = forms.MultipleHiddenInput

    def clean(self, value: Sequence[str] | None) -> list[int | None]:
        """Return the figures in their order."""
        if len(value or ()) > MOST_FIGURES:
            raise ValidationError(
                _("Send at most %(n)d numbers of inhabitants.") % {"n": MOST_FIGURES}
            )
        try:
            return [parse_population(text) if text.strip() else None for text in value or ()]
        except InvalidError as error:
            raise ValidationError(error.message, code=error.code) from error


class EligibilityForm(forms.Form):
    """Who would apply: kind of body, country, and the inhabitants of each member."""

    kind = forms.ChoiceField(
        choices=[(kind, kind) for kind in KINDS],
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"],
            _("Send “kind” as one of municipality, group, metropolitan and region."),
        ),
    )
    country = forms.CharField(
        error_messages={
            "required": _("Send “country” as a code of two letters (ISO 3166-1), for example HR.")
        }
    )
    population = FiguresField()

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)

    def clean_country(self) -> str:
        """Return the code of a country that there is."""
        code: str = self.cleaned_data["country"].upper()
        if code not in COUNTRY_CODES:
            raise ValidationError(self.fields["country"].error_messages["required"], code="country")
        return code

    def clean(self) -> dict[str, Any]:
        """Refuse several figures of one body."""
        cleaned = super().clean() or self.cleaned_data
        kind, figures = cleaned.get("kind"), cleaned.get("population", [])
        if kind and kind != OrganisationKind.GROUP and len(figures) > 1:
            self.add_error(
                "population",
                _("Only a group has several numbers of inhabitants. Send one, or kind=group."),
            )
        return cleaned

    def reasons(self) -> list[tuple[str, str]]:
        """Return what is wrong, as (parameter, sentence)."""
        return [(name, str(words)) for name, found in self.errors.items() for words in found]
