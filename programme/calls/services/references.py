"""Reference numbers."""

from django.db import transaction

from programme.calls.models import ReferenceCounter


@transaction.atomic
def next_reference(*, prefix: str) -> str:
    """Give out the next reference of a prefix, e.g. "C2C-2026-0147"; never one twice.

    The counter row stays locked until the caller's transaction ends, so a rolled back
    write leaves no gap.
    """
    ReferenceCounter.objects.get_or_create(prefix=prefix)
    counter = ReferenceCounter.objects.select_for_update().get(prefix=prefix)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{prefix}-{counter.last:04d}"
