"""What staff change of a run's weights and rules, to see what becomes of the pairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.kit.errors import InvalidError
from pairings.matching.engine import Instance, MatchingInputError, read_instance
from pairings.matching.engine.weights import DEFAULT_WEIGHTS

Pair = tuple[str, str]
# What of an instance staff decide; the rest is what cities have said.
DECIDED = ("weights", "min_score", "quotas", "pairs_first", "min_pairs")


@dataclass(frozen=True)
class Changes:
    """What is to be otherwise. Pairs are (left, right) by the slugs of their cities.

    A pair that is locked is not forbidden any more, and the other way round. `weights` counts for
    the terms that it names, `quotas` takes the place of all of them, as `read_instance` reads them.
    """

    lock: Sequence[Pair] = ()
    unlock: Sequence[Pair] = ()
    forbid: Sequence[Pair] = ()
    allow: Sequence[Pair] = ()
    weights: Mapping[str, float] | None = None
    min_score: int | None = None
    quotas: Mapping[str, Any] | None = None
    pairs_first: bool | None = None
    min_pairs: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what is said, for the record of the run."""
        said = {
            "lock": [list(pair) for pair in self.lock],
            "unlock": [list(pair) for pair in self.unlock],
            "forbid": [list(pair) for pair in self.forbid],
            "allow": [list(pair) for pair in self.allow],
            "weights": _whole(self.weights) if self.weights else None,
            "min_score": self.min_score,
            "quotas": self.quotas,
            "pairs_first": self.pairs_first,
            "min_pairs": self.min_pairs,
        }
        return {key: value for key, value in said.items() if value not in ([], None)}


@dataclass
class Rules:
    """The rules of an instance in the making: its pairs as sets, what staff forbade apart."""

    locked: set[Pair]
    forbidden: set[Pair]
    banned: set[Pair]

    def change(self, changes: Changes) -> None:
        """Lock, unlock, forbid and allow; raise InvalidError for what cities have ruled out."""
        said_no = self.forbidden - self.banned
        for pair in (*changes.lock, *changes.allow):
            if pair in said_no:
                raise InvalidError(
                    _(
                        "%(left)s and %(right)s cannot be paired: one of them left the other "
                        "out, declined it in this call, or is paired with it. Choose another pair."
                    )
                    % {"left": pair[0], "right": pair[1]}
                )
        self.locked = (self.locked - set(changes.unlock) - set(changes.forbid)) | set(changes.lock)
        out = self.banned - set(changes.allow) - set(changes.lock)
        self.banned = (out | set(changes.forbid)) - said_no
        self.forbidden = said_no | self.banned


def with_defaults(data: dict[str, Any]) -> dict[str, Any]:
    """Return the instance of a call with the weights and rules that count unless staff say else."""
    weights = _whole(DEFAULT_WEIGHTS)
    return {"weights": weights, "min_score": 0, "locked": [], "quotas": {}, **data}


def as_before(
    data: dict[str, Any], before: Mapping[str, Any], banned: Sequence[Sequence[str]]
) -> tuple[dict[str, Any], set[Pair]]:
    """Return new data with what staff had decided, as far as it still fits, and what they forbade.

    Locked and forbidden pairs go whose cities are not to be paired any more.
    """
    data = data | {key: before[key] for key in DECIDED if key in before}
    here = [{city["id"] for city in data[side]} for side in ("left", "right")]
    said_no = _pairs(data["forbidden"])

    def fitting(pairs: Sequence[Sequence[str]]) -> set[Pair]:
        found = _pairs(pairs) - said_no
        return {pair for pair in found if pair[0] in here[0] and pair[1] in here[1]}

    data["locked"] = _lists(fitting(before.get("locked", [])))
    still_banned = fitting(banned)
    data["forbidden"] = _lists(said_no | still_banned)
    return data, still_banned


def changed(
    data: Mapping[str, Any], banned: Sequence[Sequence[str]] | set[Pair], changes: Changes
) -> tuple[dict[str, Any], list[list[str]]]:
    """Return the instance with the changes, and which pairs staff forbid now.

    Raises InvalidError for what cities have ruled out; whether the rest can hold, `checked` says.
    """
    rules = Rules(_pairs(data["locked"]), _pairs(data["forbidden"]), _pairs(banned))
    rules.change(changes)
    new = {**data, "locked": _lists(rules.locked), "forbidden": _lists(rules.forbidden)}
    if changes.weights is not None:
        new["weights"] = {**data["weights"], **_whole(changes.weights)}
    for key in DECIDED[1:]:
        value = getattr(changes, key)
        if value is not None:
            new[key] = value
    return new, _lists(rules.banned)


def checked(data: Mapping[str, Any]) -> Instance:
    """Return the instance as the engine reads it; raise InvalidError where no pairs can hold it."""
    try:
        return read_instance(data)
    except MatchingInputError as error:
        raise InvalidError(
            _("These rules cannot hold together. %(why)s") % {"why": error}
        ) from error


def _pairs(rows: Sequence[Sequence[str]] | set[Pair]) -> set[Pair]:
    return {(left, right) for left, right in rows}


def _lists(pairs: set[Pair]) -> list[list[str]]:
    return [list(pair) for pair in sorted(pairs)]


def _whole(weights: Mapping[str, float]) -> dict[str, float]:
    """Return weights that read the same from any database: 30 is not 30.0."""
    return {
        term: int(weight) if float(weight).is_integer() else weight
        for term, weight in weights.items()
    }
