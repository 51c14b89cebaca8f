"""Loading what the programme has published: organisations, pairings' list, past calls."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.days import BRUSSELS
from accounts.text import fold
from programme.models import (
    Call,
    CallCommitment,
    CapacitySlot,
    City,
    Country,
    Organisation,
    OrganisationCity,
    Strand,
    Topic,
)
from programme.services.loading import Loaded, rows_of
from programme.services.organisations import free_slug
from programme.states import CallStatus, OrganisationKind, Origin

# The partner countries of city-to-city cooperation in the first phase.
FIRST_PHASE = ["AR", "BR", "CA", "CL", "CN", "CO", "IN", "JP", "MX", "PE", "US"]

COMMITMENTS = [
    "Cooperate intensively with the paired city for the duration of the call.",
    "Allocate enough staff, time and money for the actions planned.",
    "Write a Local Action Plan on the agreed priority.",
    "Sign a Partnership Agreement.",
    "Share progress with the other cities of the programme.",
    "Report, after the period, on progress and on concrete actions to come.",
]


@dataclass(frozen=True)
class PastCall:
    """What is on record of a closed call."""

    slug: str
    code: str
    title: str
    summary: str
    description: str
    closed_on: dt.date
    duration_months: int
    partner_countries: list[str]
    named_partners: list[str]


PAST_CALLS = [
    PastCall(
        slug="china-2017",
        code="C2C-2017-CN",
        title="City pairings with China 2017",
        summary="Cities of the European Union worked for 12 months with one of five named "
        "cities in China.",
        description="This call is closed. It closed on 10 April 2017; the hour and the day "
        "it opened are not on record here, so the end of that day is shown. The fourth "
        "partner was announced as Changchun/Jingyue.",
        closed_on=dt.date(2017, 4, 10),
        duration_months=12,
        partner_countries=["CN"],
        named_partners=["Chongqing", "Shantou", "Zhengzhou", "Jingyue", "Longyan"],
    ),
    PastCall(
        slug="city-to-city-2018",
        code="C2C-2018",
        title="City-to-city cooperation 2018",
        summary="Cities of the European Union worked for 18 months with a city of a "
        "partner country.",
        description="This call is closed. It closed on 19 March 2018; the hour and the day "
        "it opened are not on record here, so the end of that day is shown. The partner "
        "countries named are those of the programme's first phase.",
        closed_on=dt.date(2018, 3, 19),
        duration_months=18,
        partner_countries=FIRST_PHASE,
        named_partners=[],
    ),
]


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
    present = set(Organisation.objects.values_list("name", "country__name"))
    names = _published_names()
    fresh = [pair for pair in names if pair not in present]
    for name, country in fresh:
        _make_organisation(name, countries[country], kinds.get(name, {}), cities[name])
    return [Loaded("organisations", len(fresh), len(names) - len(fresh))]


def published_pairings() -> list[tuple[Organisation, Organisation, list[Topic]]]:
    """Return the published list: EU organisation, partner organisation, topics."""
    organisations = {
        (organisation.name, organisation.country.name): organisation
        for organisation in Organisation.objects.select_related("country")
    }
    topics = {topic.search_name: topic for topic in Topic.objects.all()}
    return [
        (
            organisations[row["eu_city"], row["eu_country"]],
            organisations[row["partner_city"], row["partner_country"]],
            [topics[fold(name)] for name in row["topics"].split(";")],
        )
        for row in rows_of("pairings.csv")
    ]


def _make_call(past: PastCall) -> None:
    call = Call.objects.create(
        slug=past.slug,
        code=past.code,
        strand=Strand.objects.get(code="city-to-city"),
        title=past.title,
        summary=past.summary,
        description=past.description,
        status=CallStatus.PUBLISHED,
        origin=Origin.PUBLISHED,
        closes_at=dt.datetime.combine(past.closed_on, dt.time(23, 59, 59), tzinfo=BRUSSELS),
        duration_months=past.duration_months,
        applicant_kinds=[
            OrganisationKind.MUNICIPALITY,
            OrganisationKind.GROUP,
            OrganisationKind.METROPOLITAN,
        ],
    )
    # The countries that were members on that day: today's and the United Kingdom.
    call.eligible_countries.set(Country.objects.filter(world_region="Europe"))
    call.partner_countries.set(Country.objects.filter(code__in=past.partner_countries))
    call.named_partners.set(
        Organisation.objects.filter(name__in=past.named_partners, origin=Origin.PUBLISHED)
    )
    CallCommitment.objects.bulk_create(
        CallCommitment(call=call, text=text, order=order) for order, text in enumerate(COMMITMENTS)
    )


@transaction.atomic
def load_calls() -> list[Loaded]:
    """Load the closed calls of 2017 and 2018 with what is on record of them."""
    present = set(Call.objects.values_list("slug", flat=True))
    fresh = [past for past in PAST_CALLS if past.slug not in present]
    for past in fresh:
        _make_call(past)
    return [Loaded("calls", len(fresh), len(PAST_CALLS) - len(fresh))]
