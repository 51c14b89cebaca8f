"""What the address of a commitment says of who gave it: advice for staff, never a verdict."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application, OnlineInvitation
from core.kit.addresses import domain_of, is_public_provider, share_domain
from programme.organisations.models import hash_of


@dataclass(frozen=True)
class Advice:
    """What staff should know of an address; `is_warning` where they should ask."""

    text: str
    is_warning: bool


def advice_on(application: Application, email: str, name: str) -> list[Advice]:
    """Return what stands out about the address at which something was signed in a name.

    A lead could invite itself in the name of another's mayor: so it is compared with the
    lead's people, with the contact, and with where anybody gets an address.
    """
    email = email.lower()
    own = {address: name for address, name in _own_people(application) if address}
    found = []
    if email in own:
        found.append(
            _("The address is that of %(name)s, who works for the lead.") % {"name": own[email]}
        )
    elif shared := next((a for a in own if share_domain(a, email)), ""):
        found.append(
            _("The address has the same domain as the lead's people (%(address)s).")
            % {"address": shared}
        )
    if is_public_provider(domain_of(email)):
        found.append(
            _("%(domain)s is a public mail provider: anybody can have an address there.")
            % {"domain": domain_of(email)}
        )
    if found:
        return [Advice(text, is_warning=True) for text in found]
    return [
        Advice(
            _(
                "%(domain)s is neither the lead's domain nor a public mail provider. Check that it "
                "belongs to %(name)s."
            )
            % {"domain": domain_of(email), "name": name},
            is_warning=False,
        )
    ]


def _own_people(application: Application) -> list[tuple[str, str]]:
    """Return (address, name) of who works for the lead, confirmed or not, and of the contacts."""
    team = User.objects.filter(memberships__organisation=application.organisation_id)
    people = [(person.email.lower(), str(person)) for person in team]
    more = team.filter(emailaddress__isnull=False).values_list("emailaddress__email", "full_name")
    contacts = [
        (application.contact_email.lower(), application.contact_name),
        (application.deputy_email.lower(), application.deputy_name),
    ]
    return [*people, *((email.lower(), name) for email, name in more), *contacts]


def invitation_of(token: str) -> OnlineInvitation | None:
    """Return the invitation whose link a token is; None for one that nobody was sent."""
    return (
        OnlineInvitation.objects.filter(token_hash=hash_of(token))
        .select_related(
            "municipality__application__call",
            "municipality__application__organisation__country",
            "municipality__commitment",
            "municipality__country",
            "stakeholder__application__call",
            "stakeholder__application__organisation__country",
            "stakeholder__letter__file",
        )
        .first()
    )
