"""Who reads drafts of calls, edits calls, asks and answers, and has a closing time of their own."""

from typing import Any

import rules

from accounts.rules import is_assessor, is_city_user, is_coordinator, is_office
from programme.organisations.rules import role_in
from programme.organisations.states import WRITERS

rules.add_perm("calls.edit_calls", is_coordinator)
rules.add_perm("calls.view_calls", is_office)
rules.add_perm("calls.ask_question", is_city_user | is_office | is_assessor)
# A question carries who asked it: the office reads it, the coordinators answer.
rules.add_perm("calls.view_questions", is_office)
rules.add_perm("calls.answer_questions", is_coordinator)


@rules.predicate
def is_writer_of(user: Any, organisation: Any = None) -> bool:
    """The person writes for the organisation."""
    return role_in(user, organisation) in WRITERS


# Asked of the organisation that wants more time, or has a code for a late entry.
rules.add_perm("calls.ask_extension", is_writer_of)
rules.add_perm("calls.redeem_code", is_writer_of)
rules.add_perm("calls.decide_closings", is_coordinator)
