"""Solving an instance: what is kept of it."""

from dataclasses import dataclass
from time import monotonic
from typing import Any

from pairings.matching.engine import Instance, MatchingInputError, Session, read_instance
from pairings.matching.engine.output import as_json
from pairings.matching.engine.table import Progress

# Above this many left cities only those that staff will ask about get their alternatives.
ALL_ALTERNATIVES = 3_000
FEW_ALTERNATIVES = 100


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
    result = as_json(session, asked(session, "auto"))
    return Solved(result, session.potentials(), monotonic() - began)


def _from(instance: Instance, former: Former | None, progress: Progress | None) -> Session:
    if former is not None:
        before = read_instance(former.instance)
        same_cities = (before.left, before.right) == (instance.left, instance.right)
        if same_cities and before.weights == instance.weights:
            try:
                session = Session.restore(before, former.potentials, progress=progress)
            except MatchingInputError:
                # Stored by another version of the engine.
                return Session(instance, progress=progress)
            session.use(instance)
            return session
    return Session(instance, progress=progress)


def asked(session: Session, which: str) -> list[str]:
    """Return the left cities whose alternatives are worked out: "all", "few", "none" or "auto"."""
    ids = [city.id for city in session.instance.left]
    if which == "all" or (which == "auto" and len(ids) <= ALL_ALTERNATIVES):
        return ids
    if which == "none":
        return []
    solution = session.solve()
    worst = [pair.left for pair in solution.worst_off("left", FEW_ALTERNATIVES)]
    return sorted({*worst, *(city.id for city in solution.unmatched_left[:FEW_ALTERNATIVES])})
