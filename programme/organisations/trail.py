"""What the audit trail says of the events of this app."""

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from core.post.models import Mail
from programme.organisations.models import Organisation
from programme.organisations.states import MembershipRole

VERBS = {
    "organisation.registered": _("Organisation registered"),
    "organisation.described": _("Kind of place or languages changed"),
    "organisation.confirmed": _("Organisation confirmed"),
    "organisation.refused": _("Organisation not confirmed"),
    "organisation.found_double": _("Found to be in the portal already"),
    "organisation.merged": _("Another record of it merged into this one"),
    "organisation.took_in": _("Another organisation became part of it"),
    "organisation.taken_apart": _("Merge taken apart"),
    "organisation.split": _("Split in two"),
    "organisation.split_off": _("Made out of another one"),
    "organisation.split_taken_back": _("Split taken back"),
    "organisation.renamed": _("Renamed"),
    "organisation.name_corrected": _("Name or its day corrected"),
    "organisation.rename_taken_back": _("Change of name taken back"),
    "organisation.name_begun": _("New name begun"),
    "organisation.neighbours": _("Found to be two that look alike"),
    "organisation.no_neighbours": _("No longer found to be two that look alike"),
    "organisation.domain_entered": _("Mail domain entered"),
    "organisation.domain_removed": _("Mail domain removed"),
    "claim.asked": _("Asked to be let into the team"),
    "claim.granted": _("Let into the team"),
    "claim.granted_by_domain": _("Let into the team by a mail domain"),
    "claim.refused": _("Not let into the team"),
    "claim.withdrawn": _("No longer asks to be let in"),
    "claim.objected": _("Taken off the team: staff objected"),
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
ICONS = {"claim": "pin", "invitation": "mail", "membership": "users", "organisation": "building"}
FACTS = {
    "organisation": _("Organisation"),
    "person": _("Person"),
    "email": _("E-mail address"),
    "role": _("Role"),
    "tags": _("Kind of place"),
    "languages": _("Languages"),
    "people": _("People"),
    "domain": _("Mail domain"),
    "moved": _("What moved"),
    "before": _("Before"),
    "after": _("After"),
    "from_day": _("From"),
    "differs_because": _("Why they are two"),
}
PLAIN = ("role",)
WORDS = {"role": dict(MembershipRole.choices)}


def _mails_to(word: str) -> "QuerySet[Mail]":
    """Return the mails to the people of organisations of this name."""
    key = Concat(Value("organisation:"), Cast("pk", CharField()))
    found = Organisation.objects.matching(word).order_by().annotate(key=key)
    return Mail.objects.filter(owner__in=found.values("key"))


FINDERS = {
    "organisations.Organisation": Organisation.objects.matching,
    "post.Mail": _mails_to,
}
