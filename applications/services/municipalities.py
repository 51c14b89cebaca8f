"""The municipalities of an application."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application, Commitment, Municipality
from applications.services.groups import tell_named
from applications.services.links import end_link
from applications.services.locking import lock_draft, touch
from applications.services.renaming import drop_word, follow_rename
from applications.states import ApplicantKind, LinkEnd
from core.kit.clocks import today_in
from core.kit.errors import InvalidError
from core.kit.rows import still_there
from core.kit.text import clean_line
from core.kit.writes import require_version
from core.trail.services import record_event
from programme.models import City, Country
from programme.names import skeleton
from programme.selectors import places_called

OLDEST_YEAR = 1990


def _check_year(year: int | None, time_zone: str) -> None:
    this_year = today_in(time_zone).year
    if year is not None and not OLDEST_YEAR <= year <= this_year:
        raise InvalidError(
            _("The year of a figure lies between %(first)d and %(last)d. Check it.")
            % {"first": OLDEST_YEAR, "last": this_year},
            field="population_year",
        )


def _refuse_double(application: Application, name: str, country: Country, but: int = 0) -> None:
    """Refuse a name that reads the same, be it in letters of another script that look alike."""
    others = application.municipalities.filter(country=country).exclude(pk=but)
    wanted = skeleton(name)
    found = next((other for other in others if skeleton(other.name) == wanted), None)
    if found is not None:
        raise InvalidError(
            _(
                "%(name)s is already named in this application. If this is another place of "
                "the same name, add its province to the name."
            )
            % {"name": found.name},
            field="name",
            code="same_municipality",
        )


def _refuse_double_city(application: Application, city: City | None, but: int = 0) -> None:
    if city is None:
        return
    found = application.municipalities.filter(city=city).exclude(pk=but).first()
    if found is not None:
        raise InvalidError(
            _(
                "%(city)s is already named in this application, as %(name)s. Change that entry. "
                "If this is another place, add its province to the name."
            )
            % {"city": city.name, "name": found.name},
            field="name",
            code="same_municipality",
        )


def _refuse_abroad(application: Application, name: str, country: Country, but: int = 0) -> None:
    other = (
        application.municipalities.exclude(country=country)
        .exclude(pk=but)
        .select_related("country")
        .first()
    )
    if other is not None:
        raise InvalidError(
            _(
                "%(name)s is in %(country)s and %(other)s in %(other_country)s: the "
                "municipalities of a group are of one country. %(name)s can apply on its own."
            )
            % {
                "name": name,
                "country": country.name,
                "other": other.name,
                "other_country": other.country.name,
            },
            field="country",
            code="several_countries",
        )


def _place(name: str, country: Country, city: City | None) -> City | None:
    """Return the chosen place, else the one that the name alone can mean in its country."""
    if city is not None:
        return city
    found = places_called(name, country)
    return found[0] if len(found) == 1 else None


def _check(
    application: Application,
    *,
    name: str,
    country: Country,
    city: City | None,
    year: int | None,
    but: int = 0,
) -> None:
    if not name:
        raise InvalidError(_("Name the municipality."), field="name")
    _refuse_double(application, name, country, but)
    _refuse_double_city(application, city, but)
    _refuse_abroad(application, name, country, but)
    _check_year(year, application.organisation.time_zone)


@transaction.atomic
def add_municipality(
    *,
    application: Application,
    name: str,
    by: User,
    country: Country | None = None,
    city: City | None = None,
    population: int | None = None,
    population_year: int | None = None,
    population_source: str = "",
    contact_email: str = "",
) -> Municipality:
    """Add a municipality to the group; the country is the organisation's unless named.

    Raises InvalidError for one that is named already or lies in another country.
    """
    application = lock_draft(application, by)
    name = clean_line(name)
    country = country or (city.country if city else application.organisation.country)
    city = _place(name, country, city)
    _check(application, name=name, country=country, city=city, year=population_year)
    if application.kind == ApplicantKind.SINGLE and application.municipalities.exists():
        raise InvalidError(
            _("One city applies alone. Choose “A group of municipalities” first."),
            field="name",
            code="one_city",
        )
    last = application.municipalities.aggregate(last=Max("order"))["last"] or 0
    municipality = Municipality.objects.create(
        application=application,
        city=city,
        name=name,
        country=country,
        is_lead=not application.municipalities.filter(is_lead=True).exists(),
        population=population,
        population_year=population_year,
        population_source=clean_line(population_source),
        contact_email=contact_email,
        order=last + 1,
    )
    touch(application)
    _record("municipality_added", municipality, by)
    tell_named(municipality)
    return municipality


@transaction.atomic
def edit_municipality(
    *,
    municipality: Municipality,
    by: User,
    read_version: int | None = None,
    forget: bool = False,
    **values: Any,
) -> Municipality:
    """Change a municipality; what is not named in `values` stays.

    Named may be name, country, city, population, population_year, population_source and
    contact_email.

    Raises InvalidError as add_municipality does, StaleError when `read_version` is not the
    application's, and what follow_rename raises until `forget` says what shall go.
    """
    application = lock_draft(municipality.application, by)
    rows = application.municipalities.select_related("country", "city")
    municipality = still_there(rows, municipality.pk)
    stored = {name: getattr(municipality, name) for name in values}
    if stored == values:
        return municipality
    if read_version is not None:
        require_version(application.version, read_version, current=stored)
    before, country_id, city_id = (
        municipality.name,
        municipality.country_id,
        municipality.city_id,
    )
    for name, value in values.items():
        setattr(municipality, name, value)
    municipality.name = clean_line(municipality.name)
    municipality.population_source = clean_line(municipality.population_source)
    if not application.organisation.is_region:
        # A region is no city, even where one has its name.
        municipality.city = _place(municipality.name, municipality.country, municipality.city)
    _check(
        application,
        name=municipality.name,
        country=municipality.country,
        city=municipality.city,
        year=municipality.population_year,
        but=municipality.pk,
    )
    municipality.save()
    went = follow_rename(
        Commitment,
        municipality,
        before=before,
        forget=forget,
        is_elsewhere=_is_elsewhere(municipality, country_id, city_id),
    )
    touch(application)
    _record("municipality_changed", municipality, by, **went)
    tell_named(municipality)
    return municipality


def _is_elsewhere(municipality: Municipality, country_id: str, city_id: int | None) -> bool:
    """Tell whether it lies in another country, or is another place of the register."""
    if municipality.country_id != country_id:
        return True
    return None not in (city_id, municipality.city_id) and municipality.city_id != city_id


@transaction.atomic
def remove_municipality(*, municipality: Municipality, by: User) -> None:
    """Take a municipality out of the group, with its commitment.

    Raises InvalidError for the lead: another one leads first, so that no group is left
    without.
    """
    application = lock_draft(municipality.application, by)
    municipality = still_there(application.municipalities.all(), municipality.pk)
    if municipality.is_lead:
        raise InvalidError(
            _(
                "%(name)s leads the application. Make another municipality the lead first, "
                "or withdraw the application."
            )
            % {"name": municipality.name},
            code="lead_leaves",
        )
    went = drop_word(Commitment, municipality)
    _record("municipality_removed", municipality, by, **went)
    municipality.delete()
    touch(application)


@transaction.atomic
def make_lead(*, municipality: Municipality, by: User) -> Municipality:
    """Let a municipality lead; the former lead becomes a member that has to commit."""
    application = lock_draft(municipality.application, by)
    municipality = still_there(application.municipalities.all(), municipality.pk)
    if municipality.is_lead:
        return municipality
    application.municipalities.filter(is_lead=True).update(is_lead=False)
    municipality.is_lead = True
    municipality.save(update_fields=["is_lead"])
    end_link(municipality, LinkEnd.LEADS)
    touch(application)
    _record("lead_changed", municipality, by)
    return municipality


def _record(verb: str, municipality: Municipality, by: User, **details: str) -> None:
    record_event(
        verb=f"application.{verb}",
        target=municipality.application,
        by=by,
        details={
            "municipality": municipality.name,
            "population": municipality.population,
            **details,
        },
    )
