"""How records hang together: pure, so that anybody can check a copy without the portal.

All records about one object form a chain: 1, 2, 3 … Each carries the SHA-256 of what it holds and
of the record before it. Words that somebody wrote or that name a person are in it by a digest
with a salt of their own: once words and salt are erased, nobody can guess them back, and the
chain still holds.
"""

import datetime as dt
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.kit.fingerprints import fingerprint

# What a hash is made of is joined by this sign, which none of the parts but the last can hold.
JOIN = "|"


@dataclass(frozen=True)
class Deed:
    """What a record holds for good: it names nobody and holds nothing that somebody wrote."""

    # The model as it was first named, "applications.application", and the key of the row.
    kind: str
    target_id: int
    at: dt.datetime
    verb: str
    # Who it was, without saying who; None for the portal itself.
    actor_key: UUID | None
    # The state in which it left the object, "" where the object has none.
    after: str
    facts: dict[str, Any]
    # Salted, of the name of who acted and of the words.
    actor_digest: str
    words_digest: str

    def digest(self) -> str:
        """Return the SHA-256 of all of it."""
        return fingerprint(
            [
                self.kind,
                self.target_id,
                self.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
                self.verb,
                str(self.actor_key or ""),
                self.after,
                self.facts,
                self.actor_digest,
                self.words_digest,
            ]
        )


def link(*, previous: str, number: int, before: str, digest: str) -> str:
    """Return the hash of a record: of its place, the one before it, and its digest.

    `previous` is the hash of the record before it, "" for the first. The database computes the
    same when a record is written (`core.trail.services.recording`).
    """
    text = JOIN.join([previous, str(number), before, digest])
    return hashlib.sha256(text.encode()).hexdigest()


def new_salt() -> str:
    """Return 128 random bits as hex digits."""
    return secrets.token_hex(16)


def salted(salt: str, *words: Any) -> str:
    """Return the SHA-256 of words together with their salt."""
    return fingerprint([salt, *words])


def plain_json(details: dict[str, Any]) -> dict[str, Any]:
    """Return details as every database gives them back: fractions become text."""
    text = json.dumps(details, ensure_ascii=False, allow_nan=False)
    return dict(json.loads(text, parse_float=str))


class RootDigest:
    """The running hash over the chains that a daily root covers, in their order."""

    def __init__(self, *, previous: str, number: int) -> None:
        self._hash = hashlib.sha256(JOIN.join([previous, str(number)]).encode())

    def add(self, *, kind: str, target_id: int, last: int, head: str) -> None:
        """Take in one chain: which, its last number, the hash of that record."""
        self._hash.update(JOIN.join(["\n", kind, str(target_id), str(last), head]).encode())

    def seal(self, *, at: dt.datetime, records: int, chains: int) -> str:
        """Return the hash of the root: over all above, when it was made, and the two counts."""
        moment = at.astimezone(dt.UTC).isoformat(timespec="microseconds")
        self._hash.update(JOIN.join(["\n", moment, str(records), str(chains)]).encode())
        return self._hash.hexdigest()
