"""Where a line goes through a ranking: pure, from totals alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Generic, Protocol, TypeVar

from applications.assessment.states import PendingOutcome


class Ranked(Protocol):
    """What is ranked: its total (0 to 100, None without one) and whether that is settled."""

    @property
    def total(self) -> Decimal | None:
        """The total, None while nobody has handed in."""

    @property
    def is_complete(self) -> bool:
        """Whether all scores are in."""

    @property
    def needs_consensus(self) -> bool:
        """Whether its assessors have to talk first."""


R = TypeVar("R", bound=Ranked)


@dataclass(frozen=True)
class Line:
    """From which total on an application is accepted, or reserved, and for how many at most."""

    threshold: Decimal | None = None
    reserve: Decimal | None = None
    places: int | None = None

    @property
    def is_drawn(self) -> bool:
        """Whether it accepts anything at all."""
        return self.threshold is not None or self.places is not None


@dataclass(frozen=True)
class Placed(Generic[R]):
    """One row of the ranking: its rank, shared in a tie, and what the line makes of it."""

    result: R
    rank: int | None
    is_tied: bool
    by_line: PendingOutcome | None


def place(results: Sequence[R], line: Line) -> list[Placed[R]]:
    """Return the results, the best first, each with its rank and what the line makes of it.

    What is not settled is held and takes no place. So is a tie of which only a part would find
    a place: a human decides between equals, and nobody below them is accepted before.
    """
    scored = [one for one in results if one.total is not None]
    unscored = [one for one in results if one.total is None]
    ordered = sorted(scored, key=_descending)
    return [
        *_with_ranks(ordered, line),
        *(Placed(one, None, is_tied=False, by_line=_unsettled(line)) for one in unscored),
    ]


def _descending(one: Ranked) -> Decimal:
    return -(one.total or Decimal(0))


def _unsettled(line: Line) -> PendingOutcome | None:
    return PendingOutcome.HELD if line.is_drawn else None


def _with_ranks(ordered: Sequence[R], line: Line) -> Iterator[Placed[R]]:
    rank, accepted, is_full = 1, 0, not line.is_drawn
    for _total, group in groupby(ordered, key=_descending):
        equals = list(group)
        settled = [one for one in equals if one.is_complete and not one.needs_consensus]
        outcome = None
        if line.is_drawn:
            outcome, is_full = _outcome(equals[0].total, len(settled), accepted, line, is_full)
        accepted += len(settled) if outcome == PendingOutcome.ACCEPT else 0
        for one in equals:
            made = outcome if one in settled else _unsettled(line)
            yield Placed(one, rank, is_tied=len(equals) > 1, by_line=made)
        rank += len(equals)


def _outcome(
    total: Decimal | None, number: int, accepted: int, line: Line, is_full: bool
) -> tuple[PendingOutcome, bool]:
    """Return what becomes of equals, and whether nothing below them is accepted."""
    points = total or Decimal(0)
    is_above = line.threshold is None or points >= line.threshold
    if is_above and not is_full:
        free = None if line.places is None else line.places - accepted
        if free is None or number <= free:
            return PendingOutcome.ACCEPT, False
        if free > 0:
            return PendingOutcome.HELD, True
    if line.reserve is not None and points >= line.reserve:
        return PendingOutcome.RESERVE, True
    return PendingOutcome.REJECT, True


def numbers(placed: Iterable[Placed[R]]) -> dict[PendingOutcome, int]:
    """Return how many the line would accept, reserve, reject and hold."""
    found = dict.fromkeys(PendingOutcome, 0)
    for one in placed:
        if one.by_line is not None:
            found[one.by_line] += 1
    return found
