"""Handing a draft over to a colleague: the writing, the contact, and the lead if wanted."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from applications.services.locking import lock_draft, touch
from core.duties.catalogue import key_of
from core.kit.errors import InvalidError
from core.kit.writes import clean_text
from core.post.mail import send_mail
from core.trail.services import record_event
from programme.organisations.models import Membership
from programme.organisations.services import change_role
from programme.organisations.states import WRITERS, MembershipRole

MAIL = "application_handed_over"
LONGEST_NOTE = 2000


@transaction.atomic
def hand_over(
    *, application: Application, to: User, by: User, note: str = "", as_lead: bool = False
) -> Application:
    """Ask a colleague of the team to go on with a draft, and tell them by mail what is left.

    Where `by` stands as the contact, the colleague takes that place. `as_lead` makes them a lead
    of the city, who may send it; a viewer becomes a writer. Both take the right to manage the
    team. Who hands over keeps their own role. Raises InvalidError for somebody outside the team,
    NotAllowedError without that right.
    """
    application = lock_draft(application, by)
    member = application.organisation.memberships.filter(user=to).select_related("user").first()
    if member is None or to == by:
        raise InvalidError(
            _("Choose a colleague of your team. A lead invites those who are not in it yet."),
            field="to",
        )
    note = clean_text(note, field="note", limit=LONGEST_NOTE)
    _give_role(member, by, as_lead=as_lead)
    if application.contact_email.lower() == by.email.lower():
        touch(application, *application.name_contact(to))
    record_event(
        verb="application.handed_over", target=application, by=by, details={"person": str(to)}
    )
    send_mail(
        template=MAIL,
        to=to.email,
        language=to.language,
        context={"reader": to, "by": by, "application": application, "note": note},
        about=key_of(application),
        owner=key_of(application.organisation),
    )
    return application


def _give_role(member: Membership, by: User, *, as_lead: bool) -> None:
    """Make the colleague a lead if wanted, and a writer in any case."""
    if as_lead and member.role != MembershipRole.LEAD:
        change_role(membership=member, role=MembershipRole.LEAD, by=by)
    elif member.role not in WRITERS:
        change_role(membership=member, role=MembershipRole.EDITOR, by=by)
