"""Who may look into the outbox and act on it."""

import rules

from accounts.rules import is_coordinator, is_observer, is_regional_desk

rules.add_perm("reminders.view_outbox", is_coordinator | is_regional_desk | is_observer)
rules.add_perm("reminders.manage_outbox", is_coordinator)
