"""Who may practise."""

import rules

from accounts.rules import is_coordinator, is_regional_desk

# Made-up cases of their own, for those who check real ones.
rules.add_perm("colleagues.practise", is_coordinator | is_regional_desk)
# Which of them a colleague has come to an end with: nothing of what they wrote.
rules.add_perm("colleagues.view_practised", is_coordinator)
