"""Who reads drafts of calls and who edits calls."""

import rules

from accounts.rules import is_coordinator, is_office

rules.add_perm("calls.edit_calls", is_coordinator)
rules.add_perm("calls.view_calls", is_office)
