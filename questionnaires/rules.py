"""Who may read and edit questionnaires. Who may answer one is ruled by what it belongs to."""

import rules

from accounts.rules import is_coordinator, is_office

rules.add_perm("questionnaires.view_templates", is_office)
rules.add_perm("questionnaires.edit_templates", is_coordinator)
