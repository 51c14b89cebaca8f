"""Reads on casework."""

from applications.casework.selectors.cases import (
    Case,
    NoteShown,
    case_of,
    notes_of,
    notes_shown,
)
from applications.casework.selectors.mentions import (
    called_in,
    colleagues_for,
    mentions_of,
    people_who_are_told,
    unread_mentions,
    with_applications,
)
from applications.casework.selectors.owning import (
    given_to,
    owned_by,
    possible_owners,
    tags_in_use,
    without_owner,
)

__all__ = [
    "Case",
    "NoteShown",
    "called_in",
    "case_of",
    "colleagues_for",
    "given_to",
    "mentions_of",
    "notes_of",
    "notes_shown",
    "owned_by",
    "people_who_are_told",
    "possible_owners",
    "tags_in_use",
    "unread_mentions",
    "with_applications",
    "without_owner",
]
