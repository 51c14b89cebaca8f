"""Asking an office without an account by mail to sign: to commit, or to write its letter.

The link is a secret of who reads the mail: only a hash of it is kept, and whoever asked never
sees it. What the link does stands in `online`.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application, Asked, Municipality, OnlineInvitation, Stakeholder
from applications.services.links import (
    TO_COMMIT,
    TO_SUPPORT,
    end_link,
    language_at,
    withdraw_links,
)
from applications.services.locking import lock_draft
from applications.services.municipalities import add_municipality
from applications.services.stakeholders import add_stakeholder
from applications.states import CommitmentVerdict, LinkEnd
from core.duties.catalogue import key_of
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.fingerprints import fingerprint
from core.kit.rows import still_there
from core.kit.writes import lock
from core.post.mail import send_mail
from core.trail.services import record_event
from programme.calls.selectors import closing_of
from programme.organisations.models import hash_of, new_token
from programme.organisations.services.members import INVITING, check_pace

# The link works so long, or until the call closes: whichever comes first.
LINK_DAYS = 21


@dataclass(frozen=True)
class Way:
    """How one kind of office is asked: its mail, and the words of the audit trail."""

    mail: str
    # "application.<noun>_asked" and so on.
    noun: str
    # The fact of the trail that names who was asked.
    fact: str

    def verb(self, done: str) -> str:
        """Return the verb of the audit trail for a step of it."""
        return f"application.{self.noun}_{done}"


COMMITTING = Way(TO_COMMIT, "commitment", "municipality")
SUPPORTING = Way(TO_SUPPORT, "letter", "stakeholder")
# The events that went out as a mail with a link.
ASKING = tuple(
    way.verb(done) for way in (COMMITTING, SUPPORTING) for done in ("asked", "asked_again")
)


def way_of(asked: Asked) -> Way:
    """Return how it is asked."""
    return COMMITTING if isinstance(asked, Municipality) else SUPPORTING


def statement_of(municipality: Municipality) -> str:
    """Return the words that a municipality agrees to, in the reader's language, line by line."""
    application = municipality.application
    lines = [
        _(
            "%(name)s takes part in the application of %(lead)s to the call “%(call)s” and gives "
            "staff and time for the whole period."
        )
        % {
            "name": municipality.name,
            "lead": application.organisation.name,
            "call": application.call.title,
        },
        *(commitment.text for commitment in application.call.commitments.all()),
    ]
    return "\n".join(lines)


def shown_print(asked: Asked) -> str:
    """Return the fingerprint of what the page of a link shows to who signs there."""
    if isinstance(asked, Municipality):
        return fingerprint(statement_of(asked))
    application = asked.application
    lead, call = application.organisation.name, application.call.title
    return fingerprint([asked.name, asked.role, lead, call])


@transaction.atomic
def invite_online(*, asked: Asked, email: str, by: User) -> OnlineInvitation:
    """Ask a member of a group to commit, or a stakeholder for its letter, by mail.

    Asking again sends a fresh link. Raises InvalidError for the lead, for a member that has
    committed, for an address that another one of this application gave, and for too many mails.
    """
    application = lock_draft(asked.application, by)
    way = way_of(asked)
    asked = _asked_now(application, asked)
    refuse_settled(asked)
    email = email.strip().lower()
    _refuse_shared(application, asked, email)
    check_pace(by, email, (*INVITING, *ASKING))
    former = getattr(asked, "invitation", None)
    done = "asked"
    if former is not None:
        withdraw_links(former, why=_("A fresh link was sent instead."))
        former.delete()
        done = "asked_again" if former.email == email else done
    token = new_token()
    now = days.now()
    invitation = OnlineInvitation.objects.create(
        **{way.fact: asked},
        email=email,
        asked_as=asked.name,
        token_hash=hash_of(token),
        invited_by=by,
        sent_at=now,
        expires_at=_runs_out(application, now),
    )
    # What the lead sees beside it.
    type(asked).objects.filter(pk=asked.pk).update(contact_email=email)
    _mail_link(invitation, token, by)
    record_event(
        verb=way.verb(done),
        target=application,
        by=by,
        details={way.fact: asked.name, "email": email},
    )
    return invitation


def _asked_now(application: Application, asked: Asked) -> Asked:
    """Return who is asked as it is now; WrongStateError when somebody has taken it out."""
    if isinstance(asked, Municipality):
        members = application.municipalities.select_related("invitation", "commitment")
        return still_there(members, asked.pk)
    return still_there(application.stakeholders.select_related("invitation"), asked.pk)


def _refuse_shared(application: Application, asked: Asked, email: str) -> None:
    """Raise InvalidError for an address at which another one of this application was asked."""
    rows = OnlineInvitation.objects.of(pk=application.pk).filter(
        # One that has ended, used or not, holds its address no more.
        email=email,
        revoked_at=None,
        end="",
    )
    taken = rows.exclude(pk__in=OnlineInvitation.objects.asking(asked).values("pk"))
    if (other := taken.select_related("municipality", "stakeholder").first()) is not None:
        raise InvalidError(
            _("%(email)s was asked for %(name)s already. Each of them has its own address.")
            % {"email": email, "name": other.asked.name},
            field="email",
            code="same_address",
        )


@transaction.atomic
def add_and_invite(
    *, application: Application, by: User, contact_email: str, **values: Any
) -> Municipality:
    """Add a municipality and ask it at once to commit online; both or neither.

    Raises what add_municipality and invite_online raise; an address is needed.
    """
    _require_address(contact_email)
    municipality = add_municipality(
        application=application, by=by, contact_email=contact_email, **values
    )
    _invite_added(municipality, contact_email, by)
    return municipality


@transaction.atomic
def add_and_ask(
    *, application: Application, by: User, contact_email: str, **values: Any
) -> Stakeholder:
    """Name a stakeholder and ask it at once for its letter; both or neither.

    Raises what add_stakeholder and invite_online raise; an address is needed.
    """
    _require_address(contact_email)
    stakeholder = add_stakeholder(
        application=application, by=by, contact_email=contact_email, **values
    )
    _invite_added(stakeholder, contact_email, by)
    return stakeholder


def _require_address(contact_email: str) -> None:
    if not contact_email:
        raise InvalidError(
            _("Give the e-mail address of its administration, so that it can be invited."),
            field="contact_email",
        )


def _invite_added(asked: Asked, email: str, by: User) -> None:
    try:
        invite_online(asked=asked, email=email, by=by)
    except InvalidError as error:
        error.field = "contact_email" if error.field == "email" else error.field
        raise


def refuse_settled(asked: Asked) -> None:
    """Raise InvalidError for who leads, or has committed and was not refused.

    A stakeholder may always write another letter: it takes the place of the first.
    """
    if isinstance(asked, Stakeholder):
        return
    if asked.is_lead:
        raise InvalidError(
            _("%(name)s leads and need not commit. Invite the others.") % {"name": asked.name},
            code="lead_needs_none",
        )
    commitment = getattr(asked, "commitment", None)
    if commitment is not None and commitment.verdict != CommitmentVerdict.REFUSED:
        raise InvalidError(
            _("%(name)s has committed already.") % {"name": asked.name},
            code="committed",
        )


def _runs_out(application: Application, now: dt.datetime) -> dt.datetime:
    """Return until when a link is answered: as long as its application can be sent."""
    closes_at = closing_of(application.call, application.organisation)
    return closes_at or now + dt.timedelta(days=LINK_DAYS)


def _mail_link(invitation: OnlineInvitation, token: str, by: User) -> None:
    language = language_at(invitation.email, by.language)
    way, asked = way_of(invitation.asked), invitation.asked
    with translation.override(language):
        statement = statement_of(asked) if isinstance(asked, Municipality) else ""
    send_mail(
        template=way.mail,
        to=invitation.email,
        language=language,
        context={
            "invitation": invitation,
            way.fact: asked,
            "application": invitation.application,
            "statement": statement.splitlines(),
            "by": by,
            "token": token,
        },
        about=key_of(invitation),
    )


@transaction.atomic
def revoke_online(*, invitation: OnlineInvitation, by: User) -> OnlineInvitation:
    """Take the invitation back; its link stops working. Raises WrongStateError once it was used."""
    application = lock_draft(invitation.application, by)
    invitation = lock(invitation, "municipality__application", "stakeholder__application")
    if invitation.used_at:
        raise WrongStateError(
            _("%(name)s has used the link already.") % {"name": invitation.asked.name},
            code="used",
        )
    if invitation.revoked_at:
        return invitation
    end_link(invitation.asked, LinkEnd.TAKEN_BACK)
    invitation.refresh_from_db(fields=["revoked_at", "end"])
    way = way_of(invitation.asked)
    record_event(
        verb=way.verb("unasked"),
        target=application,
        by=by,
        details={way.fact: invitation.asked.name, "email": invitation.email},
    )
    return invitation
