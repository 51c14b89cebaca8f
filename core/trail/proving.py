"""Proving that the record holds: every chain, every word, every root; at flat memory."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef

from core.kit import days
from core.trail.chain import link
from core.trail.models import AuditEvent, AuditRoot, SealedChain, kind_of
from core.trail.selectors import CHUNK, root_over

# The portal seals daily: a record this old that no root covers shows that roots are missing.
LONGEST_UNSEALED = dt.timedelta(days=2)
# Faults that are named; all are counted.
MOST_NAMED = 50
Key = tuple[int, int]
# What erasing lists on a chain, by the salt that is then empty.
LISTED = {"actor_salt": "actors_erased", "salt": "words_erased"}


@dataclass(frozen=True)
class Fault:
    """The first record of a chain that is not as it was written, or a root that is not."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass
class Proof:
    """What was read, and what does not hold."""

    records: int = 0
    chains: int = 0
    roots: int = 0
    # Records since the last root: nothing would tell if they were cut off.
    unsealed: int = 0
    oldest_unsealed: dt.datetime | None = None
    # To be compared with the newest line that was kept outside.
    newest: AuditRoot | None = None
    actors_erased: int = 0
    words_erased: int = 0
    wrong: int = 0
    faults: list[Fault] = field(default_factory=list)

    def count(self, event: AuditEvent, sealed_to: int) -> None:
        """Count a record of a chain that the roots cover up to a number."""
        self.records += 1
        if event.number > sealed_to:
            self.oldest_unsealed = min(self.oldest_unsealed or event.at, event.at)

    def note(self, where: str, what: str) -> None:
        """Count a fault, and keep it while there are few."""
        self.wrong += 1
        if len(self.faults) < MOST_NAMED:
            self.faults.append(Fault(where, what))


def prove(*, outside: tuple[int, str] | None = None) -> Proof:
    """Read the whole record and say what does not hold.

    `outside` is a root that was kept outside, as (number, hash): who could write the whole
    database could also write all roots anew, but not that one.
    """
    proof = Proof()
    _prove_roots(proof)
    if outside and not AuditRoot.objects.filter(number=outside[0], hash=outside[1]).exists():
        proof.note(f"root {outside[0]}", "it is not the one that was kept outside.")
    for key, events, seals in _chains_with_seals():
        _prove_chain(proof, key, events, seals)
    oldest = proof.oldest_unsealed
    if oldest and oldest < days.now() - LONGEST_UNSEALED:
        number = proof.newest.number + 1 if proof.newest else 1
        proof.note(f"root {number}", f"it is missing: a record of {oldest:%Y-%m-%d} is not sealed.")
    return proof


def _prove_roots(proof: Proof) -> None:
    previous: AuditRoot | None = None
    for root in AuditRoot.objects.order_by("number").iterator(CHUNK):
        proof.roots += 1
        number = previous.number + 1 if previous else 1
        made = root_over(number=root.number, at=root.at, previous=previous)
        if root.number != number:
            proof.note(f"root {number}", "it is missing.")
        elif (root.records, root.chains, root.hash) != (made.records, made.chains, made.hash):
            proof.note(f"root {number}", "it is not what was sealed then.")
        previous = root
    proof.newest = previous
    last = previous.number if previous else 0
    # Not those of a root that was made since the roots were read.
    made_since = AuditRoot.objects.filter(number=OuterRef("root"))
    if SealedChain.objects.filter(~Exists(made_since), root__gt=last).exists():
        proof.note(f"root {last + 1}", "it is missing, and its chains are there.")


def _chains_with_seals() -> Iterator[tuple[Key, Iterable[AuditEvent], list[SealedChain]]]:
    """Return every chain with its seals, also one of which only seals are left."""
    of_chain = attrgetter("target_type_id", "target_id")
    order = ("target_type_id", "target_id")
    events = AuditEvent.objects.select_related("words__actor").order_by(*order, "number")
    seals = SealedChain.objects.order_by(*order, "root")
    sealed = groupby(seals.iterator(CHUNK), of_chain)
    ahead = _next_seals(sealed)
    for key, rows in groupby(events.iterator(CHUNK), of_chain):
        while ahead and ahead[0] < key:
            yield ahead[0], (), ahead[1]
            ahead = _next_seals(sealed)
        if ahead and ahead[0] == key:
            yield key, rows, ahead[1]
            ahead = _next_seals(sealed)
        else:
            yield key, rows, []
    while ahead:
        yield ahead[0], (), ahead[1]
        ahead = _next_seals(sealed)


def _next_seals(
    sealed: Iterator[tuple[Key, Iterator[SealedChain]]],
) -> tuple[Key, list[SealedChain]] | None:
    for key, rows in sealed:
        return key, list(rows)
    return None


def _prove_chain(
    proof: Proof, key: Key, events: Iterable[AuditEvent], seals: list[SealedChain]
) -> None:
    """Find the first record of a chain that is wrong: by its place, its words, its seal."""
    kind = kind_of(ContentType.objects.get_for_id(key[0]))
    found: dict[int, str] = {}
    head = {seal.number: seal for seal in seals}
    erased: dict[str, set[int]] = {salt: set() for salt in LISTED}
    listed: dict[str, set[int]] = {salt: set() for salt in LISTED}
    sealed_to = max(head, default=0)
    last, hash_before = 0, ""
    for event in events:
        proof.count(event, sealed_to)
        misplaced = _wrong_place(event, last, hash_before)
        what = misplaced or _wrong_words(event)
        seal = head.get(event.number)
        if not what and seal and seal.hash != event.hash:
            what = f"it is not the record that root {seal.root} sealed."
        if what:
            # The gap is where the missing record stood.
            found.setdefault(min(event.number, last + 1), what)
        for salt, fact in LISTED.items():
            if hasattr(event, "words") and not getattr(event.words, salt):
                erased[salt].add(event.number)
            listed[salt].update(_listed(event, fact, misplaced, last))
        last, hash_before = event.number, event.hash
    for salt, numbers in erased.items():
        for number in numbers - listed[salt]:
            found.setdefault(number, "its words are gone, and no record says who erased them.")
    if sealed_to > last:
        found.setdefault(
            last + 1, f"it is missing: root {head[sealed_to].root} sealed {sealed_to} records."
        )
    proof.chains += last > 0
    proof.unsealed += max(last - sealed_to, 0)
    proof.actors_erased += len(erased["actor_salt"])
    proof.words_erased += len(erased["salt"])
    if found:
        first = min(found)
        proof.note(f"{kind} {key[1]}, record {first}", found[first])


def _listed(event: AuditEvent, fact: str, misplaced: str, last: int) -> list[int]:
    """Return the numbers that a record says were erased.

    A changed record speaks for none; one behind a gap cannot be told from a true one.
    """
    if misplaced and event.number <= last + 1:
        return []
    found = event.facts.get(fact) if isinstance(event.facts, dict) else None
    return (
        [number for number in found if isinstance(number, int)] if isinstance(found, list) else []
    )


def _wrong_place(event: AuditEvent, last: int, hash_before: str) -> str:
    """Return why a record does not stand where it was written; "" when it does."""
    if event.number > last + 1:
        return f"it is missing: after it comes record {event.number} (id {event.pk})."
    made = link(
        previous=hash_before,
        number=event.number,
        before=event.before,
        digest=event.as_deed().digest(),
    )
    if event.number != last + 1 or made != event.hash:
        return f"it was changed, or is not the one that stood here (id {event.pk})."
    return ""


def _wrong_words(event: AuditEvent) -> str:
    """Return what of the words is not as it was written; "" where they are, or were erased."""
    words = getattr(event, "words", None)
    if words is None:
        return f"its words were removed, not erased (id {event.pk})."
    if words.actor_salt:
        is_other = words.actor is not None and words.actor.pseudonym != event.actor_key
        if is_other or words.actor_digest != event.actor_digest:
            return f"who acted was changed (id {event.pk})."
    elif words.actor_name or words.actor_id:
        return f"who acted was written anew after it was erased (id {event.pk})."
    if words.salt:
        if words.digest != event.words_digest:
            return f"its words were changed (id {event.pk})."
    elif words.label or words.reason or words.details:
        return f"its words were written anew after they were erased (id {event.pk})."
    return ""
