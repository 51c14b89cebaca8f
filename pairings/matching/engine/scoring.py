"""How well two cities fit: seven criteria, each 0…1, weighed to a whole number 0…10,000.

Determinism. Overlaps are counted by matrix products of small whole numbers, which float32
holds exactly; all else is element-wise IEEE arithmetic. So a score depends on its two
cities alone, never on the size or order of the blocks it was computed in.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pairings.matching.engine.instance import City, Instance
from pairings.matching.engine.weights import MAX_SCORE, TERMS

Float32 = npt.NDArray[np.float32]
Scores = npt.NDArray[np.int16]

NOT_ALLOWED = -1
# A tenfold difference in population scores nothing.
SIZE_SPAN = math.log(10)
# Rarity weights are whole numbers, so that sums of them are exact.
RARITY_STEPS = 100


@dataclass(frozen=True)
class Side:
    """The cities of one side as arrays; rows are cities."""

    topics: Float32
    needs: Float32
    offers: Float32
    languages: Float32
    tags: Float32
    # 1 where the city accepts a country of the other side, columns are countries.
    accepts: Float32
    country: Float32
    log_population: Float32
    has_population: Float32
    # 1 where the city names a city of the other side, as (row, other index).
    earlier: tuple[tuple[int, int], ...]


class Scorer:
    """Computes scores and their terms for an instance, block by block.

    The weighting by rarity follows inverse document frequency (Spärck Jones, "A
    statistical interpretation of term specificity", J. Documentation 28, 1972): a topic
    that many cities name says little about any two of them.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        total = sum(instance.weights.values())
        self.weights = [instance.weights[term] / total for term in TERMS]
        cities = [*instance.left, *instance.right]
        self._rarity = rarity_weights(cities)
        self._topics = _columns(c.topics | c.needs | c.offers for c in cities)
        self._languages = _columns(c.languages for c in cities)
        self._tags = _columns(c.tags for c in cities)

    @cached_property
    def left(self) -> Side:
        """The left side as arrays."""
        return self._side(self.instance.left, self.instance.right)

    @cached_property
    def right(self) -> Side:
        """The right side as arrays."""
        return self._side(self.instance.right, self.instance.left)

    @cached_property
    def topic_weights(self) -> Float32:
        """Rarity of each topic column, whole numbers as float32."""
        return np.array([self._rarity[t] for t in self._topics], dtype=np.float32)

    def _side(self, cities: tuple[City, ...], others: tuple[City, ...]) -> Side:
        countries = {c: k for k, c in enumerate(sorted({city.country for city in others}))}
        own = {c: k for k, c in enumerate(sorted({city.country for city in cities}))}
        at = {city.id: k for k, city in enumerate(others)}
        accepts = np.ones((len(cities), len(countries)), dtype=np.float32)
        country = np.zeros((len(cities), len(own)), dtype=np.float32)
        for i, city in enumerate(cities):
            country[i, own[city.country]] = 1
            if city.preferred_countries:
                accepts[i] = [name in city.preferred_countries for name in countries]
        known = np.array([city.population is not None for city in cities], dtype=np.float32)
        logs = [math.log(city.population) if city.population else 0.0 for city in cities]
        return Side(
            topics=_matrix([c.topics for c in cities], self._topics),
            needs=_matrix([c.needs for c in cities], self._topics),
            offers=_matrix([c.offers for c in cities], self._topics),
            languages=_matrix([c.languages for c in cities], self._languages),
            tags=_matrix([c.tags for c in cities], self._tags),
            accepts=accepts,
            country=country,
            log_population=np.array(logs, dtype=np.float32),
            has_population=known,
            earlier=tuple(
                (i, at[name])
                for i, city in enumerate(cities)
                for name in sorted(city.earlier_partners)
                if name in at
            ),
        )

    @cached_property
    def _earlier(self) -> npt.NDArray[np.int64]:
        """Index pairs (left, right) that worked together before, shape (k, 2)."""
        pairs = set(self.left.earlier) | {(i, j) for j, i in self.right.earlier}
        return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)

    def terms(self, start: int, stop: int, columns: slice = slice(None)) -> Iterator[Float32]:
        """Yield the seven terms of the rows start…stop, each (rows, columns) in 0…1."""
        a, b, w = self.left, self.right, self.topic_weights
        rows = slice(start, stop)
        yield _overlap(a.topics[rows] * w, b.topics[columns], _sums(b.topics[columns] * w))
        yield self._complementarity(rows, columns)
        yield self._size(rows, columns)
        shared = a.languages[rows] @ b.languages[columns].T
        yield np.minimum(shared, 1, out=shared)
        wishes = a.accepts[rows] @ b.country[columns].T
        wishes += a.country[rows] @ b.accepts[columns].T
        wishes *= np.float32(0.5)
        yield wishes
        yield _overlap(a.tags[rows], b.tags[columns], _sums(b.tags[columns]))
        yield self._history(start, stop, columns)

    def _complementarity(self, rows: slice, columns: slice) -> Float32:
        """Return what each offers of the other's needs; the mean of the directions stated."""
        a, b, w = self.left, self.right, self.topic_weights
        left_need, right_need = _sums(a.needs[rows] * w), _sums(b.needs[columns] * w)
        left_states, right_states = np.minimum(left_need, 1), np.minimum(right_need, 1)
        helped = (a.needs[rows] * w) @ b.offers[columns].T
        helped /= np.maximum(left_need, 1)[:, None]
        helps = a.offers[rows] @ (b.needs[columns] * w).T
        helps /= np.maximum(right_need, 1)[None, :]
        helped += helps
        # One direction stated: it counts alone. Both: their mean.
        helped /= np.maximum(left_states[:, None] + right_states[None, :], 1)
        return helped.astype(np.float32, copy=False)

    def _size(self, rows: slice, columns: slice) -> Float32:
        """Return 1 for equal populations, 0 from tenfold on or where one is unknown."""
        a, b = self.left, self.right
        term = a.log_population[rows, None] - b.log_population[None, columns]
        np.abs(term, out=term)
        term *= np.float32(-1 / SIZE_SPAN)
        term += np.float32(1)
        np.maximum(term, 0, out=term)
        term *= a.has_population[rows, None]
        term *= b.has_population[None, columns]
        return term

    def _history(self, start: int, stop: int, columns: slice) -> Float32:
        term = np.zeros((stop - start, len(self.right.country[columns])), dtype=np.float32)
        first = columns.start or 0
        for i, j in self._earlier:
            if start <= i < stop and 0 <= j - first < term.shape[1]:
                term[i - start, j - first] = 1
        return term

    def block(self, start: int, stop: int) -> Scores:
        """Return the scores of rows start…stop with every right city, int16 in 0…10,000."""
        total: Float32 | None = None
        for weight, term in zip(self.weights, self.terms(start, stop), strict=True):
            if weight == 0:
                continue
            points = np.multiply(term, np.float32(weight * MAX_SCORE), out=term)
            if total is None:
                total = points
            else:
                total += points
        assert total is not None  # noqa: S101 - read_instance refuses weights of zero
        np.rint(total, out=total)
        np.clip(total, 0, MAX_SCORE, out=total)
        return total.astype(np.int16)

    def points(self, i: int, j: int) -> dict[str, int]:
        """Return what each term gives to a pair, in points, each rounded."""
        values = self.terms(i, i + 1, slice(j, j + 1))
        return {
            term: round(float(value[0, 0]) * weight * MAX_SCORE)
            for term, weight, value in zip(TERMS, self.weights, values, strict=True)
        }

    def sentence(self, i: int, j: int) -> str:
        """Explain a score: what adds most, what is missing."""
        left, right = self.instance.left[i], self.instance.right[j]
        points = self.points(i, j)
        shared = sorted(left.topics & right.topics, key=lambda t: (-self._rarity[t], t))
        words = {
            "themes": "they share " + ", ".join(shared[:3]),
            "needs_offers": "one offers what the other needs",
            "size": "they are of like size",
            "languages": "they share " + ", ".join(sorted(left.languages & right.languages)),
            "preferences": "each is from a country the other accepts"
            if points["preferences"] >= round(self.weights[TERMS.index("preferences")] * MAX_SCORE)
            else "one is from a country the other accepts",
            "setting": "both are " + ", ".join(sorted(left.tags & right.tags)),
            "history": "they worked together before",
        }
        given = sorted((t for t in TERMS if points[t] > 0), key=lambda t: (-points[t], t))
        if not given:
            return f"{left.id} and {right.id} have nothing in common that a weight counts."
        parts = "; ".join(f"{words[t]} ({points[t]:,})" for t in given)
        return f"{left.id} and {right.id}: {parts}."


def rarity_weights(cities: list[City]) -> dict[str, int]:
    """Return a whole-number weight per topic: the rarer, the heavier; at least 1.

    round(100 · ln(1 + N / n_t)) with N cities, n_t of which name the topic in any list.
    """
    counts = Counter(topic for c in cities for topic in c.topics | c.needs | c.offers)
    return {
        topic: max(1, round(RARITY_STEPS * math.log(1 + len(cities) / count)))
        for topic, count in counts.items()
    }


def _columns(sets: Iterable[frozenset[str]]) -> list[str]:
    return sorted(set().union(*sets))


def _matrix(sets: list[frozenset[str]], columns: list[str]) -> Float32:
    at = {name: k for k, name in enumerate(columns)}
    matrix = np.zeros((len(sets), len(columns)), dtype=np.float32)
    for i, names in enumerate(sets):
        matrix[i, [at[name] for name in names]] = 1
    return matrix


def _sums(matrix: Float32) -> Float32:
    # float64 sums of whole numbers are exact in any order.
    return matrix.sum(axis=1, dtype=np.float64).astype(np.float32)


def _overlap(rows: Float32, columns: Float32, column_sums: Float32) -> Float32:
    """Return shared weight over united weight (weighted Jaccard), 0 where neither states any."""
    shared = rows @ columns.T
    union = _sums(rows)[:, None] + column_sums[None, :]
    union -= shared
    np.maximum(union, 1, out=union)
    shared /= union
    return shared
