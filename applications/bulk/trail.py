"""What the audit trail says of the events of this room."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "run.started": _("Action on many applications begun"),
    "run.undone": _("Action on many applications taken back"),
}
ICONS = {"run": "check-circle"}
FACTS = {"applications": _("Applications")}
PLAIN = ("applications",)
