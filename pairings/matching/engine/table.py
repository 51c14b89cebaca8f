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
BLOCK_CELLS = 1_000_000


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
        n, m = self.shape
        if self._kept is not None:
            return self._kept[start:stop]
        if self.scorer is None:
            rows = np.full((stop - start, m), NOT_ALLOWED, dtype=np.int16)
            for k, (columns, values) in enumerate(self._listed[start:stop]):
                rows[k, columns] = values
            return rows
        if n * m > KEEP_PAIRS or stop - start < min(n, self.block):
            return self.scorer.block(start, stop)
        kept = np.empty((n, m), dtype=np.int16)
        for first in range(0, n, self.block):
            last = min(n, first + self.block)
            kept[first:last] = self.scorer.block(first, last)
            if self.progress is not None:
                self.progress("Scoring", last / n)
        self._kept = kept
        return kept[start:stop]

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


def candidates(table: ScoreTable, *, per_row: int, per_column: int) -> Pairs:
    """Return the best pairs of every row and of every column; ties go to the lower index.

    One pass over the table. The choice depends on the scores alone, not on the block size:
    keys of a column are made unique by the row, and a row is always whole.
    """
    n, m = table.shape
    keep_row, keep_column = min(per_row, m), min(per_column, n)
    lefts, rights = [], []
    # Half the memory, and faster, while the keys fit.
    whole: Any = np.int32 if (MAX_SCORE + 1) * max(n, m) < np.iinfo(np.int32).max else np.int64
    best = np.full((keep_column, m), -1, dtype=whole)
    ranks = np.arange(m - 1, -1, -1, dtype=whole)
    for start, rows in table.blocks("Choosing candidates"):
        wide = rows.astype(whole)
        key = wide * m + ranks
        chosen = np.argpartition(key, m - keep_row, axis=1)[:, m - keep_row :]
        ok = np.take_along_axis(rows, chosen, 1) >= 0
        lefts.append((np.nonzero(ok)[0] + start).astype(np.int64))
        rights.append(chosen[ok].astype(np.int64))
        key = wide * n
        key += np.arange(n - 1 - start, n - 1 - start - len(rows), -1, dtype=whole)[:, None]
        key[rows < 0] = -1
        both = np.concatenate([best, key])
        best = np.partition(both, len(both) - keep_column, axis=0)[len(both) - keep_column :]
    where = best >= 0
    rights.append(np.broadcast_to(np.arange(m), best.shape)[where].astype(np.int64))
    lefts.append((n - 1 - best[where] % n).astype(np.int64))
    left, right = np.concatenate(lefts), np.concatenate(rights)
    _, first = np.unique(left * m + right, return_index=True)
    return _with_scores(table, left[first], right[first])


def all_pairs(table: ScoreTable) -> Pairs:
    """Return every allowed pair."""
    lefts, rights, scores = [], [], []
    for start, rows in table.blocks():
        i, j = np.nonzero(rows >= 0)
        lefts.append(i + start)
        rights.append(j)
        scores.append(rows[i, j])
    return Pairs(_joined(lefts), _joined(rights), _joined(scores))


def _with_scores(table: ScoreTable, left: IntArray, right: IntArray) -> Pairs:
    """Attach scores to pairs sorted by left."""
    score = np.empty(len(left), dtype=np.int64)
    bounds = np.searchsorted(left, np.arange(0, table.shape[0] + table.block, table.block))
    for k, start in enumerate(range(0, table.shape[0], table.block)):
        part = slice(bounds[k], bounds[k + 1])
        rows = table.plain(start, min(table.shape[0], start + table.block))
        score[part] = rows[left[part] - start, right[part]]
    return Pairs(left, right, score)


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
