"""What the pages on runs list: the pairs and cities of a run, found by name, page by page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.jobs.models import Job
from core.kit.text import fold, search_words
from pairings.matching.charts import Reach, name_of, reach_of
from pairings.matching.labels import STEPS, say_missing
from pairings.matching.models import Run
from pairings.matching.selectors import Comparison, cities_of
from pairings.matching.selectors.runs import Compared, Partner
from programme.organisations.models import Organisation


@dataclass(frozen=True)
class Listed:
    """A line on one city of a run: its partner and their score, or what is said of it."""

    slug: str
    partner: str = ""
    score: int | None = None
    is_locked: bool = False
    words: str = ""

    @property
    def slugs(self) -> tuple[str, ...]:
        """Return the cities that are named."""
        return (self.slug, self.partner) if self.partner else (self.slug,)


def pairs_listed(run: Run) -> list[Listed]:
    """Return the pairs of a done run, those of least score first."""
    pairs = (run.result or {})["pairs"]
    rows = [Listed(p["left"], p["right"], p["score"], p["locked"]) for p in pairs]
    return sorted(rows, key=lambda row: (row.score, row.slug))


def left_over_listed(run: Run) -> list[Listed]:
    """Return the cities without a partner and why, those of Europe first."""
    unmatched = (run.result or {})["unmatched"]
    return [
        Listed(city["id"], words=city["reason"])
        for side in ("left", "right")
        for city in unmatched[side]
    ]


def missing_listed(run: Run) -> list[Listed]:
    """Return the cities of which something is not known, and what."""
    return [
        Listed(slug, words=capfirst(say_missing(keys)))
        for slug, keys in sorted(run.missing.items())
    ]


def found(rows: Sequence[Any], words: str) -> Sequence[Any]:
    """Return the lines that name a city which the words find; all without words."""
    wanted = search_words(words)
    if not wanted:
        return rows
    cities = cities_of(slug for row in rows for slug in row.slugs)

    def text(slug: str) -> str:
        one = cities.get(slug)
        return fold(f"{one.name} {one.country.name}" if one else slug)

    return [
        row for row in rows if any(all(word in text(slug) for word in wanted) for slug in row.slugs)
    ]


# With names ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Named:
    """A line with the cities that it names; None for one that is not in the portal any more."""

    row: Any
    city: "Shown"
    partner: "Shown | None" = None


@dataclass(frozen=True)
class Shown:
    """A city as it is shown: its name, or the slug that the run has kept."""

    slug: str
    organisation: Organisation | None

    @property
    def name(self) -> str:
        """Return the name."""
        return self.organisation.name if self.organisation else self.slug

    @property
    def country(self) -> Any:
        """Return the country; None for who is not in the portal any more."""
        return self.organisation.country if self.organisation else None


def named(rows: Iterable[Any]) -> list[Named]:
    """Return the lines of a page with their cities: one query."""
    rows = list(rows)
    cities = cities_of(slug for row in rows for slug in row.slugs)

    def shown(slug: str) -> Shown:
        return Shown(slug, cities.get(slug))

    return [
        Named(row, shown(row.slug), shown(row.partner) if row.partner else None) for row in rows
    ]


@dataclass(frozen=True)
class Move:
    """A city and whom it had and has: its line on the page that compares."""

    row: Compared
    city: Shown
    before: Sequence[tuple[Shown, Partner]]
    after: Sequence[tuple[Shown, Partner]]


def moves(rows: Iterable[Compared]) -> list[Move]:
    """Return the compared cities of a page with their names: one query."""
    rows = list(rows)
    slugs = {
        slug
        for row in rows
        for slug in (row.slug, *(one.slug for one in (*row.before, *row.after)))
    }
    cities = cities_of(slugs)

    def shown(partners: Sequence[Partner]) -> list[tuple[Shown, Partner]]:
        return [(Shown(one.slug, cities.get(one.slug)), one) for one in partners]

    return [
        Move(row, Shown(row.slug, cities.get(row.slug)), shown(row.before), shown(row.after))
        for row in rows
    ]


@dataclass(frozen=True)
class Effect:
    """One figure of two runs. `is_better` is None where it is the same, or no matter of better."""

    label: str
    before: str
    after: str
    is_better: bool | None


def effects(found: Comparison) -> list[Effect]:
    """Return what a change did to the pairs as a whole, in figures that can be compared."""
    one, other = found.before, found.after

    def effect(label: str, before: float, after: float, sign: int, digits: int = 0) -> Effect:
        better = None if before == after else (after - before) * sign > 0
        return Effect(label, f"{before:,.{digits}f}", f"{after:,.{digits}f}", better)

    return [
        effect(_("Shared topics per pair"), one.shared, other.shared, 1, 1),
        effect(_("Worst-off pair"), one.worst or 0, other.worst or 0, 1),
        effect(_("Cities with a partner or country they wished for"), one.wishes, other.wishes, 1),
        effect(_("Without a partner"), one.unpaired, other.unpaired, -1),
    ]


# Fairness ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Option:
    """A point of the curve as it is chosen: what it gives up, what it gains, in per cent."""

    place: int
    name: str
    point: Mapping[str, Any]
    city: "Shown"
    total_less: float
    worst_more: float


def options_of(curve: Sequence[Mapping[str, Any]]) -> list[Option]:
    """Return the points of a curve against its first, with their worst-off cities: one query."""
    cities = cities_of(point["worst_left"] for point in curve)
    first = curve[0]
    return [
        Option(
            place=place,
            name=name_of(place),
            point=point,
            city=Shown(point["worst_left"], cities.get(point["worst_left"])),
            total_less=100 * (point["total"] / (first["total"] or 1) - 1),
            worst_more=100 * ((point["worst"] or 0) / (first["worst"] or 1) - 1),
        )
        for place, point in enumerate(curve)
    ]


@dataclass(frozen=True)
class Firm:
    """A pair, and how far the weight may move before it changes."""

    slug: str
    partner: str
    reach: Reach

    @property
    def slugs(self) -> tuple[str, str]:
        """Return the cities that are named."""
        return (self.slug, self.partner)


def firm_listed(reaches: Sequence[Any], term: str, scale: float) -> list[Firm]:
    """Return the pairs by how firm they are if the weight of a term moves, the frailest first."""
    rows = []
    for left, right, found_at in reaches:
        low, high = found_at[term]
        rows.append(Firm(left, right, reach_of(low, high, scale)))
    return sorted(rows, key=lambda row: (row.reach.width, row.slug, row.partner))


# On its way ----------------------------------------------------------------------------


def steps_of(run: Run) -> list[dict[str, str]]:
    """Return the steps of a run that is being solved, for the timeline."""
    sides = [len(run.instance[side]) for side in ("left", "right")]
    now = _step_of(run.job)
    told = {
        "Scoring": _("The terms of the score, for every possible pair"),
        "Solving": _("The best pairs, and the proof that none are better"),
        "Weighing alternatives": _("What each other partner would cost"),
    }
    steps = [
        {
            "title": _("Data read"),
            "text": _(
                "%(left)d cities in Europe, %(right)d partner cities, %(pairs)s possible pairs"
            )
            % {"left": sides[0], "right": sides[1], "pairs": f"{sides[0] * sides[1]:,}"},
            "state": "done",
        }
    ]
    keys = list(STEPS)
    for place, key in enumerate(keys):
        state = "now" if key == now else "done" if now and place < keys.index(now) else ""
        steps.append({"title": str(STEPS[key]), "text": told[key], "state": state})
    return steps


def _step_of(job: Job | None) -> str:
    """Return the step that the work is at; empty before the first."""
    words = job.message if job is not None else ""
    return words if words in STEPS else ""
