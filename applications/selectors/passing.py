"""Who of a group may lead it in the place of its lead, and what is offered to whom."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from applications.models import Application, LeadOffer, Municipality, Submission
from applications.states import ApplicantKind, ApplicationStatus, OfferState
from programme.organisations.models import Membership, Organisation
from programme.organisations.states import MembershipRole, Standing


@dataclass(frozen=True)
class MayLead:
    """A member of a group; its organisation is None where nobody of it is in the portal."""

    municipality: Municipality
    organisation: Organisation | None


def who_may_lead(application: Application) -> list[MayLead]:
    """Return the members but the lead, each with the organisation that has people; two queries.

    Told by the place that was chosen for it, else by its name in its country.
    """
    members = list(application.municipalities.filter(is_lead=False).select_related("country"))
    leads = Membership.objects.filter(
        organisation=OuterRef("pk"), role=MembershipRole.LEAD, user__is_active=True
    )
    names, places = {one.search_name for one in members}, {one.city_id for one in members} - {None}
    bodies = list(
        Organisation.objects.lasting()
        .filter(Exists(leads), Q(search_name__in=names) | Q(cities__in=places))
        .filter(country__in={one.country_id for one in members})
        .exclude(pk=application.organisation_id)
        .exclude(standing=Standing.REFUSED)
        .distinct()
        .prefetch_related("cities")
    )
    return [MayLead(one, next((b for b in bodies if is_of(b, one)), None)) for one in members]


def is_of(body: Organisation, member: Municipality) -> bool:
    """Tell whether a member of a group is this organisation; its cities are prefetched."""
    if body.country_id != member.country_id:
        return False
    if member.city_id and len(body.cities.all()) == 1:
        return body.cities.all()[0].pk == member.city_id
    return body.search_name == member.search_name


def open_offer(application: Application) -> LeadOffer | None:
    """Return the offer to lead it that waits for an answer."""
    rows = application.lead_offers.filter(state=OfferState.OPEN)
    return rows.select_related("organisation", "municipality").first()


def former_leads(application: Application) -> list[Organisation]:
    """Return who led the group before and passed it on, but for who leads it now; one query."""
    accepted = application.lead_offers.filter(state=OfferState.ACCEPTED)
    rows = Organisation.objects.filter(pk__in=accepted.values("former"))
    return list(rows.exclude(pk=application.organisation_id).prefetch_related("cities"))


def passed_since(application: Application, sent: Submission | None) -> LeadOffer | None:
    """Return by which offer the lead was passed on after what counts was sent; None if it was not.

    Only a group has another lead: others cost no query. Of what was withdrawn or rejected nobody
    has to name people any more.
    """
    is_over = application.status in (ApplicationStatus.WITHDRAWN, ApplicationStatus.REJECTED)
    if sent is None or is_over or application.kind != ApplicantKind.GROUP:
        return None
    rows = application.lead_offers.filter(state=OfferState.ACCEPTED, answered_at__gt=sent.at)
    return rows.select_related("former").order_by("-answered_at").first()


def offers_to(user: User) -> "QuerySet[LeadOffer]":
    """Return what is offered to the organisations of a person, the newest first."""
    return LeadOffer.objects.filter(organisation__memberships__user=user.pk).select_related(
        "application__call", "organisation", "former", "municipality", "offered_by"
    )
