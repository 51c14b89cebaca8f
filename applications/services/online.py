"""Commitments online: an office without an account is asked by mail, and commits on a page.

The link is a secret of who reads the mail: opening it changes nothing, sending the page binds,
once. Only a hash of it is kept, and whoever asked never sees it.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import people_at
from applications.models import Application, Commitment, Municipality, OnlineInvitation
from applications.services.commitments import INVITATION_MAIL, replace_commitment, withdraw_links
from applications.services.letters import write_to_city
from applications.services.locking import lock_draft, require_open_call
from applications.services.municipalities import add_municipality
from applications.states import CommitmentVerdict
from core.duties.catalogue import key_of
from core.files.services import atomic_with_files
from core.kit import days
from core.kit.clocks import today_in
from core.kit.errors import InvalidError, WrongStateError
from core.kit.rows import still_there
from core.kit.text import clean_line
from core.kit.writes import lock
from core.post.mail import send_mail
from core.trail.services import record_event
from programme.calls.selectors import closing_of
from programme.organisations.models import hash_of, new_token
from programme.organisations.services.members import INVITING, check_pace
from programme.organisations.states import InvitationState

# The link works so long, or until the call closes: whichever comes first.
LINK_DAYS = 21
ASKING = ("application.commitment_asked", "application.commitment_asked_again")


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


@transaction.atomic
def invite_online(*, municipality: Municipality, email: str, by: User) -> OnlineInvitation:
    """Ask a member of a group by mail to commit online; asking again sends a fresh link.

    Raises InvalidError for the lead, for one that has committed, for an address that another
    member of this application gave, and for too many mails.
    """
    application = lock_draft(municipality.application, by)
    rows = application.municipalities.select_related("invitation", "commitment")
    municipality = still_there(rows, municipality.pk)
    _refuse_settled(municipality)
    email = email.strip().lower()
    taken = OnlineInvitation.objects.filter(
        municipality__application=application, email=email, revoked_at=None
    ).exclude(municipality=municipality)
    if (other := taken.select_related("municipality").first()) is not None:
        raise InvalidError(
            _("%(email)s was asked for %(name)s already. Each municipality has its own address.")
            % {"email": email, "name": other.municipality.name},
            field="email",
            code="same_address",
        )
    check_pace(by, email, (*INVITING, *ASKING))
    former = getattr(municipality, "invitation", None)
    verb, _asked_again = ASKING
    if former is not None:
        withdraw_links(former, why=_("A fresh link was sent instead."))
        former.delete()
        verb = _asked_again if former.email == email else verb
    token = new_token()
    now = days.now()
    invitation = OnlineInvitation.objects.create(
        municipality=municipality,
        email=email,
        token_hash=hash_of(token),
        invited_by=by,
        sent_at=now,
        expires_at=_runs_out(application, now),
    )
    # What the lead sees beside the municipality.
    Municipality.objects.filter(pk=municipality.pk).update(contact_email=email)
    _mail_link(invitation, token, by)
    record_event(
        verb=verb,
        target=application,
        by=by,
        details={"municipality": municipality.name, "email": email},
    )
    return invitation


@transaction.atomic
def add_and_invite(
    *, application: Application, by: User, contact_email: str, **values: Any
) -> Municipality:
    """Add a municipality and ask it at once to commit online; both or neither.

    Raises what add_municipality and invite_online raise; an address is needed.
    """
    if not contact_email:
        raise InvalidError(
            _("Give the e-mail address of its administration, so that it can be invited."),
            field="contact_email",
        )
    municipality = add_municipality(
        application=application, by=by, contact_email=contact_email, **values
    )
    try:
        invite_online(municipality=municipality, email=contact_email, by=by)
    except InvalidError as error:
        error.field = "contact_email" if error.field == "email" else error.field
        raise
    return municipality


def _refuse_settled(municipality: Municipality) -> None:
    """Raise InvalidError for who leads, or has committed and was not refused."""
    if municipality.is_lead:
        raise InvalidError(
            _("%(name)s leads and need not commit. Invite the others.")
            % {"name": municipality.name},
            code="lead_needs_none",
        )
    commitment = getattr(municipality, "commitment", None)
    if commitment is not None and commitment.verdict != CommitmentVerdict.REFUSED:
        raise InvalidError(
            _("%(name)s has committed already.") % {"name": municipality.name},
            code="committed",
        )


def _runs_out(application: Application, now: dt.datetime) -> dt.datetime:
    last = now + dt.timedelta(days=LINK_DAYS)
    closes_at = closing_of(application.call, application.organisation)
    return min(last, closes_at) if closes_at else last


def _mail_link(invitation: OnlineInvitation, token: str, by: User) -> None:
    known = people_at(invitation.email).first()
    language = known.language if known else by.language
    with translation.override(language):
        statement = statement_of(invitation.municipality)
    send_mail(
        template=INVITATION_MAIL,
        to=invitation.email,
        language=language,
        context={
            "invitation": invitation,
            "municipality": invitation.municipality,
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
    invitation = lock(invitation, "municipality__application__organisation")
    if invitation.used_at:
        raise WrongStateError(
            _("%(name)s has committed already.") % {"name": invitation.municipality.name},
            code="used",
        )
    if invitation.revoked_at:
        return invitation
    invitation.revoked_at = days.now()
    invitation.save(update_fields=["revoked_at"])
    withdraw_links(invitation, why=_("The invitation was taken back."))
    record_event(
        verb="application.commitment_unasked",
        target=application,
        by=by,
        details={"municipality": invitation.municipality.name, "email": invitation.email},
    )
    return invitation


def require_usable(invitation: OnlineInvitation) -> None:
    """Raise WrongStateError, saying why, when the link of an invitation binds nobody any more."""
    application = invitation.application
    sentences = {
        InvitationState.USED: _("This link was used already: each works once."),
        InvitationState.REVOKED: _("This invitation was taken back."),
        InvitationState.EXPIRED: _("This invitation has run out. Ask for a new one."),
    }
    if sentence := sentences.get(invitation.state):
        raise WrongStateError(sentence, code=str(invitation.state))
    if not application.is_draft:
        raise WrongStateError(
            _("The application is closed to changes: it was sent, or withdrawn."), code="moved_on"
        )
    require_open_call(application)


@atomic_with_files()
def commit_online(*, token: str, name: str, office: str) -> Commitment:
    """Bind the municipality that the link was sent to; works once, for whoever has the link.

    There is no account: the address that was written to stands for the office, and staff look
    at it before it counts. Raises InvalidError (code "unknown") for a token that nobody was
    sent, and WrongStateError when the link binds nobody any more.
    """
    found = OnlineInvitation.objects.filter(token_hash=hash_of(token)).first()
    if found is None:
        raise InvalidError(_("This link is not known. Ask for a new one."), code="unknown")
    # The application first, as every other write on it does.
    application = lock(found.municipality.application, "call", "organisation")
    invitation = still_there(
        OnlineInvitation.objects.select_for_update(of=("self",)).select_related(
            "municipality__city", "municipality__application__call", "municipality__commitment"
        ),
        found.pk,
    )
    municipality = invitation.municipality
    municipality.application = application
    require_usable(invitation)
    _refuse_settled(municipality)
    commitment = replace_commitment(
        municipality,
        signed_by_name=clean_line(name),
        signed_by_office=clean_line(office),
        signed_on=_today_of(municipality),
        email=invitation.email,
        statement=statement_of(municipality),
    )
    invitation.used_at = days.now()
    invitation.save(update_fields=["used_at"])
    record_event(
        verb="application.commitment_given",
        target=application,
        by=None,
        details={
            "municipality": municipality.name,
            "email": invitation.email,
            "signatory": f"{commitment.signed_by_name}, {commitment.signed_by_office}",
        },
    )
    _tell(application, commitment)
    return commitment


def _today_of(municipality: Municipality) -> dt.date:
    """Return the day at the signer's place, or at the lead's where nobody knows it."""
    lead = municipality.application.organisation
    return today_in(municipality.city.time_zone if municipality.city else lead.time_zone)


def _tell(application: Application, commitment: Commitment) -> None:
    """Write to the office what was agreed to, and to the lead that it was."""
    send_mail(
        template="commitment_receipt",
        to=commitment.email,
        language=translation.get_language() or "en-gb",
        context={
            "application": application,
            "commitment": commitment,
            "municipality": commitment.municipality,
            "statement": commitment.statement.splitlines(),
        },
        about=key_of(application),
    )
    write_to_city(application, "commitment_given", {"commitment": commitment})
