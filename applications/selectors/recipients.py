"""Who is written to about an application."""

from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.models import User
from accounts.selectors import people_at
from applications.models import Application, Clarification, LeadOffer, OnlineInvitation
from applications.selectors.records import submission_of
from programme.organisations.states import MembershipRole


def mails_kept_from(user: User) -> Q:
    """Return the condition on mails about what the person has declared a link with."""
    linked = Application.objects.linked_to(user).order_by().values("pk")
    return (
        Q(about__in=_keys("application", Application.objects.filter(pk__in=linked)))
        | Q(about__in=_keys("clarification", Clarification.objects.filter(application__in=linked)))
        | Q(about__in=_keys("leadoffer", LeadOffer.objects.filter(application__in=linked)))
        | Q(about__in=_keys("onlineinvitation", OnlineInvitation.objects.of(pk__in=linked)))
    )


def _keys(kind: str, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Return how mails name the rows: "application:3"."""
    number = Cast("pk", CharField())
    named = Concat(Value(f"{kind}:"), number, output_field=CharField())
    return rows.order_by().annotate(mail_key=named).values("mail_key")


def recipients_of(application: Application) -> list[tuple[str, str]]:
    """Return (address, language) of who is written to: both contacts and the last sender.

    Whoever left the team, or has a closed account, gets nothing. When nobody is left, the
    leads are written to. An address without an account is as the city gave it.
    """
    submission = submission_of(application)
    sender = submission.by if submission else None
    found: dict[str, str] = {}
    if sender and _works_for(application, sender):
        found[sender.email] = sender.language
    default = sender.language if sender else "en-gb"
    for contact in (application.contact_email.lower(), application.deputy_email.lower()):
        if not contact or contact in found:
            continue
        person = people_at(contact).first()
        if person is None or _works_for(application, person):
            found[contact] = person.language if person else default
    if not found:
        leads = User.objects.filter(
            memberships__organisation=application.organisation_id,
            memberships__role=MembershipRole.LEAD,
            is_active=True,
        ).order_by("id")
        found = {lead.email: lead.language for lead in leads}
    return list(found.items())


def _works_for(application: Application, person: User) -> bool:
    """Tell whether a person can sign in and is of the team, or of the unit."""
    if not person.is_active:
        return False
    team = person.memberships.filter(organisation=application.organisation_id)
    return person.is_staff_member or team.exists()
