"""Forms of the city: one per page of the application."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Municipality
from applications.selectors.facts import minimum_of
from applications.selectors.profile import offered_countries
from applications.services.checked import Checked
from applications.services.municipalities import OLDEST_YEAR
from applications.states import ApplicantKind
from core.kit.clocks import today_in
from core.kit.fields import (
    ConfirmField,
    LineField,
    PopulationField,
    TextField,
    VersionField,
    offer,
)
from core.kit.numbers import plain_digits
from core.kit.text import clean_line, fold
from programme.models import City, Country, Theme
from programme.organisations.models import Organisation
from programme.organisations.states import OrganisationKind
from programme.selectors import is_called

EXCEPTION_LIMIT = 1500


class VersionedForm(forms.Form):
    """A page of the application, with the version its reader has seen."""

    use_required_attribute = False
    version = VersionField()

    @property
    def read_version(self) -> int:
        """Return the version that was read; 0 when the page sent none."""
        version: int = self.cleaned_data["version"]
        return version

    def values(self) -> dict[str, Any]:
        """Return the cleaned values without the version."""
        return {k: v for k, v in self.cleaned_data.items() if k != "version"}


class RenamingForm(VersionedForm):
    """A form in which the name of somebody who may have signed is changed."""

    # Asked once the service says what would go (follow_rename).
    forget = ConfirmField(
        label=_("Yes, this is another one. Let go of what the former one sent, or was asked for.")
    )

    def values(self) -> dict[str, Any]:
        """Return the cleaned values of the row itself."""
        return {k: v for k, v in super().values().items() if k != "forget"}

    @property
    def forgets(self) -> bool:
        """Whether what would go shall go."""
        return bool(self.cleaned_data["forget"])

    @property
    def asks_to_forget(self) -> bool:
        """Whether the service has asked for the tick."""
        return "forget" in self.errors or bool(self.data.get("forget"))


class ApplicantForm(VersionedForm):
    """Who applies, and why an exception is asked for."""

    kind = forms.ChoiceField(
        label=_("Who applies?"),
        choices=ApplicantKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether one city or a group applies.")},
    )
    exception_reason = TextField(
        label=_("Reason for applying below the number of inhabitants"),
        help_text=_(
            "Only if you have too few inhabitants. For example: overnight visitors, role "
            "for the region, earlier results."
        ),
        max_length=EXCEPTION_LIMIT,
        required=False,
        # It stands at the end of the page, after the municipalities with their own forms.
        widget=forms.Textarea(attrs={"form": "applicant-form"}),
    )

    def __init__(self, application: Application, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind_now = application.kind
        if application.organisation.is_region:
            # A region applies alone.
            del self.fields["kind"]

    def values(self) -> dict[str, Any]:
        """Return the choices; the kind as it is where none is asked."""
        return {"kind": self.kind_now, **super().values()}


class MunicipalityForm(RenamingForm):
    """A municipality and its declared number of inhabitants.

    On the page of the applicant its fields belong to the form `beside`, so that nothing that
    was typed is lost with whichever button is pressed.
    """

    TYPED = ("name", "population", "population_year", "population_source", "contact_email")

    name = LineField(
        label=_("Name"),
        help_text=_("Type the first letters, with or without accents."),
        max_length=120,
        error_messages={"required": _("Name the municipality.")},
    )
    city_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    country = forms.ModelChoiceField(
        label=_("Country"),
        queryset=Country.objects.none(),
        empty_label=None,
        error_messages={"invalid_choice": _("Choose a country of the list.")},
    )
    population = PopulationField(label=_("Inhabitants, as you declare them"))
    population_year = forms.CharField(
        label=_("Year of the figure"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Give the year of the figure, for example 2021.")},
    )
    population_source = LineField(
        label=_("Source of the figure"),
        help_text=_("Who counted, for example “Croatian Bureau of Statistics, census”."),
        max_length=200,
        error_messages={"required": _("Say who counted the inhabitants.")},
    )
    contact_email = forms.EmailField(
        label=_("E-mail of its administration"),
        max_length=254,
        required=False,
        error_messages={"invalid": _("This is not an e-mail address. Check it.")},
    )

    def __init__(
        self, application: Application, *args: Any, beside: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if beside:
            for field in self.fields.values():
                field.widget.attrs["form"] = beside
        self.time_zone = application.organisation.time_zone
        call = application.call
        organisation = application.organisation
        codes = [country.pk for country in call.countries_of(organisation.side)]
        codes.append(organisation.country_id)
        offer(self, "country", Country.objects.filter(pk__in=codes))
        self.fields["country"].initial = organisation.country_id
        if minimum_of(call, organisation.side) is None:
            # The size does not decide: a figure only helps to find a partner.
            for name in ("population", "population_year", "population_source"):
                self.fields[name].required = False
        self.fields["name"].widget.attrs.update(
            {
                "data-combobox": "",
                "data-url": reverse("organisations:city_search"),
                "data-target": self["city_id"].auto_id,
                "autocomplete": "off",
            }
        )

    @classmethod
    def is_typed(cls, data: Mapping[str, Any] | None) -> bool:
        """Whether anything of a municipality was typed in what was sent."""
        return data is not None and any(data.get(name, "").strip() for name in cls.TYPED)

    def clean_population_year(self) -> int | None:
        """Return the year as a number, within reason; None where none has to be given."""
        typed = plain_digits(self.cleaned_data["population_year"]).strip()
        if not typed and not self.fields["population_year"].required:
            return None
        last = today_in(self.time_zone).year
        if not (typed.isascii() and typed.isdigit() and len(typed) == 4):  # noqa: PLR2004
            raise forms.ValidationError(
                _("Type the year in four digits, for example 2021."), code="invalid"
            )
        year = int(typed)
        if not OLDEST_YEAR <= year <= last:
            raise forms.ValidationError(
                _("The year of a figure lies between %(first)s and %(last)s. Check it."),
                code="range",
                params={"first": str(OLDEST_YEAR), "last": str(last)},
            )
        return year

    def clean(self) -> dict[str, Any]:
        """Take the chosen place, if the name is one of its names."""
        cleaned = super().clean() or {}
        chosen = City.objects.filter(pk=cleaned.pop("city_id", None) or 0).first()
        typed = cleaned.get("name", "")
        # Typing on after the choice may name another place: Santa Cruz, Santa Cruz de la Sierra.
        if chosen and not is_called(chosen, typed):
            chosen = None
        cleaned["city"] = chosen
        if chosen:
            # Its main name gets its accents; another of its names stays as it was typed.
            if fold(chosen.name) == fold(typed):
                cleaned["name"] = chosen.name
            cleaned["country"] = chosen.country
        return cleaned

    @staticmethod
    def initial_of(municipality: Municipality) -> dict[str, Any]:
        """Return what the form shows of a stored municipality."""
        return {
            "version": municipality.application.version,
            "name": municipality.name,
            "city_id": municipality.city_id,
            "country": municipality.country_id,
            "population": municipality.population,
            "population_year": municipality.population_year and str(municipality.population_year),
            "population_source": municipality.population_source,
            "contact_email": municipality.contact_email,
        }


class ApplicantForms:
    """Who applies, and the municipality that was typed beside it; sent as one."""

    def __init__(self, form: ApplicantForm, added: MunicipalityForm) -> None:
        self.form, self.added = form, added

    def is_valid(self) -> bool:
        """Check both; a municipality that cannot be added yet is named on top too."""
        is_valid = self.form.is_valid()
        if not self.added.is_bound or self.added.is_valid():
            return is_valid
        name = self.added["name"].value() or _("the municipality")
        words = _("Not added yet: %(name)s. Look at its fields, or empty them.")
        self.form.add_error(None, words % {"name": name})
        return False

    @property
    def municipality(self) -> dict[str, Any] | None:
        """Return the values of the municipality to add; None where none was typed."""
        return self.added.values() if self.added.is_bound else None


class WrittenToForm(VersionedForm):
    """The two contacts, whom mails and letters go to."""

    contact_name = LineField(label=_("Name of the administrative contact"), max_length=150)
    contact_position = LineField(label=_("Position"), max_length=150, required=False)
    contact_email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The receipt and the decision go there."),
        max_length=254,
        error_messages={
            "required": _("Give the e-mail address of the contact."),
            "invalid": _("This is not an e-mail address. Check it."),
        },
    )
    contact_phone = LineField(
        label=_("Telephone"),
        help_text=_("With the country's prefix, for example +385 20 351 800."),
        max_length=40,
        required=False,
    )
    # The page can be saved before a second person is found: the list of tasks asks for one.
    deputy_name = LineField(
        label=_("Name of the second contact"),
        help_text=_("Another person, who answers while the first is away."),
        max_length=150,
        required=False,
    )
    deputy_position = LineField(
        label=_("Position of the second contact"), max_length=150, required=False
    )
    deputy_email = forms.EmailField(
        label=_("E-mail address of the second contact"),
        help_text=_("What we write to the first contact goes there too."),
        max_length=254,
        required=False,
        error_messages={"invalid": _("This is not an e-mail address. Check it.")},
    )
    deputy_phone = LineField(
        label=_("Telephone of the second contact"), max_length=40, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("deputy_name", "deputy_email"):
            field: Any = self.fields[name]
            field.is_asked = True


class ContactsForm(WrittenToForm):
    """The two contacts and the political signatory."""

    signatory_name = LineField(
        label=_("Who signs the Partnership Agreement"),
        help_text=_("Somebody elected, or who may bind the authority."),
        max_length=150,
    )
    signatory_office = LineField(
        label=_("Office of who signs"),
        help_text=_("For example mayor."),
        max_length=150,
        required=False,
    )


class PreferencesForm(VersionedForm):
    """Themes and partner countries of the call's lists."""

    themes = forms.ModelMultipleChoiceField(
        label=_("Themes"),
        help_text=_("What you want to work on with your partner."),
        queryset=Theme.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one theme.")},
    )
    partner_countries = forms.ModelMultipleChoiceField(
        label=_("Partner countries"),
        help_text=_("Where you wish for a partner. Choose none if any will do."),
        queryset=Country.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, application: Application, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        call = application.call
        themes = call.themes.all()
        offer(self, "themes", themes)
        offer(self, "partner_countries", offered_countries(application))
        if not themes:
            del self.fields["themes"]

    def values(self) -> dict[str, Any]:
        """Return the choices; no themes where the call offers none."""
        return {"themes": [], **super().values()}


class CheckedForm(forms.Form):
    """What the address brings along from "Can my city apply?"; what cannot be read is left out."""

    kind = forms.ChoiceField(choices=OrganisationKind.choices, required=False)
    name = LineField(max_length=120, required=False)
    members = TextField(max_length=2000, required=False)
    population = PopulationField(required=False)

    def checked(self) -> Checked:
        """Return the answers; empty ones where none came along."""
        self.is_valid()
        found = self.cleaned_data
        return Checked(
            kind=found.get("kind", ""),
            name=found.get("name", ""),
            members=tuple(filter(None, map(clean_line, found.get("members", "").split("\n")))),
            population=found.get("population"),
        )


class StartForm(forms.Form):
    """For which organisation the application is."""

    use_required_attribute = False
    organisation = forms.ModelChoiceField(
        label=_("For which organisation do you apply?"),
        queryset=Organisation.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the organisation that applies.")},
    )

    take_over = forms.BooleanField(
        label=_("Take over everything that was written for the application that was withdrawn."),
        required=False,
        initial=True,
    )

    def __init__(
        self, organisations: Any, *args: Any, may_take_over: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisation", organisations)
        if not may_take_over:
            del self.fields["take_over"]
        first = organisations.first()
        self.fields["organisation"].initial = first.pk if first else None
