"""What the runs of a call say, one by one and two side by side."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from applications.models import Application
from pairings.matching.engine import read_instance
from pairings.matching.engine.files import FORMAT, sealed
from pairings.matching.engine.scoring import Scorer
from pairings.matching.models import LARGE, Board, Run, linked_calls
from pairings.matching.selectors.instance import MATCHED
from programme.calls.models import Call
from programme.organisations.models import Organisation


def calls_to_match(user: User) -> "QuerySet[Call]":
    """Return the calls whose pairs the person may work out: those with cities to be paired.

    An applicant was found eligible, or the call names partner cities; or there are runs already.
    Calls with a run that names whom the person has a link with are left out.
    """
    matched = Application.objects.without_links_of(user).filter(
        call=OuterRef("pk"), status__in=MATCHED
    )
    runs = Run.objects.filter(call=OuterRef("pk"))
    named = Call.named_partners.through.objects.filter(call=OuterRef("pk"))
    return (
        Call.objects.visible_to(user)
        .filter(Q(Exists(matched)) | Q(Exists(named)) | Q(Exists(runs)))
        .exclude(pk__in=linked_calls(user))
        .order_by("-closes_at", "slug")
    )


def with_numbers(calls: "QuerySet[Call]") -> "QuerySet[Call]":
    """Add the number of runs to calls, and the run on the board of each without what is large."""
    large = [f"board__run__{name}" for name in LARGE]
    return calls.select_related("board__run").defer(*large).annotate(number_of_runs=Count("runs"))


def board_of(call: Call) -> Board:
    """Return the board of a call with its run, not stored yet where no run was started."""
    return Board.objects.select_related("run").filter(call=call).first() or Board(call=call)


def runs_of(call: Call) -> "QuerySet[Run]":
    """Return the runs of a call, the newest first, without what is large."""
    return Run.objects.light().filter(call=call).select_related("by", "job", "parent")


def run_file(run: Run) -> dict[str, Any]:
    """Return a run that is done as the sealed file that `verify` checks.

    Its digest is the one that was written down as the run ended.
    """
    return file_of(run.instance, run.result or {}) | {"digest": run.digest}


def file_of(instance: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    """Return what was given and what came out as one file, sealed with its digest."""
    return sealed({"format": FORMAT, "instance": instance, "result": result})


def cities_of(slugs: Iterable[str]) -> dict[str, Organisation]:
    """Return the organisations by slug, with their countries; those that are gone are missing."""
    rows = Organisation.objects.filter(slug__in=set(slugs)).select_related("country")
    return {one.slug: one for one in rows}


# Two side by side --------------------------------------------------------------------


@dataclass(frozen=True)
class Partner:
    """Who a city has in a run: the score of the pair and its terms, under the one weighting."""

    slug: str
    score: int
    terms: Mapping[str, int]


@dataclass(frozen=True)
class Compared:
    """One city of Europe in two runs. `difference` is in points, of what it has in all."""

    slug: str
    before: tuple[Partner, ...]
    after: tuple[Partner, ...]

    @property
    def is_same(self) -> bool:
        """Whether it has the same partners in both."""
        return {one.slug for one in self.before} == {one.slug for one in self.after}

    @property
    def is_gained(self) -> bool:
        """Whether it had nobody before."""
        return not self.before and bool(self.after)

    @property
    def is_lost(self) -> bool:
        """Whether it has nobody any more."""
        return bool(self.before) and not self.after

    @property
    def difference(self) -> int:
        """Return the points that it has more in the second."""
        return sum(one.score for one in self.after) - sum(one.score for one in self.before)


@dataclass(frozen=True)
class Figures:
    """A run in numbers, its scores under the one weighting.

    `worst` is the lowest score of a pair with its city; `wishes` how many cities have a partner
    whom they, or whose country they, had wished for, of those that wished; `shared` the topics that
    a pair shares on average.
    """

    pairs: int
    total: int
    worst: int | None
    worst_city: str
    wishes: int
    wishing: int
    shared: float
    unpaired: int


@dataclass(frozen=True)
class Comparison:
    """Two runs of a call, seen by the weights and cities of the second."""

    one: Run
    other: Run
    before: Figures
    after: Figures
    rows: Sequence[Compared]
    # Whether the two weigh alike and read the same cities: else the first is scored anew.
    is_one_weighting: bool
    # Which rules differ: keys of DECIDED, "locked", "forbidden", "cities".
    differing: Sequence[str] = field(default_factory=list)

    @property
    def changes(self) -> list[Compared]:
        """Return the cities whose partners differ: who gains most first."""
        found = [row for row in self.rows if not row.is_same]
        return sorted(found, key=lambda row: (-row.difference, row.slug))

    @property
    def same(self) -> list[Compared]:
        """Return the cities whose partners are the same, but those without any."""
        return [row for row in self.rows if row.is_same and row.after]


RULES = ("weights", "min_score", "min_pairs", "quotas", "pairs_first", "locked", "forbidden")


def compare(one: Run, other: Run) -> Comparison:
    """Lay two done runs of a call side by side, both scored as the second one scores.

    A pair of the first whose cities are not in the second scores nothing there.
    """
    alike = one.instance["left"] == other.instance["left"]
    alike = alike and one.instance["right"] == other.instance["right"]
    differing = [key for key in RULES if one.instance.get(key) != other.instance.get(key)]
    if not alike:
        differing.append("cities")
    is_one = alike and "weights" not in differing
    after = _partners(other)
    before = _partners(one, None if is_one else _Scores(other, after).partner)
    slugs = {city["id"] for run in (one, other) for city in run.instance["left"]}
    return Comparison(
        one=one,
        other=other,
        before=_figures(one, before),
        after=_figures(other, after),
        rows=[Compared(slug, before.get(slug, ()), after.get(slug, ())) for slug in sorted(slugs)],
        is_one_weighting=is_one,
        differing=differing,
    )


Rescore = Callable[[str, str], Partner]


def _partners(run: Run, rescored: Rescore | None = None) -> dict[str, tuple[Partner, ...]]:
    """Return the partners of each left city; `rescored` says how another run scores a pair."""
    found: dict[str, list[Partner]] = {}
    for pair in (run.result or {})["pairs"]:
        partner = (
            Partner(pair["right"], pair["score"], pair["terms"])
            if rescored is None
            else rescored(pair["left"], pair["right"])
        )
        found.setdefault(pair["left"], []).append(partner)
    return {slug: tuple(partners) for slug, partners in found.items()}


class _Scores:
    """The scores of any pair under what a run was given; those of its own pairs are known."""

    def __init__(self, run: Run, known: Mapping[str, Sequence[Partner]]) -> None:
        self._known = {(left, one.slug): one for left, found in known.items() for one in found}
        instance = read_instance(run.instance)
        self._scorer = Scorer(instance)
        self._left = {city.id: k for k, city in enumerate(instance.left)}
        self._right = {city.id: k for k, city in enumerate(instance.right)}

    def partner(self, left: str, right: str) -> Partner:
        """Return the right city as a partner of the left one; 0 where one of them is not there."""
        if known := self._known.get((left, right)):
            return known
        if left not in self._left or right not in self._right:
            return Partner(right, 0, {})
        i, j = self._left[left], self._right[right]
        score = int(self._scorer.block(i, i + 1)[0, j])
        return Partner(right, score, self._scorer.points(i, j))


def _figures(run: Run, partners: Mapping[str, Sequence[Partner]]) -> Figures:
    left = {city["id"]: city for city in run.instance["left"]}
    right = {city["id"]: city for city in run.instance["right"]}
    pairs = [(slug, one) for slug, found in partners.items() for one in found]
    of_city: dict[str, list[str]] = {}
    for slug, one in pairs:
        of_city.setdefault(slug, []).append(one.slug)
        of_city.setdefault(one.slug, []).append(slug)
    both = left | right
    wishing = [city for city in both.values() if _wishes(city)]
    shared = [
        len({*left[a].get("topics", ())} & {*right[b.slug].get("topics", ())}) for a, b in pairs
    ]
    worst = min(pairs, key=lambda pair: (pair[1].score, pair[0]), default=None)
    return Figures(
        pairs=len(pairs),
        total=sum(one.score for _slug, one in pairs),
        worst=worst[1].score if worst else None,
        worst_city=worst[0] if worst else "",
        wishes=sum(
            any(_is_wished_for(city, both[other]) for other in of_city.get(city["id"], ()))
            for city in wishing
        ),
        wishing=len(wishing),
        shared=sum(shared) / len(shared) if shared else 0.0,
        unpaired=sum(slug not in partners for slug in left),
    )


def figures_of(run: Run) -> Figures:
    """Return a done run in numbers, as it scores itself."""
    return _figures(run, _partners(run))


def _wishes(city: Mapping[str, Any]) -> bool:
    liked = any(city.get("wishes", {}).values())
    return bool(city.get("preferred_countries") or city.get("preferred_partners") or liked)


def _is_wished_for(city: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    # What was said of this very city counts before what an application says.
    said: bool | None = city.get("wishes", {}).get(other["id"])
    if said is not None:
        return said
    return other["id"] in city.get("preferred_partners", ()) or other["country"] in city.get(
        "preferred_countries", ()
    )
