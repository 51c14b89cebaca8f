"""Who lets the pairs of a call be worked out, and chooses what stands on its board.

A run names all cities of its call, so it is for coordinators, who reach all of them. Who has a
link with an applicant of the call reaches none of its runs (`reached_by`).
"""

import rules

from accounts.rules import is_coordinator, is_within_reach

rules.add_perm("matching.list_runs", is_coordinator)
# On the board of a call, or on a run.
rules.add_perm("matching.view_run", is_coordinator & is_within_reach)
rules.add_perm("matching.run_matching", is_coordinator & is_within_reach)
