"""Erasing: who acted, or the words of a record, when somebody has a right to be forgotten."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from core.kit.writes import clean_reason
from core.trail.models import AuditEvent, EventWords
from core.trail.services.recording import MOST_ATTEMPTS, TOO_MANY, append

# Rows asked for in one query.
CHUNK = 500


class Part(StrEnum):
    """What of a record is erased; the fact of its chain that lists the numbers is named so too."""

    ACTOR = "actors_erased"
    WORDS = "words_erased"


EMPTY: dict[Part, dict[str, Any]] = {
    Part.ACTOR: {"actor_salt": "", "actor": None, "actor_name": ""},
    Part.WORDS: {"salt": "", "label": "", "reason": "", "details": {}},
}


@transaction.atomic
def erase_records(*, events: Iterable[AuditEvent], part: Part, reason: str) -> int:
    """Erase who acted in records, or their words, and record that it was done; return how many.

    For the command of who runs the portal. What was done to what kind of thing, when, and between
    which states stays, and the chains hold. The reason must name nobody. Raises InvalidError
    without one.
    """
    reason = clean_reason(reason, missing=_("Write why this is erased. Name nobody."))
    salt = "actor_salt" if part == Part.ACTOR else "salt"
    chosen = [event for event in events if getattr(event.spoken, salt)]
    chains: dict[tuple[int, int], list[AuditEvent]] = {}
    for event in sorted(chosen, key=lambda event: event.number):
        chains.setdefault((event.target_type_id, event.target_id), []).append(event)
    keys = [event.pk for event in chosen]
    for start in range(0, len(keys), CHUNK):
        EventWords.objects.filter(event__in=keys[start : start + CHUNK]).update(**EMPTY[part])
    for (kind, target_id), rows in sorted(chains.items()):
        _record_erased(ContentType.objects.get_for_id(kind), target_id, rows, part, reason)
    return len(chosen)


def _record_erased(
    kind: ContentType, target_id: int, rows: list[AuditEvent], part: Part, reason: str
) -> None:
    """Record on a chain, whose object may be gone, which of its records have lost what."""
    chain = AuditEvent.objects.filter(target_type=kind, target_id=target_id)
    state = chain.latest("number").after
    for _attempt in range(MOST_ATTEMPTS):
        with transaction.atomic():
            made = append(
                verb="record.erased",
                kind=kind,
                target_id=target_id,
                actor_key=None,
                after=state,
                facts={part.value: [event.number for event in rows]},
                words=EventWords(label=kind.name[:254], reason=reason),
            )
            if made.before == state:
                return
            # Another record changed the state meanwhile: erasing does not change it back.
            transaction.set_rollback(True)
        state = made.before
    raise OperationalError(TOO_MANY)
