"""What the audit trail says of the events of this app."""

from django.utils.translation import gettext_lazy as _

from programme.organisations.models import Organisation
from programme.organisations.states import MembershipRole

VERBS = {
    "organisation.registered": _("Organisation registered"),
    "organisation.described": _("Kind of city or languages changed"),
    "organisation.lead_lost": _("Left without a lead"),
    "organisation.capacity_set": _("Number of pairings it can carry changed"),
    "invitation.sent": _("Invitation sent"),
    "invitation.resent": _("Invitation sent again"),
    "invitation.revoked": _("Invitation taken back"),
    "membership.joined": _("Joined the team"),
    "membership.role_changed": _("Role in the team changed"),
    "membership.removed": _("Taken off the team"),
    "membership.left": _("Left the team"),
}
ICONS = {"invitation": "mail", "membership": "users", "organisation": "building"}
FACTS = {
    "organisation": _("Organisation"),
    "person": _("Person"),
    "email": _("E-mail address"),
    "role": _("Role"),
    "tags": _("Kind of city"),
    "languages": _("Languages"),
}
WORDS = {"role": dict(MembershipRole.choices)}
FINDERS = {"organisations.Organisation": Organisation.objects.matching}
