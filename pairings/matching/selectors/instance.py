"""What the recommender is told of a call: its instance, read from the database.

Of each city it takes what its application says; what the register knows besides (languages,
tags, published pairings) counts for cities without an application too. Nothing is invented:
what nobody has said stays empty. What a chosen city has said of a possible partner counts before
what its application says of the same one.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from applications.models import Application
from applications.states import ApplicationStatus, Direction, WishKind
from pairings.models import PairingMember, PartnerWish
from pairings.selectors import pairable
from pairings.states import LIVE, PUBLIC, PairingStatus
from programme.calls.models import Call
from programme.organisations.models import Organisation, OrganisationCity
from programme.states import Side

# What may be paired: found eligible, or chosen already.
MATCHED = (ApplicationStatus.ELIGIBLE, ApplicationStatus.ACCEPTED)

# What a score is made of besides wishes and earlier cooperation, which a city may well not have.
MISSING = ("topics", "needs", "offers", "population", "languages", "tags")

Pair = tuple[int, int]


@dataclass(frozen=True)
class _Register:
    """What is known of the organisations of a call, by their ids."""

    organisations: dict[int, Organisation]
    # Which of them stand for a place.
    by_city: dict[int, set[int]]
    # Main topics of the published, running and ended pairings of each.
    topics: dict[int, set[str]]
    # Who was paired with whom before, and who must not be proposed again in this call.
    earlier: set[Pair]
    closed: set[Pair]
    # What chosen cities have said of single ones since: whether they would like them.
    wishes: dict[int, dict[int, bool]]


def instance_data(call: Call) -> dict[str, Any]:
    """Return the instance of a call as `read_instance` takes it: cities by their slugs.

    Left stands Europe, right the partner side. Where the call opens for a side, it is the
    applications found eligible or chosen, one partner each; else the cities with a free place in
    the call's countries of that side, or named by the call. What a city wants to leave out, and
    pairs that are live or were declined in this call, are forbidden. Eligibility is read, never
    decided, here.
    """
    applications = _applications(call)
    sides = _sides(call, applications)
    register = _register(call, [one.pk for side in sides.values() for one in side])
    by_organisation = {one.organisation_id: one for one in applications}
    rows = {
        name: [
            _city(one, by_organisation.get(one.pk), register, applies=call.takes(one.side))
            for one in side
        ]
        for name, side in sides.items()
    }
    forbidden = _forbidden(sides, by_organisation, register)
    return {**rows, "forbidden": [list(pair) for pair in sorted(forbidden)]}


def missing_of(data: dict[str, Any]) -> dict[str, list[str]]:
    """Return by city what nobody has said of it, of an instance as `instance_data` returns it.

    The keys are those of MISSING; a city of which all is known is not named. Each of them makes a
    term of the score nothing for that city, through no fault of its partners.
    """
    return {
        city["id"]: lacks
        for side in ("left", "right")
        for city in data[side]
        if (lacks := [key for key in MISSING if not city.get(key)])
    }


def applicants_of(call: Call, data: dict[str, Any]) -> "QuerySet[Application]":
    """Return the applications that such an instance of a call names."""
    slugs = [city["id"] for side in ("left", "right") for city in data[side]]
    return Application.objects.filter(
        call=call, status__in=MATCHED, organisation__slug__in=slugs
    ).order_by("pk")


def why_empty(data: dict[str, Any]) -> str:
    """Return why nothing can be matched in the instance of a call; empty where it can."""
    for side, words in (
        (
            "left",
            _(
                "No city in Europe can be paired in this call: no application is eligible or "
                "accepted and not paired yet, and no city has a free place."
            ),
        ),
        (
            "right",
            _(
                "No partner city can be paired in this call: no application is eligible or "
                "accepted and not paired yet, and no city has a free place."
            ),
        ),
    ):
        if not data[side]:
            return words
    return ""


def _applications(call: Call) -> list[Application]:
    return list(
        Application.objects.filter(call=call, status__in=MATCHED)
        .exclude(pairing_members__pairing__in=call.pairings.live())
        .select_related("profile")
        .prefetch_related(
            "challenges__topic",
            "wishes__country",
            "cooperations",
            "municipalities",
            "partner_countries",
        )
        .order_by("organisation")
    )


def _sides(call: Call, applications: Iterable[Application]) -> dict[str, list[Organisation]]:
    rows = (
        Organisation.objects.annotate(
            free=Count("slots", filter=Q(slots__held_by=None), distinct=True)
        )
        .filter(free__gt=0)
        .prefetch_related("tags", "languages", "cities")
        .order_by("slug")
    )
    applied = Q(pk__in=[one.organisation_id for one in applications])
    return {
        name: list(rows.filter(pairable(call, side, applied=applied)))
        for name, side in (("left", Side.EU), ("right", Side.PARTNER))
    }


def _register(call: Call, ids: list[int]) -> _Register:
    topics: dict[int, set[str]] = defaultdict(set)
    public = PairingMember.objects.filter(pairing__status__in=PUBLIC, organisation__in=ids)
    told = public.values_list("organisation", "pairing__topics__main_topics__slug")
    for organisation, slug in told.distinct():
        if slug:
            topics[organisation].add(slug)
    by_city: dict[int, set[int]] = defaultdict(set)
    for organisation, city in OrganisationCity.objects.filter(organisation__in=ids).values_list(
        "organisation", "city"
    ):
        by_city[city].add(organisation)
    earlier, closed = _paired(call)
    return _Register(
        organisations=Organisation.objects.in_bulk(ids),
        by_city=by_city,
        topics=topics,
        earlier=earlier,
        closed=closed,
        wishes=_wishes(call, ids),
    )


def _wishes(call: Call, ids: list[int]) -> dict[int, dict[int, bool]]:
    """Return what the cities have said of each other; only of who was chosen, and still is."""
    chosen = Application.objects.filter(call=call, status=ApplicationStatus.ACCEPTED)
    rows = PartnerWish.objects.filter(
        call=call, organisation__in=chosen.values("organisation"), about__in=ids
    )
    found: dict[int, dict[int, bool]] = defaultdict(dict)
    for one, other, is_wanted in rows.values_list("organisation", "about", "is_wanted"):
        found[one][other] = is_wanted
    return found


def _paired(call: Call) -> tuple[set[Pair], set[Pair]]:
    """Return who was paired with whom before, and who must not be proposed again, both ways."""
    declined = Q(pairing__status=PairingStatus.DECLINED, pairing__call=call)
    rows = PairingMember.objects.filter(Q(pairing__status__in=[*PUBLIC, *LIVE]) | declined)
    members: dict[tuple[str, int], list[int]] = defaultdict(list)
    for status, pairing, organisation in rows.values_list(
        "pairing__status", "pairing", "organisation"
    ):
        members[status, pairing].append(organisation)
    earlier: set[Pair] = set()
    closed: set[Pair] = set()
    for (status, _pairing), team in members.items():
        pairs = {(one, other) for one in team for other in team if one != other}
        if status in PUBLIC:
            earlier |= pairs
        if status in LIVE or status == PairingStatus.DECLINED:
            closed |= pairs
    return earlier, closed


def _city(
    organisation: Organisation,
    application: Application | None,
    register: _Register,
    *,
    applies: bool,
) -> dict[str, Any]:
    free: int = getattr(organisation, "free", 0)
    own = organisation.pk
    earlier = {other for one, other in register.earlier if one == own}
    city: dict[str, Any] = {
        "id": organisation.slug,
        "country": organisation.country_id,
        "kind": organisation.kind,
        # An application asks for one partner.
        "capacity": min(free, 1) if applies else free,
        "population": _reference_population(organisation),
        "topics": sorted(register.topics[own]),
        "languages": sorted(language.pk for language in organisation.languages.all()),
        "tags": sorted(tag.slug for tag in organisation.tags.all()),
    }
    if application:
        city |= _told(application, register)
        earlier |= {
            other
            for row in application.cooperations.all()
            if row.city_id
            for other in register.by_city[row.city_id]
        }
    city["earlier_partners"] = _slugs(earlier, register)
    if said := register.wishes.get(own):
        known = register.organisations
        city["wishes"] = {known[other].slug: said[other] for other in sorted(said)}
    return city


def _told(application: Application, register: _Register) -> dict[str, Any]:
    """Return what an application says of itself and wishes for."""
    rows = list(application.challenges.all())
    needs = {row.topic.slug: row.weight for row in rows if row.direction == Direction.LEARN}
    offers = {row.topic.slug for row in rows if row.direction == Direction.SHARE}
    profile = getattr(application, "profile", None)
    named, _excluded, _countries = _named(application, register)
    city: dict[str, Any] = {
        "topics": sorted({*needs, *offers}),
        "needs": sorted(needs),
        "need_weights": needs,
        "offers": sorted(offers),
        "preferred_countries": sorted(one.pk for one in application.partner_countries.all()),
        "preferred_partners": _slugs(named, register),
    }
    if profile:
        city |= {
            "preferred_kinds": profile.kinds,
            "preferred_population": [profile.population_from, profile.population_to],
        }
    figures = [row.population for row in application.municipalities.all()]
    if figures and all(figures):
        city["population"] = sum(figure or 0 for figure in figures)
    return city


def _named(application: Application, register: _Register) -> tuple[set[int], set[int], set[str]]:
    """Return who is wished for by name, who is to be left out, and which countries are.

    What the city has said of somebody since counts instead.
    """
    said = register.wishes.get(application.organisation_id, {})
    wanted: set[int] = set()
    excluded: set[int] = set()
    countries: set[str] = set()
    for wish in application.wishes.all():
        if wish.kind == WishKind.COUNTRY:
            countries.add(str(wish.country_id))
            continue
        meant = register.by_city[wish.city_id] if wish.city_id else {wish.organisation_id}
        (wanted if wish.is_wanted else excluded).update(one for one in meant if one)
    unwanted = {other for other, is_wanted in said.items() if not is_wanted}
    return wanted - unwanted, (excluded - said.keys()) | unwanted, countries


def _forbidden(
    sides: dict[str, list[Organisation]],
    applications: dict[int, Application],
    register: _Register,
) -> set[tuple[str, str]]:
    """Return the pairs that must not be proposed, as (left slug, right slug)."""
    left, right = sides["left"], sides["right"]
    closed = set(register.closed)
    for one in (*left, *right):
        if one.pk not in applications:
            continue
        _wanted, excluded, countries = _named(applications[one.pk], register)
        others = right if one.side == Side.EU else left
        said = register.wishes.get(one.pk, {})
        of_countries = {other.pk for other in others if other.country_id in countries}
        out = (of_countries - said.keys()) | excluded
        closed |= {(one.pk, other) for other in out} | {(other, one.pk) for other in out}
    at_left = {one.pk: one.slug for one in left}
    at_right = {one.pk: one.slug for one in right}
    return {
        (at_left[one], at_right[other])
        for one, other in closed
        if one in at_left and other in at_right
    }


def _reference_population(organisation: Organisation) -> int | None:
    """Return the hint of the register where no application states a figure."""
    figures = [city.reference_population for city in organisation.cities.all()]
    return sum(figure or 0 for figure in figures) if figures and all(figures) else None


def _slugs(ids: Iterable[int], register: _Register) -> list[str]:
    known = register.organisations
    return sorted(known[one].slug for one in ids if one in known)
