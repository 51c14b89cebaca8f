"""Forms on organisations, their teams, and the people of the console."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.states import StaffRole
from core.kit.errors import InvalidError
from core.kit.fields import ConfirmField, LineField, ReasonField, SearchField, VersionField, offer
from core.kit.filters import FilterForm
from programme.models import City, Country, Language, Tag
from programme.organisations.models import Organisation
from programme.organisations.services.organisations import (
    LARGEST_CAPACITY,
    REASON_MOST,
    other_desk,
    refuse_kind,
)
from programme.organisations.states import MembershipRole, OrganisationKind, Standing
from programme.selectors import is_called, places_called
from programme.states import Side, TagGroup

# What a radio button sends for "no staff role"; an empty value would count as no answer.
NO_ROLE = "none"


class CitySearchForm(forms.Form):
    """The question of the city field's list of suggestions."""

    q = SearchField(required=True)
    country = forms.ModelChoiceField(Country.objects, required=False)


# Where no country says which languages are near: the one that most partnerships work in.
COMMON_LANGUAGE = "en"


class VocabularyField(forms.ModelMultipleChoiceField):
    """Rows of a vocabulary, each with what it means if that is written down."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name and the definition."""
        definition = getattr(obj, "definition", "")
        return f"{obj}. {definition}" if definition else str(obj)


class DescribeForm(forms.Form):
    """What kind of city it is, by groups of tags, and in which languages it works."""

    use_required_attribute = False
    version = VersionField()

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        chosen = {"tags": organisation.tags.all(), "languages": organisation.languages.all()}
        kwargs["initial"] = {"version": organisation.description_version}
        super().__init__(*args, **kwargs)
        tags, languages = Tag.objects.all(), Language.objects.all()
        for group in TagGroup:
            rows = [tag for tag in tags if tag.group == group]
            self._ask(f"tags_{group.value}", group.label, Tag, rows, chosen["tags"])
        near = [
            language
            for language in languages
            if organisation.country_id in language.countries or language.code == COMMON_LANGUAGE
        ]
        self._ask("languages", _("Languages we work in"), Language, near, chosen["languages"])
        others = [language for language in languages if language not in near]
        words = _("Other languages we work in")
        self._ask("other_languages", words, Language, others, chosen["languages"])

    def _ask(self, name: str, label: Any, model: Any, rows: list[Any], chosen: Any) -> None:
        """Ask for some rows of a vocabulary that have been read already."""
        self.fields[name] = VocabularyField(
            label=label,
            queryset=model.objects.none(),
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=[row.pk for row in chosen if row in rows],
        )
        offer(self, name, model.objects.filter(pk__in=[row.pk for row in rows]))

    @property
    def tag_fields(self) -> list[forms.BoundField]:
        """Return the groups of tags as the page draws them."""
        return [self[f"tags_{group.value}"] for group in TagGroup]

    def values(self) -> dict[str, Any]:
        """Return what `describe_organisation` takes."""
        tags = [tag for group in TagGroup for tag in self.cleaned_data[f"tags_{group.value}"]]
        languages = [*self.cleaned_data["languages"], *self.cleaned_data["other_languages"]]
        return {
            "tags": tags,
            "languages": languages,
            "read_version": self.cleaned_data["version"],
        }


class OrganisationForm(forms.Form):
    """A city authority that its own people register."""

    city = LineField(
        label=_("City"),
        help_text=_(
            "Start typing and choose from the list; accents do not matter. If your city is "
            "not in the list, type its name and choose the country below."
        ),
        max_length=120,
        error_messages={"required": _("Enter its official name.")},
    )
    city_id = forms.ModelChoiceField(
        City.objects.select_related("country"), required=False, widget=forms.HiddenInput
    )
    country = forms.ModelChoiceField(
        Country.objects,
        label=_("Country"),
        empty_label=_("Choose a country"),
        required=False,
        help_text=_("It follows from the city if you chose one from the list."),
    )
    name = LineField(
        label=_("Official name of the authority"),
        help_text=_("As it should stand in agreements, for example City of Dubrovnik."),
        max_length=200,
        error_messages={"required": _("Enter the official name of the authority.")},
    )
    kind = forms.ChoiceField(
        label=_("What kind of body is it?"),
        choices=OrganisationKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the kind of body.")},
    )

    differs_because = ReasonField(
        label=_("Why is yours another one?"),
        help_text=_(
            "For example: another place of this name, or the metropolitan area around it. The "
            "coordination unit reads it."
        ),
        max_length=REASON_MOST,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.drop_reason()
        # A region need not name its seat.
        self.fields["city"].required = self.data.get("kind") != OrganisationKind.REGION
        self.fields["city"].widget.attrs.update(
            {
                "autocomplete": "off",
                "data-combobox": True,
                "data-url": reverse("organisations:city_search"),
                "data-target": "id_city_id",
            }
        )

    def drop_reason(self) -> None:
        """Ask for no reason while nothing like it is known."""
        del self.fields["differs_because"]

    def clean_kind(self) -> str:
        """Tell regions and others where they can apply."""
        kind: str = self.cleaned_data["kind"]
        try:
            refuse_kind(kind)
        except InvalidError as error:
            raise ValidationError(error.message, code=error.code) from error
        return kind

    def clean(self) -> dict[str, Any]:
        """Find the city by its name where no script has, and the country by the city."""
        cleaned = super().clean() or self.cleaned_data
        typed, chosen = cleaned.get("city", ""), cleaned.get("city_id")
        if chosen and not is_called(chosen, typed):
            # The text was changed after the choice.
            chosen = None
        if chosen is None and typed:
            found = places_called(typed, cleaned.get("country"))
            if len(found) == 1:
                chosen = found[0]
            elif len(found) > 1 and not cleaned.get("country"):
                self.add_error(
                    "country",
                    _("There are several cities of this name. Choose the country."),
                )
        if chosen and cleaned.get("country") and chosen.country != cleaned["country"]:
            self.add_error(
                "country",
                _("%(city)s lies in %(country)s. Choose this country, or another city.")
                % {"city": chosen.name, "country": chosen.country},
            )
        if chosen is None and not cleaned.get("country") and "country" not in self.errors:
            self.add_error("country", _("Choose the country."))
        cleaned["place"] = chosen
        if chosen:
            cleaned["country"] = chosen.country
        return cleaned


class InviteForm(forms.Form):
    """An address and a role."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Enter the e-mail address of the person."),
            "invalid": _("Enter an e-mail address like name@city.eu."),
        },
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=MembershipRole.choices,
        initial=MembershipRole.EDITOR,
        help_text=_("Leads submit, accept, sign and manage people. Editors write. Viewers read."),
    )


class FirstLeadForm(forms.Form):
    """The address of somebody who is to lead an organisation."""

    email = InviteForm.base_fields["email"]


class RoleForm(forms.Form):
    """A member's role."""

    role = forms.ChoiceField(label=_("Role"), choices=MembershipRole.choices)


class CapacityForm(forms.Form):
    """How many pairings an organisation can carry."""

    capacity = forms.IntegerField(
        label=_("Pairings it can carry at a time"),
        min_value=0,
        max_value=LARGEST_CAPACITY,
        help_text=_("Between 0 and 20. Pairings under way keep their places."),
        error_messages=dict.fromkeys(
            ["required", "invalid", "min_value", "max_value"],
            _("Type a whole number from 0 to 20."),
        ),
    )


class NewOrganisationForm(OrganisationForm):
    """An organisation that staff register, where they may; any kind of body will do."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_kind(self) -> str:
        """Staff may register supporters too."""
        kind: str = self.cleaned_data["kind"]
        return kind

    def clean(self) -> dict[str, Any]:
        """Say at the field that a country is another desk's."""
        cleaned = super().clean()
        country = cleaned.get("country")
        if country and not self.by.has_perm("organisations.create_organisation", country):
            self.add_error("country", other_desk(country))
        return cleaned


class OrganisationFilterForm(FilterForm):
    """Filters of the console's list of organisations."""

    q = SearchField(label=_("Name or country"))
    side = forms.ChoiceField(
        label=_("Side"), choices=[("", _("Both sides")), *Side.choices], required=False
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("Every kind")), *OrganisationKind.choices],
        required=False,
    )
    country = forms.ModelChoiceField(
        Country.objects, label=_("Country"), empty_label=_("Every country"), required=False
    )
    standing = forms.ChoiceField(
        label=_("Standing"),
        choices=[("", _("Every standing")), *Standing.choices],
        required=False,
    )
    lead = forms.ChoiceField(
        label=_("Lead"),
        choices=[("", _("With and without a lead")), ("none", _("One is needed"))],
        required=False,
    )


class PeopleFilterForm(FilterForm):
    """Filters of the console's list of people."""

    q = SearchField(label=_("Name or address"))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[
            ("", _("All staff")),
            *((value, label) for value, label in StaffRole.choices if value),
            ("city", _("City people")),
            ("all", _("Everybody")),
        ],
        required=False,
    )


class RightsForm(forms.Form):
    """A person's staff role and, for a regional desk, its countries."""

    role = forms.ChoiceField(
        label=_("Staff role"),
        choices=[(value or NO_ROLE, label) for value, label in StaffRole.choices],
        widget=forms.RadioSelect,
        help_text=_(
            "Coordinators do everything. A regional desk sees and acts on its partner "
            "countries. Assessors see what is assigned to them. Observers read."
        ),
        error_messages={"required": _("Choose a staff role, or “No staff role”.")},
    )
    countries = forms.ModelMultipleChoiceField(
        Country.objects.partners(),
        label=_("Partner countries of the desk"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For a regional desk only."),
    )

    def clean_role(self) -> str:
        """Return the role as it is stored."""
        role: str = self.cleaned_data["role"]
        return "" if role == NO_ROLE else role

    def clean(self) -> dict[str, Any]:
        """A desk without countries would see nothing."""
        cleaned = super().clean() or self.cleaned_data
        is_desk = cleaned.get("role") == StaffRole.REGIONAL_DESK
        if is_desk and not cleaned.get("countries"):
            self.add_error("countries", _("Choose at least one country of the desk."))
        return cleaned


class ReasonForm(forms.Form):
    """Why somebody does what cannot be undone by itself."""

    reason = ReasonField(
        help_text=_("It stays in the audit trail."),
        max_length=500,
        missing=_("Write the reason in a few words."),
    )


class CloseAccountForm(ReasonForm):
    """The reason, and a second yes when cities lose their only lead."""

    leads_confirmed = ConfirmField(label=_("Yes, leave these cities without a lead for now."))

    def __init__(self, data: Any = None, *, leads_lost: bool) -> None:
        super().__init__(data)
        if not leads_lost:
            del self.fields["leads_confirmed"]


class DeleteAccountForm(forms.Form):
    """The tick that stands between a click and the end of an account."""

    sure = forms.BooleanField(
        label=_("I understand that the account cannot be brought back."),
        error_messages={"required": _("Tick the box if you are sure.")},
    )
