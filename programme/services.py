"""Loading the programme's real data from the files in programme/data.

Every loader may run again: what is missing is made, reference data follow the files, and
organisations and calls, which people edit in the portal, are left as they are.
"""

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction

from core.kit.text import fold
from programme.models import (
    City,
    CityName,
    Country,
    Goal,
    Language,
    MainTopic,
    Strand,
    Tag,
    Theme,
    Topic,
)
from programme.places import keyed_names
from programme.states import GoalFramework

DATA = Path(__file__).resolve().parent / "data"
GEONAMES = "GeoNames, undated, settlement (CC BY 4.0)"

STRANDS = [
    {
        "code": "city-to-city",
        "name": "City-to-city cooperation",
        "applicants": "City authorities",
        "product": "Local Action Plan",
        "description": "Two cities that face the same problems work together and write a "
        "Local Action Plan each, on the priority they share.",
    },
    {
        "code": "inter-regional",
        "name": "Inter-regional cooperation on innovation",
        "applicants": "Regions and provinces",
        "product": "Regional Cooperation Action Plan",
        "description": "Regions link their smart specialisation strategies, value chains "
        "and small and medium-sized enterprises.",
    },
    {
        "code": "covenant",
        "name": "Sub-national action under the Global Covenant of Mayors",
        "applicants": "Cities and other sub-national authorities",
        "product": "Commitment and climate action plan",
        "description": "Authorities commit to act on mitigation, adaptation and access to energy.",
    },
]


@dataclass(frozen=True)
class Loaded:
    """What one loader did with one kind of row."""

    label: str
    made: int
    kept: int


def rows_of(name: str) -> list[dict[str, str]]:
    """Read a data file."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _sync(model: type[models.Model], key: str, wanted: Iterable[dict[str, Any]]) -> Loaded:
    """Make the rows of reference data that are missing and correct those that differ.

    Three statements at most, however many rows there are. `key` names the field that
    tells the rows apart.
    """
    wanted = list(wanted)
    fields = list(wanted[0])
    present = {row[key]: row for row in model._default_manager.values(*fields)}  # noqa: SLF001
    fresh = [row for row in wanted if row[key] not in present]
    stale = [row for row in wanted if row[key] in present and row != present[row[key]]]
    model._default_manager.bulk_create(  # noqa: SLF001 - Django's documented name
        (model(**row) for row in fresh), batch_size=2000
    )
    if stale:
        model._default_manager.bulk_create(  # noqa: SLF001
            [model(**row) for row in stale],
            batch_size=2000,
            update_conflicts=True,
            unique_fields=[key],
            update_fields=[field for field in fields if field != key],
        )
    label = str(model._meta.verbose_name_plural)  # noqa: SLF001
    return Loaded(label, made=len(fresh), kept=len(wanted) - len(fresh))


def _load_countries() -> Loaded:
    return _sync(
        Country,
        "code",
        (
            {
                "code": row["code"],
                "name": row["name"],
                "search_name": fold(row["name"]),
                "side": row["side"],
                "world_region": row["world_region"],
                "is_eu_member": row["is_eu_member"] == "1",
            }
            for row in rows_of("countries.csv")
        ),
    )


def _load_themes() -> list[Loaded]:
    themes = _sync(
        Theme,
        "slug",
        ({**row, "order": order} for order, row in enumerate(rows_of("themes.csv"))),
    )
    by_slug = {theme.slug: theme for theme in Theme.objects.all()}
    main = _sync(
        MainTopic,
        "slug",
        (
            {
                **{name: value for name, value in row.items() if name != "theme"},
                "theme_id": by_slug[row["theme"]].pk,
                "order": order,
            }
            for order, row in enumerate(rows_of("main_topics.csv"))
        ),
    )
    rows = rows_of("topics.csv")
    present = set(Topic.objects.values_list("name", flat=True))
    topics = _sync(
        Topic,
        "name",
        ({"name": row["topic"], "search_name": fold(row["topic"])} for row in rows),
    )
    # The themes and main topics of a topic are set once; staff may group it otherwise later.
    fresh = [row for row in rows if row["topic"] not in present]
    by_name = {topic.name: topic for topic in Topic.objects.all()}
    mains = {topic.slug: topic for topic in MainTopic.objects.all()}
    link = Topic.themes.through
    link.objects.bulk_create(
        link(topic_id=by_name[row["topic"]].pk, theme_id=by_slug[slug].pk)
        for row in fresh
        for slug in row["themes"].split(";")
    )
    said = Topic.main_topics.through
    said.objects.bulk_create(
        said(topic_id=by_name[row["topic"]].pk, maintopic_id=mains[slug].pk)
        for row in fresh
        for slug in row["main_topics"].split(";")
    )
    return [themes, main, topics]


def _load_vocabularies() -> list[Loaded]:
    """Load what a city's profile chooses from: tags and languages."""
    tags = _sync(
        Tag, "slug", ({**row, "order": order} for order, row in enumerate(rows_of("tags.csv")))
    )
    languages = _sync(
        Language,
        "code",
        ({**row, "countries": row["countries"].split(";")} for row in rows_of("languages.csv")),
    )
    return [tags, languages]


def _goals() -> Iterable[dict[str, str]]:
    """Give the goals of all agreements as (framework, code, title, text, parent code)."""
    for row in rows_of("reference/sdgs.csv"):
        is_goal = row["level"] == "goal"
        yield {
            "framework": GoalFramework.SDG if is_goal else GoalFramework.SDG_TARGET,
            "code": row["code"],
            "title": row["short_title"],
            "text": row["official_text"],
            "parent": row["parent"],
        }
    for row in rows_of("reference/urban_agenda_themes.csv"):
        yield {
            "framework": GoalFramework.URBAN_AGENDA,
            "code": row["order"],
            "title": row["theme"],
        }
    for row in rows_of("reference/new_urban_agenda.csv"):
        yield {
            "framework": GoalFramework.NEW_URBAN_AGENDA,
            "code": row["code"],
            "title": row["title"],
            "text": row["group"],
        }
    for row in rows_of("reference/sendai_priorities.csv"):
        yield {
            "framework": GoalFramework.SENDAI,
            "code": f"{row['kind'].capitalize()} {row['code']}",
            "title": row["text"],
        }
    for row in rows_of("reference/paris_agreement.csv"):
        title, _colon, text = row["aim"].partition(": ")
        yield {
            "framework": GoalFramework.PARIS,
            "code": row["code"],
            "title": title,
            "text": text,
        }


def _load_goals() -> Loaded:
    present = {(goal.framework, goal.code): goal for goal in Goal.objects.all()}
    made = kept = 0
    for order, row in enumerate(_goals()):
        values = {
            "title": row["title"],
            "text": row.get("text", ""),
            "order": order,
            # Goals come before their targets, so the parent is there.
            "parent": present.get((GoalFramework.SDG, row.get("parent", ""))),
        }
        goal = present.get((row["framework"], row["code"]))
        if goal is None:
            made += 1
            goal = Goal.objects.create(framework=row["framework"], code=row["code"], **values)
            present[row["framework"], row["code"]] = goal
            continue
        kept += 1
        changed = [key for key, value in values.items() if getattr(goal, key) != value]
        if changed:
            for key in changed:
                setattr(goal, key, values[key])
            goal.save(update_fields=changed)
    return Loaded(str(Goal._meta.verbose_name_plural), made, kept)  # noqa: SLF001


@transaction.atomic
def load_reference_data() -> list[Loaded]:
    """Load strands, countries, themes, topics, tags, languages and goals."""
    strands = _sync(Strand, "code", ({**row, "order": order} for order, row in enumerate(STRANDS)))
    return [strands, _load_countries(), *_load_themes(), *_load_vocabularies(), _load_goals()]


def _nearest_time_zone(lat: float, lon: float, places: list[dict[str, str]]) -> str:
    """Return the time zone of the nearest place, for the few that come without one."""
    scale = math.cos(math.radians(lat))

    def distance(place: dict[str, str]) -> float:
        return math.hypot(float(place["lat"]) - lat, (float(place["lon"]) - lon) * scale)

    return min(places, key=distance)["timezone"]


def _cities() -> Iterable[dict[str, Any]]:
    places = rows_of("places.csv")
    for row in places:
        yield {
            "geonameid": int(row["geonameid"]),
            "name": row["name"],
            "search_name": fold(row["name"]),
            "country_id": row["country_code"],
            "admin1": row["admin1"],
            "latitude": float(row["lat"]),
            "longitude": float(row["lon"]),
            "time_zone": row["timezone"],
            "reference_population": int(row["population_hint"]),
            "reference_source": GEONAMES,
        }
    known = {row["geonameid"] for row in places}
    for row in rows_of("cities.csv"):
        if not row["geonameid"] or row["geonameid"] in known:
            continue
        lat, lon = float(row["lat"]), float(row["lon"])
        nearby = [p for p in places if p["country_code"] == row["country_code"]]
        yield {
            "geonameid": int(row["geonameid"]),
            "name": row["geonames_name"],
            "search_name": fold(row["geonames_name"]),
            "country_id": row["country_code"],
            "admin1": "",
            "latitude": lat,
            "longitude": lon,
            "time_zone": _nearest_time_zone(lat, lon, nearby),
            "reference_population": int(row["population"]),
            "reference_source": GEONAMES,
        }


def _load_city_names() -> Loaded:
    """Make the names that the file has and the table lacks, and remove what it dropped."""
    cities = City.objects.exclude(geonameid=None).values_list("geonameid", "pk", "name")
    others = {int(row["geonameid"]): row["names"].split("|") for row in rows_of("city_names.csv")}
    wanted = {
        (pk, key): found
        for number, pk, name in cities
        for key, found in keyed_names(name, others.get(number or 0, ())).items()
    }
    present = {
        (city, key): pk
        for pk, city, key in CityName.objects.exclude(city__geonameid=None).values_list(
            "pk", "city", "search_name"
        )
    }
    fresh = [
        CityName(city_id=pk, name=name, search_name=key, word=word)
        for (pk, key), (name, word) in wanted.items()
        if (pk, key) not in present
    ]
    CityName.objects.bulk_create(fresh, batch_size=5000)
    gone = [pk for key, pk in present.items() if key not in wanted]
    for start in range(0, len(gone), 5000):
        CityName.objects.filter(pk__in=gone[start : start + 5000]).delete()
    label = str(CityName._meta.verbose_name_plural)  # noqa: SLF001
    return Loaded(label, made=len(fresh), kept=len(wanted) - len(fresh))


@transaction.atomic
def load_cities() -> list[Loaded]:
    """Load the places that organisations and municipalities can stand for, and their names."""
    loaded = [_sync(City, "geonameid", _cities()), _load_city_names()]
    # Else PostgreSQL may check each name by the plan of an empty table, which takes minutes.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE programme_city")
    return loaded
