"""Solving an instance: what is kept of it."""

from dataclasses import dataclass
from time import monotonic
from typing import Any

from pairings.matching.engine import Instance, MatchingInputError, Session, read_instance
from pairings.matching.engine.output import as_json
from pairings.matching.engine.table import Progress
from pairings.matching.states import SMALL

# Above this many left cities only those that staff will ask about get their alternatives.
ALL_ALTERNATIVES = 3_000
FEW_ALTERNATIVES = 100
# Of a large call, so many before the run is kept; the others are asked when somebody looks.
FIRST_ALTERNATIVES = 25


@dataclass(frozen=True)
class Solved:
    """The result as JSON, what asking and solving again needs, and the seconds that it took."""

    result: dict[str, Any]
    potentials: dict[str, Any]
    seconds: float


@dataclass(frozen=True)
class Former:
    """A run that is solved: what it was given, and its potentials."""

    instance: dict[str, Any]
    potentials: dict[str, Any]


def solve(
    instance: Instance, former: Former | None = None, progress: Progress | None = None
) -> Solved:
    """Solve with proof; tell how far it is.

    From a former one of the same cities and weights it goes on, which is much quicker.
    """
    began = monotonic()
    session = _from(instance, former, progress)
    session.solve()
    ids = asked(session, "few" if is_large(instance) else "all", FIRST_ALTERNATIVES)
    result = as_json(session, ids)
    return Solved(result, session.potentials(), monotonic() - began)


def is_large(instance: Instance) -> bool:
    """Tell whether nobody should wait for the first solution of it."""
    return max(len(instance.left), len(instance.right)) > SMALL


def is_quick(instance: Instance, former: Former | None) -> bool:
    """Tell whether it is solved at once however large: from one of the same cities and weights."""
    if former is None or not former.potentials or instance.needs_milp:
        return False
    return _has_same_scores(instance, read_instance(former.instance))


def _has_same_scores(instance: Instance, before: Instance) -> bool:
    same_cities = (before.left, before.right) == (instance.left, instance.right)
    return same_cities and before.weights == instance.weights


def _from(instance: Instance, former: Former | None, progress: Progress | None) -> Session:
    if former is not None:
        before = read_instance(former.instance)
        if _has_same_scores(instance, before):
            try:
                session = Session.restore(before, former.potentials, progress=progress)
            except MatchingInputError:
                # Stored by another version of the engine.
                return Session(instance, progress=progress)
            session.use(instance)
            return session
    return Session(instance, progress=progress)


def asked(session: Session, which: str, few: int = FEW_ALTERNATIVES) -> list[str]:
    """Return the left cities whose alternatives are worked out: "all", "few", "none" or "auto"."""
    ids = [city.id for city in session.instance.left]
    if which == "all" or (which == "auto" and len(ids) <= ALL_ALTERNATIVES):
        return ids
    if which == "none":
        return []
    solution = session.solve()
    worst = [pair.left for pair in solution.worst_off("left", few)]
    return sorted({*worst, *(city.id for city in solution.unmatched_left[:few])})
