"""How well two cities fit: eight criteria, each 0…1, weighed to a whole number 0…10,000.

Determinism. Overlaps are counted by matrix products of small whole numbers, which float32
holds exactly; all else is element-wise IEEE arithmetic. So a score depends on its two
cities alone, never on the size or order of the blocks it was computed in.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pairings.matching.engine.instance import LARGEST_CITY, City, Instance
from pairings.matching.engine.weights import MAX_SCORE, TERMS

Float32 = npt.NDArray[np.float32]
Scores = npt.NDArray[np.int16]
# Few cells, by row: (column, value).
Listed = dict[int, list[tuple[int, float]]]

NOT_ALLOWED = -1
# A tenfold difference in population scores nothing.
SIZE_SPAN = math.log(10)
# Rarity weights are whole numbers, so that sums of them are exact.
RARITY_STEPS = 100
# Cells computed at a time: what is computed with stays in the processor's own memory.
AT_A_TIME = 200_000


@dataclass(frozen=True)
class Side:
    """The cities of one side as arrays; rows are cities."""

    topics: "Weighed"
    # 1 to 3 where the city needs a topic.
    needs: "Weighed"
    offers: Float32
    languages: Float32
    tags: "Weighed"
    wishes: "Wishes"
    # 1 in the column of the city's own country, and of its own kind.
    country: Float32
    kind: Float32
    population: Float32
    log_population: Float32
    has_population: Float32
    # 1 where the city names a city of the other side, as (row, other index).
    earlier: tuple[tuple[int, int], ...]
    # What the city says of a city of the other side, by (row, other index).
    said: dict[tuple[int, int], bool]


@dataclass(frozen=True)
class Weighed:
    """What cities name, what each of it weighs, and the sum of that for each city."""

    names: Float32
    weights: Float32
    sums: Float32

    @classmethod
    def of(cls, names: Float32, weight: Float32 | float = 1) -> "Weighed":
        """Weigh a matrix by its columns."""
        weights = names * np.float32(weight)
        # float64 sums of whole numbers are exact in any order.
        return cls(names, weights, weights.sum(axis=1, dtype=np.float64).astype(np.float32))


@dataclass(frozen=True)
class Wishes:
    """What the cities of a side wish for in the other; rows are cities.

    `stated` counts the wishes of each; who states none is content with anybody.
    """

    stated: Float32
    # 1 where the city wishes for a country, or a kind, of the other side.
    countries: Float32
    kinds: Float32
    # 1 where a number of inhabitants is wished for, and its bounds.
    by_size: Float32
    smallest: Float32
    largest: Float32
    # 1 at the partners named.
    named: Listed

    def met(self, others: "Side", rows: slice, columns: slice) -> Float32:
        """Return the share of the wishes of these cities that each of the others meets."""
        found: Float32 = self.countries[rows] @ others.country[columns].T
        if self.kinds.any():
            found += self.kinds[rows] @ others.kind[columns].T
        if self.by_size.any():
            size = others.population[None, columns]
            inside = (size >= self.smallest[rows, None]) & (size <= self.largest[rows, None])
            inside &= others.has_population[None, columns] > 0
            found += self.by_size[rows, None] * inside
        _put(self.named, found, rows, columns)
        stated = self.stated[rows]
        found += (stated == 0)[:, None]
        found /= np.maximum(stated, 1)[:, None]
        return found


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
        self._kinds = _columns(frozenset({c.kind}) | c.preferred_kinds for c in cities)

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
        own = sorted({city.country for city in cities})
        at = {city.id: k for k, city in enumerate(others)}
        known = np.array([city.population is not None for city in cities], dtype=np.float32)
        logs = [math.log(city.population) if city.population else 0.0 for city in cities]
        return Side(
            topics=Weighed.of(
                _matrix([c.topics for c in cities], self._topics), self.topic_weights
            ),
            needs=Weighed.of(self._needs(cities), self.topic_weights),
            offers=_matrix([c.offers for c in cities], self._topics),
            languages=_matrix([c.languages for c in cities], self._languages),
            tags=Weighed.of(_matrix([c.tags for c in cities], self._tags)),
            wishes=self._wishes(cities, others),
            country=_matrix([frozenset({c.country}) for c in cities], own),
            kind=_matrix([frozenset({c.kind}) for c in cities], self._kinds),
            population=np.array([c.population or 0 for c in cities], dtype=np.float32),
            log_population=np.array(logs, dtype=np.float32),
            has_population=known,
            earlier=tuple(
                (i, at[name])
                for i, city in enumerate(cities)
                for name in sorted(city.earlier_partners)
                if name in at
            ),
            said={
                (i, at[name]): would
                for i, city in enumerate(cities)
                for name, would in city.wishes.items()
                if name in at
            },
        )

    def _needs(self, cities: tuple[City, ...]) -> Float32:
        needs = _matrix([c.needs for c in cities], self._topics)
        for i, city in enumerate(cities):
            for topic, weight in city.need_weights.items():
                needs[i, self._topics.index(topic)] = weight
        return needs

    def _wishes(self, cities: tuple[City, ...], others: tuple[City, ...]) -> Wishes:
        countries = sorted({city.country for city in others})
        at = {city.id: k for k, city in enumerate(others)}
        by_size = [any(bound is not None for bound in c.preferred_population) for c in cities]
        stated = [
            sum(map(bool, (c.preferred_countries, c.preferred_kinds, c.preferred_partners, sized)))
            for c, sized in zip(cities, by_size, strict=True)
        ]
        smallest = [c.preferred_population[0] or 0 for c in cities]
        largest = [c.preferred_population[1] or LARGEST_CITY for c in cities]
        return Wishes(
            stated=np.array(stated, dtype=np.float32),
            countries=_matrix([c.preferred_countries & set(countries) for c in cities], countries),
            kinds=_matrix([c.preferred_kinds for c in cities], self._kinds),
            by_size=np.array(by_size, dtype=np.float32),
            smallest=np.array(smallest, dtype=np.float32),
            largest=np.array(largest, dtype=np.float32),
            named={
                i: [(at[name], 1.0) for name in sorted(city.preferred_partners) if name in at]
                for i, city in enumerate(cities)
                if city.preferred_partners
            },
        )

    @cached_property
    def _earlier(self) -> Listed:
        """1 where two cities worked together before."""
        pairs = set(self.left.earlier) | {(i, j) for j, i in self.right.earlier}
        return _by_row(dict.fromkeys(pairs, 1.0))

    @cached_property
    def _mutual(self) -> Listed:
        """1 where both would like each other, a half where one would and the other is silent."""
        left = self.left.said
        right = {(i, j): would for (j, i), would in self.right.said.items()}
        values = {}
        for pair in {*left, *right}:
            said = [side[pair] for side in (left, right) if pair in side]
            if all(said):
                values[pair] = len(said) / 2
        return _by_row(values)

    def terms(self, start: int, stop: int, columns: slice = slice(None)) -> Iterator[Float32]:
        """Yield the eight terms of the rows start…stop, each (rows, columns) in 0…1."""
        a, b = self.left, self.right
        rows = slice(start, stop)
        yield _overlap(a.topics, b.topics, rows, columns)
        yield self._complementarity(rows, columns)
        yield self._size(rows, columns)
        shared = a.languages[rows] @ b.languages[columns].T
        yield np.minimum(shared, 1, out=shared)
        wishes = a.wishes.met(b, rows, columns)
        wishes += b.wishes.met(a, columns, rows).T
        wishes *= np.float32(0.5)
        yield wishes
        yield _overlap(a.tags, b.tags, rows, columns)
        for listed in (self._earlier, self._mutual):
            term = np.zeros((stop - start, len(b.country[columns])), dtype=np.float32)
            _put(listed, term, rows, columns)
            yield term

    def _complementarity(self, rows: slice, columns: slice) -> Float32:
        """Return what each offers of the other's needs; the mean of the directions stated."""
        a, b = self.left, self.right
        left_need, right_need = a.needs.sums[rows], b.needs.sums[columns]
        left_states, right_states = np.minimum(left_need, 1), np.minimum(right_need, 1)
        helped = a.needs.weights[rows] @ b.offers[columns].T
        helped /= np.maximum(left_need, 1)[:, None]
        helps = a.offers[rows] @ b.needs.weights[columns].T
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

    def block(self, start: int, stop: int, columns: slice = slice(None)) -> Scores:
        """Return the scores of rows start…stop with the right cities, int16 in 0…10,000."""
        width = len(self.instance.right[columns])
        scores = np.empty((stop - start, width), dtype=np.int16)
        step = max(1, AT_A_TIME // max(1, width))
        for first in range(start, stop, step):
            last = min(stop, first + step)
            scores[first - start : last - start] = self._points(first, last, columns)
        return scores

    def _points(self, start: int, stop: int, columns: slice) -> Float32:
        """Return the weighed sum of the terms, rounded to whole points."""
        total: Float32 | None = None
        for weight, term in zip(self.weights, self.terms(start, stop, columns), strict=True):
            if weight == 0:
                continue
            points = np.multiply(term, np.float32(weight * MAX_SCORE), out=term)
            if total is None:
                total = points
            else:
                total += points
        assert total is not None  # noqa: S101 - read_instance refuses weights of zero
        np.rint(total, out=total)
        return np.clip(total, 0, MAX_SCORE, out=total)

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
            "preferences": "each is what the other wishes for"
            if points["preferences"] >= round(self.weights[TERMS.index("preferences")] * MAX_SCORE)
            else "some of their wishes are met",
            "setting": "both are " + ", ".join(sorted(left.tags & right.tags)),
            "history": "they worked together before",
            "wishes": "each would like the other"
            if points["wishes"] > round(self.weights[TERMS.index("wishes")] * MAX_SCORE / 2)
            else "one would like the other",
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


def _by_row(values: dict[tuple[int, int], float]) -> Listed:
    rows: Listed = {}
    for (i, j), value in sorted(values.items()):
        rows.setdefault(i, []).append((j, value))
    return rows


def _put(listed: Listed, term: Float32, rows: slice, columns: slice) -> None:
    """Add what is listed to the cells of these rows and columns."""
    top, left = rows.start or 0, columns.start or 0
    for i in range(top, top + len(term)) if listed else ():
        if i not in listed:
            continue
        for j, value in listed[i]:
            if 0 <= j - left < term.shape[1]:
                term[i - top, j - left] += value


def _columns(sets: Iterable[frozenset[str]]) -> list[str]:
    return sorted(set().union(*sets))


def _matrix(sets: Sequence[frozenset[str]], columns: list[str]) -> Float32:
    at = {name: k for k, name in enumerate(columns)}
    matrix = np.zeros((len(sets), len(columns)), dtype=np.float32)
    rows = np.repeat(np.arange(len(sets)), [len(names) for names in sets])
    matrix[rows, [at[name] for names in sets for name in names]] = 1
    return matrix


def _overlap(one: Weighed, other: Weighed, rows: slice, columns: slice) -> Float32:
    """Return shared weight over united weight (weighted Jaccard), 0 where neither states any."""
    shared: Float32 = one.weights[rows] @ other.names[columns].T
    union = one.sums[rows, None] + other.sums[None, columns]
    union -= shared
    np.maximum(union, 1, out=union)
    shared /= union
    return shared
