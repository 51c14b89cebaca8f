"""Loading what the programme has published: organisations, pairings' list, past calls."""

from collections import defaultdict
from typing import Any

from django.db import transaction

from core.kit.text import fold
from programme.models import City, Country, Topic
from programme.organisations.models import (
    CapacitySlot,
    Organisation,
    OrganisationCity,
    OrganisationName,
)
from programme.organisations.services.organisations import free_slug
from programme.organisations.states import OrganisationKind
from programme.services import Loaded, rows_of
from programme.states import Origin


def _published_names() -> list[tuple[str, str]]:
    """Return (name, country) of every organisation in the list of pairings, once each."""
    names = []
    for row in rows_of("pairings.csv"):
        names.append((row["eu_city"], row["eu_country"]))
        names.append((row["partner_city"], row["partner_country"]))
    return list(dict.fromkeys(names))


def _make_organisation(
    name: str, country: Country, kind: dict[str, str], cities: list[City]
) -> None:
    seat: dict[str, Any] = {}
    if cities:
        seat = {
            "latitude": cities[0].latitude,
            "longitude": cities[0].longitude,
            "time_zone": cities[0].time_zone,
        }
    organisation = Organisation.objects.create(
        slug=free_slug(name),
        name=name,
        kind=kind.get("kind", OrganisationKind.MUNICIPALITY),
        note=kind.get("note", ""),
        side=country.side,
        country=country,
        origin=Origin.PUBLISHED,
        **seat,
    )
    OrganisationCity.objects.bulk_create(
        OrganisationCity(organisation=organisation, city=city, order=order)
        for order, city in enumerate(cities)
    )
    CapacitySlot.objects.bulk_create(
        CapacitySlot(organisation=organisation, number=number)
        for number in range(1, organisation.capacity + 1)
    )


@transaction.atomic
def load_organisations() -> list[Loaded]:
    """Load the organisations of the published pairings under their published names.

    Those without a single place have no coordinates. Needs countries and cities.
    """
    kinds = {row["name"]: row for row in rows_of("organisation_kinds.csv")}
    cities: dict[str, list[City]] = defaultdict(list)
    places = [row for row in rows_of("cities.csv") if row["geonameid"]]
    found = City.objects.filter(geonameid__in={row["geonameid"] for row in places})
    by_id = {str(city.geonameid): city for city in found}
    for row in places:
        cities[row["seed_name"]].append(by_id[row["geonameid"]])
    countries = {country.name: country for country in Country.objects.all()}
    present = set(_by_name())
    names = _published_names()
    fresh = [pair for pair in names if pair not in present]
    for name, country in fresh:
        _make_organisation(name, countries[country], kinds.get(name, {}), cities[name])
    return [Loaded("organisations", len(fresh), len(names) - len(fresh))]


def _by_name() -> dict[tuple[str, str], Organisation]:
    """Return the organisations by name and country, those that had another name by that one too."""
    found = {}
    for former in OrganisationName.objects.select_related("organisation__country"):
        found[former.name, former.organisation.country.name] = former.organisation
    for organisation in Organisation.objects.select_related("country"):
        found[organisation.name, organisation.country.name] = organisation
    return found


def published_pairings() -> list[tuple[Organisation, Organisation, list[Topic]]]:
    """Return the published list: EU organisation, partner organisation, topics."""
    organisations = _by_name()
    topics = {topic.search_name: topic for topic in Topic.objects.all()}
    return [
        (
            organisations[row["eu_city"], row["eu_country"]],
            organisations[row["partner_city"], row["partner_country"]],
            [topics[fold(name)] for name in row["topics"].split(";")],
        )
        for row in rows_of("pairings.csv")
    ]
