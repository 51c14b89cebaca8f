from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.audit import register_verbs


class ProgrammeConfig(AppConfig):
    name = "programme"
    verbose_name = _("Programme")

    def ready(self) -> None:
        """Register the words of the audit trail."""
        register_verbs(
            {
                "organisation.registered": _("Organisation registered"),
                "organisation.capacity_set": _("Number of pairings it can carry changed"),
                "invitation.sent": _("Invitation sent"),
                "invitation.resent": _("Invitation sent again"),
                "invitation.revoked": _("Invitation taken back"),
                "membership.joined": _("Joined the team"),
                "membership.role_changed": _("Role in the team changed"),
                "membership.removed": _("Taken off the team"),
                "membership.left": _("Left the team"),
                "call.created": _("Call drafted"),
                "call.changed": _("Call changed"),
                "call.rules_changed": _("Rules of a published call changed"),
                "call.deadline_moved": _("Deadline of a call moved"),
                "call.published": _("Call published"),
            }
        )
