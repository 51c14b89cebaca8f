"""Solving an instance: what is kept of it."""

from dataclasses import dataclass
from time import monotonic
from typing import Any

from pairings.matching.engine import Instance, Session
from pairings.matching.engine.output import as_json
from pairings.matching.engine.table import Progress

# Above this many left cities only those that staff will ask about get their alternatives.
ALL_ALTERNATIVES = 3_000
FEW_ALTERNATIVES = 100


@dataclass(frozen=True)
class Solved:
    """The result as JSON, what solving again needs, and the seconds that it took."""

    result: dict[str, Any]
    potentials: dict[str, Any]
    seconds: float


def solve(instance: Instance, progress: Progress | None = None) -> Solved:
    """Solve with proof; tell how far it is."""
    began = monotonic()
    session = Session(instance, progress=progress)
    session.solve()
    result = as_json(session, asked(session, "auto"))
    return Solved(result, {}, monotonic() - began)


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
