"""What the audit trail says of the events of this room."""

from django.utils.translation import gettext_lazy as _

from accounts.states import StaffRole

VERBS = {
    "colleague.invited": _("Colleague invited"),
    "colleague.invited_again": _("Colleague invited again"),
    "colleague.not_invited": _("Invitation of a colleague taken back"),
    "colleague.joined": _("Colleague took up the role"),
    "colleague.handed_over": _("What was theirs to do handed over"),
}
ICONS = {"colleague": "key"}
FACTS = {
    "staff_role": _("Staff role"),
    "countries": _("Countries"),
    "handed_over": _("Handed over"),
}
PLAIN = ("staff_role", "countries")
WORDS = {"staff_role": dict(StaffRole.choices)}
