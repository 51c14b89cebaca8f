from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.audit import register_verbs


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Register the words of the audit trail."""
        register_verbs(
            {
                "person.details_changed": _("Own details changed"),
                "person.role_set": _("Staff role changed"),
                "person.countries_set": _("Countries of a regional desk changed"),
                "person.deactivated": _("Account closed to sign-in"),
                "person.reactivated": _("Account opened again"),
                "person.deleted": _("Account deleted by its owner"),
            }
        )
