"""`python -m pairings.matching.verify FILE`: re-check the file of a run (docs/matching.md).

Nothing here solves anything or needs the portal: every rule is counted anew, scores come from
engine/scoring.py, and the stored prices prove the optimum by weak duality.

Exit code 0: all holds. 1: something does not; a sentence for each says what. 2: no such file.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from pairings.matching.engine.instance import Instance, Quota, breaks_outside
from pairings.matching.engine.objective import Objective
from pairings.matching.engine.reading import read_instance
from pairings.matching.engine.scoring import Scorer
from pairings.matching.engine.sealing import FORMAT, digest

PROVED = "The potentials prove it: no match under these rules has more."
NOT_PROVED = "A bound, where one is stated, fits the total; optimality not proved here."


def faults(data: dict[str, Any]) -> Iterator[str]:
    """Yield a sentence for each thing in the file of a run that does not hold."""
    if data["format"] != FORMAT:
        yield f"The format is {data['format']!r}, not {FORMAT!r}."
    elif not all(data["instance"][side] for side in ("left", "right")):
        if data["pairs"] or data["total_score"]:
            yield "One side has nobody, yet the result holds pairs or points."
    else:
        yield from Check(read_instance(data["instance"]), data.get("result", data)).faults()
    if data["digest"] != digest(data):
        yield "The digest is not that of this file: something was changed after it was sealed."


class Side:
    """One side: how many pairs, and how many locked ones, its cities and countries have."""

    def __init__(self, instance: Instance, at: int, chosen: list[tuple[int, int]]) -> None:
        self.name, self.cities = ("left", "right")[at], (instance.left, instance.right)[at]
        self.quotas = (instance.left_quotas, instance.right_quotas)[at]
        of = [city.country for city in self.cities]
        self.held, self.locked = (
            Counter(name for pair in pairs for name in (pair[at], of[pair[at]]))
            for pairs in (chosen, instance.locked)
        )


class Check:
    """A result held against its instance; `scores` are the pairs' own, by their indexes."""

    def __init__(self, instance: Instance, result: dict[str, Any]) -> None:
        self.instance, self.result, self.locked = instance, result, instance.locked
        self.scorer = Scorer(instance) if instance.scores is None else None
        self.left, self.right = (
            {city.id: k for k, city in enumerate(side)} for side in (instance.left, instance.right)
        )
        self.chosen = [(self.left[p["left"]], self.right[p["right"]]) for p in result["pairs"]]
        self.scores = {pair: int(self._row(pair[0])[pair[1]]) for pair in self.chosen}
        self.total, self.aim = sum(self.scores.values()), Objective.of(instance)
        self.prices = result["certificate"]["potentials"]
        self.sides = [Side(instance, at, self.chosen) for at in (0, 1)]

    def _row(self, i: int) -> Any:
        if self.scorer is not None:
            return self.scorer.block(i, i + 1)[0].astype(np.int64)
        given = self.instance.scores or {}
        return np.array([given.get((i, j), -1) for j in range(len(self.right))])

    def faults(self) -> Iterator[str]:
        """Yield what does not hold."""
        yield from self._pairs()
        yield from self._rules()
        yield from self._told()
        bound, gap = (self.result["certificate"][name] for name in ("bound", "gap"))
        stated, optimal = (bound, gap) != (None, None), self.result["optimal"]
        if (optimal and gap != 0) or (stated and (gap < 0 or bound - gap != self.total)):
            yield f"A bound of {bound}, a gap of {gap} and a total of {self.total} do not fit."
        if bool(self.prices) != (optimal and not self.instance.needs_milp):
            yield "Potentials stand where they prove nothing, or are missing."
        elif self.prices and self._excess():
            yield "The potentials do not prove the total: their bound is not what it is worth."

    def _pairs(self) -> Iterator[str]:
        for pair, row in zip(self.chosen, self.result["pairs"], strict=True):
            name, score = f"{row['left']} – {row['right']}", self.scores[pair]
            if row["score"] != score:
                yield f"{name}: the score is {score}, the file says {row['score']}."
            terms, locked = self.scorer.points(*pair) if self.scorer else {}, pair in self.locked
            if row["terms"] != terms or row["locked"] is not locked:
                yield f"{name}: its terms, or whether it is locked, are told wrongly."
            least = 0 if locked else self.instance.min_score
            if pair in self.instance.forbidden or score < least:
                yield f"{name}: the pair is not allowed, or its score is below {least}."

    def _rules(self) -> Iterator[str]:
        if not self.locked <= self.scores.keys() or len(self.scores) < len(self.chosen):
            yield "A locked pair is missing, or a pair stands twice."
        if breaks_outside(self.instance, self.scores.keys()):
            yield "Two pairs exclude each other, or two countries have more pairs than they may."
        for side in self.sides:
            for k, city in enumerate(side.cities):
                if side.held[k] > city.capacity:
                    yield f"{city.id} has {side.held[k]} pairs, more than its capacity."
            for country, quota in side.quotas.items():
                if quota.maximum is not None and side.held[country] > quota.maximum:
                    yield f"{country} has more pairs than its maximum of {quota.maximum}."

    def _minimums(self) -> Iterator[tuple[str, int, int, int]]:
        """Yield each minimum: rule, what is wanted, what is reached, what locked pairs give."""
        yield "min_pairs", self.instance.min_pairs, len(self.chosen), len(self.locked)
        for side in self.sides:
            for name, quota in side.quotas.items():
                rule = f"quotas.{side.name}_country.{name}.min"
                yield rule, quota.minimum, side.held[name], side.locked[name]

    def _told(self) -> Iterator[str]:
        if self.result["total_score"] != self.total:
            yield f"The total is {self.total}, the file says {self.result['total_score']}."
        told = {(row["rule"], row["wanted"], row["reached"]) for row in self.result["unmet"]}
        if told != {found[:3] for found in self._minimums() if found[2] < found[1]}:
            yield "The minimums that are not reached are told wrongly."
        for side in self.sides:
            alone = [city.id for k, city in enumerate(side.cities) if not side.held[k]]
            if [row["id"] for row in self.result["unmatched"][side.name]] != alone:
                yield f"Who is left without a partner ({side.name} side) is told wrongly."

    def _excess(self) -> int:
        """Return how far the bound, what all arcs gain beyond the prices, is above the worth."""
        unit, prices, locked = self.aim.per_minimum, self.prices, self.locked
        some = [one.values() if isinstance(one, dict) else [one] for one in prices.values()]
        if not all(type(price) is int and abs(price) < 2**60 for one in some for price in one):
            raise TypeError("a potential that is no whole number")
        needs = [max(0, least - held) for _, least, _, held in self._minimums()]
        supply = sum(city.capacity for city in self.instance.left) - len(locked)
        least, alone = min(needs[0], supply), prices["sink"] - prices["source"]
        bound = sum(self.aim.weight(self.scores[pair]) for pair in locked) - supply * alone
        bound += (supply - least) * max(0, alone) + least * max(0, alone - unit)
        bound -= unit * (sum(needs) - least)
        worth = self.aim.per_point * self.total + self.aim.per_pair * len(self.chosen)
        worth -= unit * sum(max(0, least - got) for _, least, got, _ in self._minimums())
        return bound + self._cities(unit) + self._open_pairs() - worth

    def _cities(self, unit: int) -> int:
        gain = 0
        for side, sign, end in zip(self.sides, (1, -1), ("source", "sink"), strict=True):
            of_country, room = self.prices[f"{side.name}_country"], Counter[str]()
            for k, city in enumerate(side.cities):
                free = city.capacity - side.locked[k]
                room[city.country] += free
                step = sign * (self.prices[side.name][city.id] - of_country[city.country])
                gain += free * max(0, step)
            for name, free in room.items():
                quota, held = side.quotas.get(name, Quota()), side.locked[name]
                most = free if quota.maximum is None else min(free, quota.maximum - held)
                low = min(max(0, quota.minimum - held), most)
                step = sign * (of_country[name] - self.prices[end])
                gain += low * max(0, step + unit) + (most - low) * max(0, step)
        return gain

    def _open_pairs(self) -> int:
        out: dict[int, list[int]] = {}
        for i, j in self.locked | self.instance.forbidden:
            out.setdefault(i, []).append(j)
        gain, right = 0, np.array([self.prices["right"][name] for name in self.right])
        for name, i in self.left.items():
            scores = self._row(i)
            gains = self.aim.weight(scores) + right - self.prices["left"][name]
            gains[scores < max(0, self.instance.min_score)] = 0
            gains[out.get(i, [])] = 0
            gain += sum(gains[gains > 0].tolist())
        return gain


def main(arguments: list[str]) -> int:
    """Check the file that is named and say what was found."""
    try:
        data = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    except (LookupError, ValueError, OSError) as error:
        print(f"Name the file of a run: {error}.", file=sys.stderr)
        return 2
    try:
        found = list(faults(data))
        result = data.get("result", data)
        proved = result["optimal"] and result.get("certificate", {"potentials": 1})["potentials"]
        said = f"{len(result['pairs'])} pairs, total {result['total_score']}: all rules are kept."
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        found = [f"Something is missing or is not what it should be: {error!r}."]
    print(*(found or [said, PROVED if proved else NOT_PROVED]), sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
