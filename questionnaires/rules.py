"""Who may read and edit questionnaires. Who may answer one is ruled by what it belongs to."""

import rules

from accounts.rules import is_coordinator, is_observer, is_regional_desk

rules.add_perm("questionnaires.view_templates", is_coordinator | is_regional_desk | is_observer)
rules.add_perm("questionnaires.edit_templates", is_coordinator)
