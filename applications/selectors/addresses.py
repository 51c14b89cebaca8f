"""What the address of a commitment says of who gave it: advice for staff, never a verdict."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application, Municipality, OnlineInvitation, Stakeholder
from applications.selectors.passing import former_leads, is_of
from core.kit.addresses import domain_of, is_public_provider, share_domain
from programme.organisations.models import hash_of


@dataclass(frozen=True)
class Advice:
    """What staff should know of an address; `is_warning` where they should ask."""

    text: str
    is_warning: bool


@dataclass(frozen=True)
class _Team:
    """People in whose interest it may be that somebody else signs, by their addresses."""

    people: dict[str, str]
    # What an address of one of them means, and one at their domain.
    is_theirs: str
    shares_domain: str


def advice_on(
    application: Application, email: str, whose: Municipality | Stakeholder
) -> list[Advice]:
    """Return what stands out about the address at which something was signed for `whose`.

    A lead could invite itself in the name of another's mayor, and so could one that has led the
    group before: so it is compared with the people of both, with the contact, and with where
    anybody gets an address.
    """
    email = email.lower()
    found = [words for team in _teams(application, whose) if (words := _told(team, email))]
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
            % {"domain": domain_of(email), "name": whose.name},
            is_warning=False,
        )
    ]


def _told(team: _Team, email: str) -> str:
    """Return what an address has to do with a team; "" for nothing."""
    if email in team.people:
        return team.is_theirs % {"name": team.people[email]}
    shared = next((address for address in team.people if share_domain(address, email)), "")
    return team.shares_domain % {"address": shared} if shared else ""


def _teams(application: Application, whose: Municipality | Stakeholder) -> list[_Team]:
    """Return the lead's people with the contacts, and those of each former lead.

    A former lead that stays in the group signs for itself: then its own people are no stranger's.
    """
    contacts = {
        application.contact_email.lower(): application.contact_name,
        application.deputy_email.lower(): application.deputy_name,
    }
    lead = _people_of(application.organisation_id) | contacts
    found = [
        _Team(
            {address: name for address, name in lead.items() if address},
            _("The address is that of %(name)s, who works for the lead."),
            _("The address has the same domain as the lead's people (%(address)s)."),
        )
    ]
    for body in former_leads(application):
        if isinstance(whose, Municipality) and is_of(body, whose):
            continue
        found.append(
            _Team(
                _people_of(body.pk),
                _("The address is that of %(name)s, who works for the former lead."),
                _("The address has the same domain as the former lead's people (%(address)s)."),
            )
        )
    return found


def _people_of(organisation: int) -> dict[str, str]:
    """Return name by address of who works for an organisation, confirmed or not; two queries."""
    team = User.objects.filter(memberships__organisation=organisation)
    people = {person.email.lower(): str(person) for person in team}
    more = team.filter(emailaddress__isnull=False).values_list("emailaddress__email", "full_name")
    return people | {email.lower(): name for email, name in more}


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
