import rules

from accounts.rules import is_coordinator, is_within_reach
from programme.organisations.rules import role_in


@rules.predicate
def writes_for_it(user, minutes=None):
    return minutes is not None and role_in(user, minutes.organisation) in {"lead", "editor"}


rules.add_perm("minutes.list_minutes", is_coordinator)
rules.add_perm("minutes.write_minutes", writes_for_it | (is_coordinator & is_within_reach))
