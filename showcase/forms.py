"""What visitors type and choose. Nothing of it is stored."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kit.fields import LineField, PopulationField, SearchField, TextField
from core.kit.text import fold
from programme.calls.models import Call
from programme.models import Country
from programme.organisations.states import OrganisationKind
from programme.selectors import places_of
from programme.states import Side

SORT_WORDS = ("eu", "-eu", "partner", "-partner", "distance", "-distance")


class PairingFilterForm(forms.Form):
    """The filters above the list of pairings; an empty one shows all."""

    q = SearchField(label=_("City or topic"))
    europe = forms.ChoiceField(label=_("In Europe"), required=False)
    partner = forms.ChoiceField(label=_("Partner country"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    sort = forms.ChoiceField(
        choices=[("", ""), *((word, word) for word in SORT_WORDS)],
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(
        self,
        *args: Any,
        europe: Sequence[tuple[str, str]],
        partner: Sequence[tuple[str, str]],
        theme: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, everything, choices in (
            ("europe", _("All countries"), europe),
            ("partner", _("All countries"), partner),
            ("theme", _("All themes"), theme),
        ):
            field: Any = self.fields[name]
            field.choices = [("", everything), *choices]
            field.error_messages["invalid_choice"] = _(
                "This is not in the list. Choose one of the entries shown."
            )

    def chosen(self) -> dict[str, str]:
        """Return the filters that are on and valid, by field name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def tags(self) -> list[tuple[str, str]]:
        """Return the filters that are on as (field name, words)."""
        tags = []
        for name, value in self.chosen().items():
            if name == "sort":
                continue
            choices = dict(getattr(self.fields[name], "choices", ()))
            tags.append((name, str(choices.get(value, f"“{value}”"))))
        return tags


class CheckForm(forms.Form):
    """The questions of "Can my city apply?"."""

    OTHER_COUNTRY: ClassVar[str] = "other"
    KINDS: ClassVar = [
        (OrganisationKind.MUNICIPALITY.value, _("One city")),
        (OrganisationKind.GROUP.value, _("A group of municipalities")),
        (
            OrganisationKind.METROPOLITAN.value,
            _("A metropolitan authority or an association of municipalities"),
        ),
        (OrganisationKind.REGION.value, _("A region or province")),
    ]

    kind = forms.ChoiceField(
        label=_("Who would apply?"),
        choices=KINDS,
        initial=OrganisationKind.MUNICIPALITY.value,
        widget=forms.RadioSelect(attrs={"data-cards": True}),
        error_messages={
            "required": _("Choose who would apply."),
            "invalid_choice": _("This is not in the list. Choose who would apply."),
        },
    )
    name = LineField(
        label=_("Name"),
        help_text=_("The city, or the one that leads the group. Any of its names will do."),
        max_length=120,
        error_messages={"required": _("Enter the name of the city.")},
    )
    members = TextField(
        label=_("Other municipalities of the group"),
        help_text=_("Only for a group. One a line."),
        max_length=2000,
        error_messages={
            "required": _("Name the other municipalities of the group, or choose “One city”.")
        },
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        error_messages={
            "required": _("Choose the country."),
            "invalid_choice": _("This is not in the list. Choose the country again."),
        },
    )
    population = PopulationField(
        label=_("Inhabitants"),
        help_text=_(
            "The latest official figure; of a group, all together. An estimate is fine here. "
            "A region needs none."
        ),
    )

    def __init__(self, *args: Any, call: Call, countries: Sequence[Country], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if call.is_for_regions:
            self.fields["kind"].initial = OrganisationKind.REGION.value
            self.fields["name"].help_text = _("The region or province. Any of its names will do.")
        # Whose rules are asked: those of the side on which the country lies.
        sides = {entry.code: entry.side for entry in countries}
        self.side: str = sides.get(self.data.get("country", ""), Side.EU.value)
        country: Any = self.fields["country"]
        country.choices = [
            ("", _("Choose a country")),
            *((entry.code, entry.name) for entry in countries),
            (self.OTHER_COUNTRY, _("Another country")),
        ]

        self.fields["name"].widget.attrs.update(
            {"data-combobox": True, "data-url": reverse("organisations:city_search")}
        )
        # What is asked depends on the kind; without a choice all of it is.
        kind = self.data.get("kind")
        if kind in dict(self.KINDS):
            self.fields["members"].required = kind == OrganisationKind.GROUP
            self.fields["population"].required = (
                kind != OrganisationKind.REGION and self.side == Side.EU
            )
        if call.takes(Side.PARTNER):
            self.fields["population"].help_text = _(
                "The latest official figure; of a group, all together. An estimate is fine here. "
                "A region or a partner city needs none."
            )

    def clean_members(self) -> list[str]:
        """Return the other municipalities of a group, one a line, each once."""
        if self.data.get("kind") != OrganisationKind.GROUP:
            return []
        lines = [" ".join(line.split()) for line in self.cleaned_data["members"].split("\n")]
        names = [line for line in lines if line]
        seen = {fold(self.cleaned_data.get("name", ""))}
        for name in names:
            if fold(name) in seen:
                message = _("%(name)s is named twice. Name each municipality once.")
                raise ValidationError(message, code="member_twice", params={"name": name})
            seen.add(fold(name))
        return names

    def clean(self) -> dict[str, Any]:
        """Refuse a place that is named a second time, in another language or script."""
        cleaned = super().clean() or self.cleaned_data
        names = [cleaned.get("name", ""), *cleaned.get("members", ())]
        if len(names) > 1 and cleaned.get("country"):
            seen: dict[int, str] = {}
            for name, city in places_of(names, cleaned["country"]).items():
                if city.pk in seen:
                    message = _("%(name)s and %(other)s are one place. Name it once.")
                    self.add_error("members", message % {"name": seen[city.pk], "other": name})
                    break
                seen[city.pk] = name
        return cleaned
