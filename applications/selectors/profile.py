"""Reads on what an applicant looks for in a partner."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce

from applications.models import Application, Challenge, Profile, Wish
from applications.states import ApplicationStatus, Direction
from core.kit.text import fold
from programme.models import City, Country, MainTopic
from programme.organisations.likeness import Traits, likeness
from programme.organisations.models import Organisation
from programme.states import Side

# So many of the newest profiles are compared, whatever the number of applications.
COMPARED = 200
# So many are shown.
SHOWN = 4


def profile_of(application: Application) -> Profile:
    """Return the profile of an application; before its first save, an empty one."""
    found: Profile | None = getattr(application, "profile", None)
    return found or Profile(application=application)


def challenges_of(application: Application) -> "QuerySet[Challenge]":
    """Return the main topics of an application, those to learn first, in the city's order."""
    return application.challenges.select_related("topic__theme")


def wishes_by_name(application: Application) -> "QuerySet[Wish]":
    """Return what is wished for or left out by name."""
    return application.wishes.select_related("country", "city__country", "organisation__country")


def offered_topics(application: Application) -> "QuerySet[MainTopic]":
    """Return the main topics of the call's themes; all of them where it offers no themes."""
    topics = MainTopic.objects.select_related("theme")
    themes = application.call.themes.all()
    return topics.filter(theme__in=themes) if themes else topics


def offered_countries(application: Application) -> "QuerySet[Country]":
    """Return where a partner may come from: the other side of the call."""
    is_partner = application.organisation.side == Side.PARTNER
    return application.call.countries_of(Side.EU if is_partner else Side.PARTNER)


def organisations_named(application: Application, name: str) -> "QuerySet[Organisation]":
    """Return the possible partners of exactly this official name, whatever the accents."""
    other = Organisation.objects.exclude(side=application.organisation.side)
    return other.filter(search_name=name).select_related("country")


def places_named(name: str, country: str = "") -> "QuerySet[City]":
    """Return the places that have this name in any language, in one country if it is named."""
    found = City.objects.called(name).select_related("country")
    return found.filter(country__search_name=fold(country)) if country else found


def profile_as_sent(application: Application) -> dict[str, Any]:
    """Return the profile as JSON, with what the organisation says of itself at this moment.

    One query for all its rows, beside the profile itself.
    """
    profile = profile_of(application)
    found: dict[str, list[Any]] = defaultdict(list)
    for what, _order, _pk, number, *texts in sorted(_rows_as_sent(application)):
        found[what].append((number, *texts))
    return {
        "population_from": profile.population_from,
        "population_to": profile.population_to,
        "kinds": list(profile.kinds),
        "challenges": [
            {"direction": way, "topic": name, "slug": slug, "weight": weight, "words": words}
            for weight, way, name, slug, words in found["challenge"]
        ],
        "wishes": [
            {
                "kind": kind,
                "name": name,
                "country": country,
                "is_wanted": not is_excluded,
                "reason": reason,
            }
            for is_excluded, kind, name, country, reason in sorted(
                found["wish"], key=lambda row: bool(row[0])
            )
        ],
        "earlier": [
            {"partner": partner, "years": years, "words": words}
            for _number, partner, years, _none, words in found["earlier"]
        ],
        "tags": [row[1] for row in found["tag"]],
        "languages": [row[1] for row in found["language"]],
    }


def _rows_as_sent(application: Application) -> "QuerySet[Any, Any]":
    """Return (what, order, id, number, three names, text) of all rows of a profile."""
    organisation = application.organisation
    named = ("city", "organisation")
    name = Coalesce(*(f"{one}__name" for one in named), "country__name", output_field=CharField())
    country = Coalesce(*(f"{one}__country__name" for one in named), _text(""))
    first = Case(When(direction=Direction.LEARN, then=0), default=100, output_field=_WHOLE)
    return _rows(
        application.challenges.all(),
        ("challenge", F("order") + first, F("weight")),
        (F("direction"), F("topic__name"), F("topic__slug"), F("words")),
    ).union(
        _rows(
            application.wishes.annotate(
                out=Case(When(is_wanted=True, then=0), default=1, output_field=_WHOLE)
            ),
            ("wish", F("order"), F("out")),
            (F("kind"), name, country, F("reason")),
        ),
        _rows(
            application.cooperations.all(),
            ("earlier", F("order"), _number(0)),
            (F("partner"), F("years"), _text(""), F("words")),
        ),
        _rows(
            organisation.tags.all(),
            ("tag", F("order"), _number(0)),
            (F("name"), _text(""), _text(""), _text("")),
        ),
        _rows(
            Organisation.languages.through.objects.filter(organisation=organisation),
            ("language", _number(0), _number(0)),
            (F("language__name"), _text(""), _text(""), _text("")),
        ),
        all=True,
    )


def _rows(
    rows: "QuerySet[Any]", numbers: tuple[str, Any, Any], texts: tuple[Any, ...]
) -> "QuerySet[Any, Any]":
    what, order, number = numbers
    return rows.order_by().values_list(_text(what), order, F("pk"), number, *texts)


_WHOLE = IntegerField()


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())


def _number(value: int) -> Value:
    return Value(value, output_field=_WHOLE)


@dataclass(frozen=True)
class LikeCity:
    """A city like the applicant: what it can share, and what of it the applicant looks for."""

    organisation: Organisation
    population: int | None
    likeness: int
    tags: list[str]
    offers: list[str]
    # Of its offers, those that the applicant wants to learn about; and the other way round.
    helps: list[str]
    wants: list[str]
    # Kinds of place and topics that both name.
    alike: list[str]

    @property
    def is_partner(self) -> bool:
        """Whether it stands on the partner side."""
        return self.organisation.side == Side.PARTNER


def like_cities(application: Application, *, most: int = SHOWN) -> list[LikeCity]:
    """Return the chosen cities most like this one, with what they can share; `most` of them.

    Only profiles of accepted applications are read, their topics alone: what others write
    while a call is open is theirs.
    """
    rows = list(
        Application.objects.filter(status=ApplicationStatus.ACCEPTED)
        .exclude(organisation=application.organisation_id)
        .select_related("organisation__country")
        .prefetch_related("challenges__topic", "organisation__tags", "municipalities")
        .order_by("-submitted_at", "-id")[:COMPARED]
    )
    own_topics = _topics(challenges_of(application))
    own = _traits(application.organisation, _inhabitants(application), own_topics)
    found: dict[int, LikeCity] = {}
    for row in rows:
        topics = _topics(row.challenges.all())
        organisation, inhabitants = row.organisation, _inhabitants(row)
        if not topics[Direction.SHARE] or organisation.pk in found:
            continue
        found[organisation.pk] = LikeCity(
            organisation=organisation,
            population=inhabitants,
            likeness=likeness(own, _traits(organisation, inhabitants, topics)),
            tags=[tag.name for tag in organisation.tags.all()][:3],
            offers=topics[Direction.SHARE],
            helps=_both(topics[Direction.SHARE], own_topics[Direction.LEARN]),
            wants=_both(topics[Direction.LEARN], own_topics[Direction.SHARE]),
            alike=[
                *sorted(_all(topics) & _all(own_topics)),
                *(tag.name for tag in organisation.tags.all() if tag.slug in own.tags),
            ],
        )
    by_likeness = sorted(
        found.values(),
        key=lambda city: (-len(city.helps), -city.likeness, city.organisation.search_name),
    )
    return by_likeness[:most]


def _inhabitants(application: Application) -> int | None:
    """Return the declared figures together; None until there is one."""
    figures = [row.population for row in application.municipalities.all() if row.population]
    return sum(figures) or None


def _topics(rows: Iterable[Challenge]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {direction: [] for direction in Direction}
    for row in rows:
        found[row.direction].append(row.topic.name)
    return found


def _both(these: list[str], those: list[str]) -> list[str]:
    return [topic for topic in these if topic in those]


def _traits(
    organisation: Organisation, population: int | None, topics: dict[str, list[str]]
) -> Traits:
    return Traits(
        country=organisation.country_id,
        population=population,
        tags=frozenset(tag.slug for tag in organisation.tags.all()),
        topics=_all(topics),
    )


def _all(topics: dict[str, list[str]]) -> frozenset[str]:
    return frozenset(topic for chosen in topics.values() for topic in chosen)
