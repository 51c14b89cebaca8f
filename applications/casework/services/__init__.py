"""Writes of casework; import them from here."""

from applications.casework.services.notes import edit_note, remove_note, write_note
from applications.casework.services.owning import note_seen, set_owner
from applications.casework.services.tags import merge_tags, remove_tag, save_tag, set_tags

__all__ = [
    "edit_note",
    "merge_tags",
    "note_seen",
    "remove_note",
    "remove_tag",
    "save_tag",
    "set_owner",
    "set_tags",
    "write_note",
]
