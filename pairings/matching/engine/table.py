"""The scores of all pairs, block by block, with what is not allowed taken out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pairings.matching.engine.instance import Instance, IntArray
from pairings.matching.engine.scoring import NOT_ALLOWED, Scorer, Scores
from pairings.matching.engine.weights import MAX_SCORE

Progress = Callable[[str, float], None]

# Up to this many pairs the whole matrix is kept (int16: 2 bytes a pair).
KEEP_PAIRS = 120_000_000
# Scores computed at a time: large enough to be fast, small enough to stay in memory.
BLOCK_CELLS = 150_000
# Rows looked at to estimate what a column fetches, and the share of them that may fetch more.
SAMPLE, FEW = 200, 0.04
_COLUMNS = ("left", "right", "score")


@dataclass(frozen=True)
class Pairs:
    """Pairs as parallel arrays: left and right index, score; sorted by left, then right."""

    left: IntArray
    right: IntArray
    score: IntArray

    def __len__(self) -> int:
        return len(self.left)

    def keys(self, columns: int) -> IntArray:
        """Return one number a pair; rising, as the pairs are sorted."""
        return self.left * columns + self.right

    def at(self, where: npt.NDArray[Any]) -> "Pairs":
        """Return the pairs at some positions, or where a mask holds."""
        return Pairs(self.left[where], self.right[where], self.score[where])

    def union(self, other: "Pairs", columns: int) -> "Pairs":
        """Return the pairs of both, each once; `columns` is the size of the right side."""
        both = Pairs(
            np.concatenate([self.left, other.left]),
            np.concatenate([self.right, other.right]),
            np.concatenate([self.score, other.score]),
        )
        _, first = np.unique(both.keys(columns), return_index=True)
        return both.at(first)


class _Plain:
    """The scores before any rule: computed once and kept while they fit."""

    def __init__(self, instance: Instance, block: int | None, progress: Progress | None) -> None:
        self.shape = (len(instance.left), len(instance.right))
        self.block = block or max(1, BLOCK_CELLS // self.shape[1])
        self.progress = progress
        self.instance = instance
        self._kept: Scores | None = None
        self.known: Pairs | None = None
        self._listed: list[tuple[IntArray, Scores]] = []
        if instance.scores is not None:
            self._listed = _rows_of(instance.scores, self.shape[0])

    @cached_property
    def scorer(self) -> Scorer | None:
        """What computes the scores; None where the input gives them."""
        return Scorer(self.instance) if self.instance.scores is None else None

    def rows(self, start: int, stop: int) -> Scores:
        """Return the scores of rows start…stop; few rows do not make it compute all."""
        if stop - start >= min(self.shape[0], self.block):
            self.keep()
        if self._kept is not None:
            return self._kept[start:stop]
        if self.scorer is not None:
            return self.scorer.block(start, stop)
        rows = np.full((stop - start, self.shape[1]), NOT_ALLOWED, dtype=np.int16)
        for k, (columns, values) in enumerate(self._listed[start:stop]):
            rows[k, columns] = values
        return rows

    def keep(self) -> None:
        """Compute all scores, where they are computed and fit."""
        n, m = self.shape
        if self._kept is not None or self.scorer is None or n * m > KEEP_PAIRS:
            return
        kept = np.empty((n, m), dtype=np.int16)
        for first in range(0, n, self.block):
            last = min(n, first + self.block)
            kept[first:last] = self.scorer.block(first, last)
            if self.progress is not None:
                self.progress("Scoring", last / n)
        self._kept = kept

    @cached_property
    def _known_keys(self) -> IntArray:
        assert self.known is not None  # noqa: S101 - asked only where it is
        return self.known.keys(self.shape[1])

    def cell(self, i: int, j: int) -> int:
        """Return one score."""
        if self.known is not None:
            key = i * self.shape[1] + j
            at = np.searchsorted(self._known_keys, key)
            if at < len(self._known_keys) and self._known_keys[at] == key:
                return int(self.known.score[at])
        if self._kept is None and self.scorer is not None:
            return int(self.scorer.block(i, i + 1, slice(j, j + 1))[0, 0])
        return int(self.rows(i, i + 1)[0, j])


class ScoreTable:
    """Scores of an instance, shape (n, m), int16; -1 where a pair is not allowed.

    The plain scores are kept; bans, locks and the minimum score are laid over each block. A
    table does not change: `under` lays other rules over the same scores.
    """

    def __init__(
        self,
        instance: Instance,
        *,
        block: int | None = None,
        progress: Progress | None = None,
        plain: _Plain | None = None,
    ) -> None:
        self._plain = plain or _Plain(instance, block, progress)
        self.min_score = instance.min_score
        self.out = instance.forbidden | instance.locked
        self._out: dict[int, list[int]] = {}
        for i, j in self.out:
            self._out.setdefault(i, []).append(j)

    def under(self, instance: Instance) -> "ScoreTable":
        """Return the same scores under the rules of an instance of the same cities."""
        return ScoreTable(instance, plain=self._plain)

    @property
    def shape(self) -> tuple[int, int]:
        """Number of left and of right cities."""
        return self._plain.shape

    @property
    def block(self) -> int:
        """Rows at a time."""
        return self._plain.block

    @property
    def scorer(self) -> Scorer | None:
        """What computes the scores; None where the input gives them."""
        return self._plain.scorer

    def plain(self, start: int, stop: int) -> Scores:
        """Return the scores of rows start…stop before any rule."""
        return self._plain.rows(start, stop)

    def keep(self) -> None:
        """Compute all scores now, where they fit."""
        self._plain.keep()

    def remember(self, pairs: Pairs) -> None:
        """Take the plain scores of some pairs from elsewhere; once, before the first question."""
        self._plain.known = pairs

    def score_of(self, i: int, j: int) -> int:
        """Return the plain score of one pair; -1 where the input lists none."""
        return self._plain.cell(i, j)

    def blocks(self, title: str = "") -> Iterator[tuple[int, Scores]]:
        """Yield (first row, scores with -1 for what is not allowed) over all rows."""
        n = self.shape[0]
        for start in range(0, n, self.block):
            stop = min(n, start + self.block)
            yield start, self.allowed(start, stop)
            if title:
                self.report(title, stop / n)

    def allowed(self, start: int, stop: int) -> Scores:
        """Return rows start…stop with -1 for what is not allowed; a copy."""
        rows = self.plain(start, stop).copy()
        if self.min_score > 0:
            rows[rows < self.min_score] = NOT_ALLOWED
        for i in self._out.keys() & set(range(start, stop)):
            rows[i - start, self._out[i]] = NOT_ALLOWED
        return rows

    def keeps(self, pairs: Pairs) -> Pairs:
        """Return those of the pairs, given with their plain scores, that are allowed."""
        keep = pairs.score >= max(0, self.min_score)
        if self.out:
            m = self.shape[1]
            out = np.array(sorted(i * m + j for i, j in self.out))
            keep &= ~among(pairs.keys(m), out)
        return pairs if keep.all() else pairs.at(keep)

    def report(self, title: str, share: float) -> None:
        """Tell how far a step is, 0…1."""
        if self._plain.progress is not None:
            self._plain.progress(title, share)


def among(keys: IntArray, some: IntArray) -> npt.NDArray[np.bool_]:
    """Return which of the keys are among some that are sorted."""
    if not len(some):
        return np.zeros(len(keys), dtype=bool)
    at = np.minimum(np.searchsorted(some, keys), len(some) - 1)
    return np.asarray(some[at] == keys)


def candidates(table: ScoreTable, *, per_row: int) -> Pairs:
    """Return of every row the pairs that lie highest above what their columns fetch elsewhere.

    What a column fetches is estimated from a sample of rows; ties go to the lower index. The
    choice depends on the scores alone, not on the block size.
    """
    m = table.shape[1]
    keep = min(per_row, m)
    fetched = _fetched(table)
    # Half the memory, and faster, while the keys fit.
    whole: Any = np.int32 if 2 * (MAX_SCORE + 1) * m < np.iinfo(np.int32).max else np.int64
    offset = ((MAX_SCORE - fetched) * m + np.arange(m - 1, -1, -1)).astype(whole)
    parts = []
    for start, rows in table.blocks("Choosing candidates"):
        key = rows * whole(m) + offset
        key[rows < 0] = -1
        least = np.partition(key, m - keep, axis=1)[:, m - keep]
        i, j = np.divmod(np.flatnonzero(key >= np.maximum(least, 0)[:, None]), m)
        parts.append(Pairs(i + start, j, rows[i, j].astype(np.int64)))
    return Pairs(*(np.concatenate([getattr(p, name) for p in parts]) for name in _COLUMNS))


def _fetched(table: ScoreTable) -> IntArray:
    """Return a score that few others reach, for every column: one in FEW of some rows."""
    table.keep()
    n = table.shape[0]
    step = max(1, n // SAMPLE)
    rows = np.concatenate([table.allowed(i, i + 1) for i in range(0, n, step)])
    few = max(0, len(rows) - max(1, round(len(rows) * FEW)))
    return np.maximum(np.partition(rows, few, axis=0)[few], 0).astype(np.int64)


def all_pairs(table: ScoreTable) -> Pairs:
    """Return every allowed pair."""
    lefts, rights, scores = [], [], []
    for start, rows in table.blocks():
        i, j = np.nonzero(rows >= 0)
        lefts.append(i + start)
        rights.append(j)
        scores.append(rows[i, j])
    return Pairs(_joined(lefts), _joined(rights), _joined(scores))


def _joined(parts: Sequence[npt.NDArray[Any]]) -> IntArray:
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)


def _rows_of(scores: dict[tuple[int, int], int], n: int) -> list[tuple[IntArray, Scores]]:
    rows: list[list[tuple[int, int]]] = [[] for _ in range(n)]
    for (i, j), score in scores.items():
        rows[i].append((j, score))
    return [
        (
            np.array([j for j, _ in row], dtype=np.int64),
            np.array([score for _, score in row], dtype=np.int16),
        )
        for row in rows
    ]
