"""Reads on places."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Length

from core.kit.rows import NOTHING
from programme.models import City, CityName, CityQuerySet, Country
from programme.places import name_key

# As many places are asked for by the beginning of a name.
MOST_BEGUN = 1000


def find_cities(words: str, country: Country | None = None) -> CityQuerySet:
    """Return the places whose name begins with what was typed, in any language and script.

    This is the one search of places. Accents, case, spaces and punctuation do not matter; see
    `CityQuerySet.matching` for the order. The countries are fetched with them.
    """
    found = City.objects.matching(words).select_related("country")
    return found.filter(country=country) if country else found


def suggested_cities(
    q: str, country: Country | None = None, *, limit: int
) -> list[tuple[City, str]]:
    """Return the first places that a text finds, each with what tells it from the others.

    A place that was found by another name shows that name too, so that people see why.
    """
    key = name_key(q)
    names = CityName.objects.filter(city=OuterRef("pk"), search_name__begins=key)
    shortest = names.order_by("word", Length("search_name"), "pk").values("name")[:1]
    cities = find_cities(q, country).annotate(found_as=Subquery(shortest))[:limit]
    return [
        (city, city.hint if city.found_as == city.name else f"{city.found_as}, {city.hint}")
        for city in cities
    ]


def places_called(name: str, country: Country | None = None) -> list[City]:
    """Return the places of exactly this name, in any language and script.

    Where one has it as its main name, the others that are only also called so do not count:
    Santiago is the city, not each Santiago de ... of the same country.
    """
    found = City.objects.called(name).select_related("country")
    if country:
        found = found.filter(country=country)
    key = name_key(name)
    places = list(found)
    return [city for city in places if name_key(city.name) == key] or places


def places_of(names: Iterable[str], country: str) -> dict[str, City]:
    """Return the one place that each name can mean in a country (its code); one query.

    A name of no place there, or of several, is left out.
    """
    keys = {name: name_key(name) for name in names}
    rows = CityName.objects.filter(search_name__in=keys.values(), word=0, city__country=country)
    found: dict[str, list[City]] = {}
    for row in rows.select_related("city"):
        found.setdefault(row.search_name, []).append(row.city)
    places = {}
    for name, key in keys.items():
        cities = found.get(key, [])
        named = [city for city in cities if name_key(city.name) == key] or cities
        if len(named) == 1:
            places[name] = named[0]
    return places


def places_begun(words: Iterable[str]) -> dict[str, set[int]]:
    """Return the ids of the places any name of which begins with each word; one query.

    Ids first: a long table is then asked for them, never joined with all names. A letter or two
    begin thousands of names; the shortest `MOST_BEGUN` count, being the nearest to the word.
    """
    keys = {word: name_key(word) or word for word in words if word}
    begun = reduce(or_, (Q(search_name__begins=key) for key in keys.values()), NOTHING)
    names = CityName.objects.filter(begun).order_by(Length("search_name"), "pk")
    found: dict[str, set[int]] = {word: set() for word in keys}
    for name, city in names.values_list("search_name", "city"):
        for word, key in keys.items():
            if name.startswith(key) and len(found[word]) < MOST_BEGUN:
                found[word].add(city)
    return found


def is_called(city: City, name: str) -> bool:
    """Whether a city goes by this name."""
    return CityName.objects.filter(city=city, search_name=name_key(name), word=0).exists()
