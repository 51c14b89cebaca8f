"""Writes on the audit trail: records are added and sealed, never changed; words may be erased."""

from core.trail.services.erasing import Part, erase_records
from core.trail.services.recording import (
    SITTING,
    record_event,
    record_writing,
    sitting_on_record,
)
from core.trail.services.sealing import seal_daily, seal_records

__all__ = [
    "SITTING",
    "Part",
    "erase_records",
    "record_event",
    "record_writing",
    "seal_daily",
    "seal_records",
    "sitting_on_record",
]
