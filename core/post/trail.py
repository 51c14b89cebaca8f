"""What the audit trail says of the events of this app."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "mail.sent": _("Mail sent"),
    "mail.failed": _("Mail given up"),
    "mail.held": _("Mail held back"),
    "mail.released": _("Mail released"),
    "mail.corrected": _("Address of a mail corrected"),
    "mail.retried": _("Mail queued again"),
}
ICONS = {"mail": "mail"}
PLAIN = ("about", "letter")
