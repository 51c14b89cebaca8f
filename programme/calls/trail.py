"""What the audit trail says of the events of this app."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "call.created": _("Call drafted"),
    "call.changed": _("Call changed"),
    "call.rules_changed": _("Rules of a published call changed"),
    "call.deadline_moved": _("Deadline of a call moved"),
    "call.published": _("Call published"),
}
ICONS = {"call": "calendar"}
FACTS = {
    "moved": _("Moved"),
    "removed": _("Removed"),
}
