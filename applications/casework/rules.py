"""Who works on a case together, and who reads what staff write among themselves.

Assessors read none of it: a call may ask them to read blind, and a note may say what is decided.
"""

from typing import Any

import rules

from accounts.rules import is_assessor, is_coordinator, is_office, is_regional_desk, is_within_reach
from applications.rules import acts_as_staff


@rules.predicate
def is_own_note(user: Any, note: Any = None) -> bool:
    """The person wrote the note. Who looks as another role does so with nothing of their own."""
    looks = getattr(user, "looks_as", None)
    return note is not None and note.by_id == user.pk and not looks


@rules.predicate
def acts_on_its_application(user: Any, note: Any = None) -> bool:
    """The person acts as staff on what the note is about."""
    return note is not None and bool(acts_as_staff(user, note.application))


# Whether somebody has notes and tags to read at all; of one application, the next one tells.
rules.add_perm("casework.list_notes", is_office)
rules.add_perm("casework.view_notes", is_office & is_within_reach)
# Whose opening of an application is noted.
rules.add_perm("casework.open_case", (is_office | is_assessor) & is_within_reach)
# Who is offered to act on several; each of them is asked for by itself as well.
rules.add_perm("casework.act_on_cases", is_coordinator | is_regional_desk)
rules.add_perm("casework.own_case", acts_as_staff)
rules.add_perm("casework.write_note", acts_as_staff)
rules.add_perm("casework.edit_note", is_own_note & acts_on_its_application)
rules.add_perm("casework.remove_note", (is_own_note | is_coordinator) & acts_on_its_application)
rules.add_perm("casework.tag_case", acts_as_staff)
# The words that all use: one who may write on cases may add to them, a coordinator puts in order.
rules.add_perm("casework.add_tag", is_coordinator | is_regional_desk)
rules.add_perm("casework.manage_tags", is_coordinator)
