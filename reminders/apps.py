from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.audit import register_verbs


class RemindersConfig(AppConfig):
    name = "reminders"
    verbose_name = _("Reminders")

    def ready(self) -> None:
        """Register the words of the audit trail."""
        register_verbs(
            {
                "mail.held": _("Mail held back"),
                "mail.released": _("Mail released"),
                "mail.retried": _("Mail queued again"),
            }
        )
