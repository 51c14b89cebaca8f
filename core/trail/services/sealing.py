"""The daily root: a seal over all chains, made from the chains that have grown since the last."""

import datetime as dt

from django.db import IntegrityError, connection, transaction

from core.kit import days
from core.trail.models import AuditEvent, AuditRoot, SealedChain
from core.trail.selectors import newest_root, root_over


def seal_daily() -> AuditRoot | None:
    """Make the root of this day (Brussels) unless it is there; None then, or without new records.

    Asked often: who was asleep at midnight makes it in the morning.
    """
    midnight = dt.datetime.combine(days.today(), dt.time.min, tzinfo=days.BRUSSELS)
    if AuditRoot.objects.filter(at__gte=midnight).exists():
        return None
    return seal_records()


def seal_records() -> AuditRoot | None:
    """Make a root over all chains as they are; None when nothing is new since the last one.

    What is written meanwhile stands in the next root. Of two at once one makes it, and the other
    has nothing left to do.
    """
    try:
        with transaction.atomic():
            return _seal()
    except IntegrityError:
        return None


def _seal() -> AuditRoot | None:
    last = newest_root()
    number = last.number + 1 if last else 1
    if not _note_grown_chains(number):
        return None
    root = root_over(number=number, at=days.now(), previous=last)
    root.save()
    return root


def _note_grown_chains(root: int) -> int:
    """Write down where each chain ends that has grown, in one query; return how many."""
    events, sealed = AuditEvent._meta.db_table, SealedChain._meta.db_table  # noqa: SLF001
    # The longest by number alone: the numbers of a chain have no gaps.
    heads = (
        "(SELECT target_type_id, target_id, MAX(number) AS number FROM {} "
        "GROUP BY target_type_id, target_id)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {sealed} (root, target_type_id, target_id, number, hash) "  # noqa: S608
            "SELECT %s, event.target_type_id, event.target_id, event.number, event.hash "
            f"FROM {heads.format(events)} AS head JOIN {events} AS event "
            "ON event.target_type_id = head.target_type_id "
            "AND event.target_id = head.target_id AND event.number = head.number "
            f"LEFT JOIN {heads.format(sealed)} AS before "
            "ON before.target_type_id = head.target_type_id "
            "AND before.target_id = head.target_id "
            "WHERE before.number IS NULL OR before.number < head.number",
            [root],
        )
        return int(cursor.rowcount)
