"""Who does something with many applications at once, and who takes it back."""

from typing import Any

import rules

from accounts.rules import is_coordinator, is_regional_desk


@rules.predicate
def is_own_run(user: Any, run: Any = None) -> bool:
    """The person has begun the run."""
    return run is not None and run.by_id == user.pk


# Each action has a permission of its own beside this one.
rules.add_perm("bulk.act_on_many", is_coordinator | is_regional_desk)
# Stopping it, going on, taking it back. Who sees which run, says `visible_to`.
rules.add_perm("bulk.manage_run", is_coordinator | is_regional_desk & is_own_run)
