"""Inviting colleagues, and what they make of it.

Every change takes the locks of the coordinators first: whoever invites still may, and two who
invite the same address come one after the other.
"""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import coordinators, is_at
from accounts.services import create_person, lock_people, write_role
from accounts.states import StaffRole
from core.duties.catalogue import key_of
from core.kit import days
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.kit.text import clean_line
from core.kit.writes import lock
from core.post.mail import send_mail
from core.post.services import withdraw_mails
from core.trail.services import record_event
from iuc_portal.colleagues.errors import HasAccountError
from iuc_portal.colleagues.models import FirstSteps, StaffInvitation
from iuc_portal.colleagues.selectors import account_at, account_words
from programme.models import Country
from programme.organisations.models import hash_of, new_token
from programme.organisations.services import write_countries
from programme.organisations.services.members import INVITATION_DAYS, check_pace

# The events that wrote to `details["email"]`.
WRITTEN = ("colleague.invited", "colleague.invited_again")


@transaction.atomic
def invite_colleague(
    *,
    email: str,
    role: str,
    countries: Iterable[Country],
    by: User,
    account: int | None = None,
) -> StaffInvitation:
    """Invite somebody by mail to a role of staff; the link works once, for 14 days.

    An address that has an account is refused with its name and its cities (HasAccountError), until
    `account` is its key: this account is meant. One of staff, or a closed one, always is. Raises
    InvalidError, for an open invitation and for too many mails too.
    """
    lock_people(by=by)
    email = email.strip().lower()
    person = _account_meant(email, account)
    check_pace(by, email, WRITTEN)
    invitation, token = _make(email, role, by, account=person)
    if role == StaffRole.REGIONAL_DESK:
        invitation.countries.set(countries)
    _record("colleague.invited", invitation, by)
    _mail(invitation, token)
    return invitation


@transaction.atomic
def invite_first_coordinator(*, email: str, anyway: bool = False) -> tuple[StaffInvitation, str]:
    """Invite the coordinator of an installation that has none; return the token of the link too.

    For the command of who runs the portal. Raises WrongStateError when there is a coordinator
    who can sign in, unless `anyway`.
    """
    email = email.strip().lower()
    if coordinators().exists() and not anyway:
        raise WrongStateError(
            _("There is a coordinator, who can invite others in the console."), code="there_is_one"
        )
    known = account_at(email)
    person = _account_meant(email, known.pk if known else None)
    StaffInvitation.objects.filter(email=email, accepted_at=None, revoked_at=None).update(
        revoked_at=days.now()
    )
    invitation, token = _make(email, StaffRole.COORDINATOR, None, account=person)
    _record("colleague.invited", invitation, None)
    _mail(invitation, token)
    return invitation, token


def _account_meant(email: str, meant: int | None) -> User | None:
    """Return the account of an address, None where there is none.

    Raises InvalidError for one that cannot take a role up, or is not the one that is meant.
    """
    person = account_at(email)
    if person is None:
        return None
    if not person.is_active:
        words = _("The account of %(person)s is closed. Open it again first.")
    elif person.is_staff_member:
        words = _("%(person)s has a role of staff already. Change it on their page.")
    elif person.pk != meant:
        words = _("This address has an account: %(account)s. Confirm that it is to have the role.")
        raise HasAccountError(words % {"account": account_words(person)}, person)
    else:
        return person
    raise InvalidError(words % {"person": person}, field="email", code="has_account")


def _make(
    email: str, role: str, by: User | None, *, account: User | None
) -> tuple[StaffInvitation, str]:
    now = days.now()
    pending = StaffInvitation.objects.filter(email=email, accepted_at=None, revoked_at=None)
    if pending.filter(expires_at__gt=now).exists():
        raise InvalidError(
            _("%(email)s has an open invitation. Send it again, or take it back first.")
            % {"email": email},
            field="email",
            code="open",
        )
    pending.update(revoked_at=now)
    token = new_token()
    invitation = StaffInvitation.objects.create(
        email=email,
        role=role,
        account=account,
        token_hash=hash_of(token),
        invited_by=by,
        by_command=by is None,
        expires_at=now + dt.timedelta(days=INVITATION_DAYS),
    )
    return invitation, token


def _record(verb: str, invitation: StaffInvitation, by: User | None) -> None:
    details = {"email": invitation.email, "staff_role": invitation.role}
    countries = sorted(country.name for country in invitation.countries.all())
    if countries:
        details["countries"] = ", ".join(countries)
    record_event(verb=verb, target=invitation, by=by, details=details)


def _mail(invitation: StaffInvitation, token: str) -> None:
    person = account_at(invitation.email)
    by = invitation.invited_by
    reader = person or by
    send_mail(
        template="invitation_to_staff",
        to=invitation.email,
        language=reader.language if reader else settings.LANGUAGE_CODE,
        context={"invitation": invitation, "by": by, "token": token},
        about=key_of(invitation),
    )


def _end_links(invitation: StaffInvitation, why: str) -> None:
    withdraw_mails(about=[key_of(invitation)], kinds=["invitation_to_staff"], why=why)


def _lock_open(invitation: StaffInvitation) -> StaffInvitation:
    """Return the invitation locked; WrongStateError when it was used or taken back."""
    invitation = lock(invitation)
    if invitation.accepted_at:
        raise WrongStateError(_("This invitation was used already."), code="used")
    if invitation.revoked_at:
        raise WrongStateError(
            _("This invitation was taken back. Ask for a new one."), code="revoked"
        )
    return invitation


@transaction.atomic
def invite_colleague_again(*, invitation: StaffInvitation, by: User) -> StaffInvitation:
    """Send a fresh link for 14 more days; the old one stops working. Raises as invite_colleague."""
    lock_people(by=by)
    invitation = _lock_open(invitation)
    try:
        _account_meant(invitation.email, invitation.account_id)
    except HasAccountError as error:
        words = _(
            "This address has an account since: %(account)s. Take the invitation back, then invite "
            "again and confirm."
        )
        known = {"account": account_words(error.account)}
        raise InvalidError(words % known, code="has_account") from error
    check_pace(by, invitation.email, WRITTEN)
    _end_links(invitation, _("A fresh link was sent instead."))
    token = new_token()
    invitation.token_hash = hash_of(token)
    invitation.expires_at = days.now() + dt.timedelta(days=INVITATION_DAYS)
    invitation.invited_by, invitation.by_command = by, False
    invitation.save(update_fields=["token_hash", "expires_at", "invited_by", "by_command"])
    _record("colleague.invited_again", invitation, by)
    _mail(invitation, token)
    return invitation


@transaction.atomic
def take_back_invitation(*, invitation: StaffInvitation, by: User) -> StaffInvitation:
    """Take an invitation back; its link stops working."""
    lock_people(by=by)
    invitation = _lock_open(invitation)
    invitation.revoked_at = days.now()
    invitation.save(update_fields=["revoked_at"])
    _end_links(invitation, _("The invitation was taken back."))
    _record("colleague.not_invited", invitation, by)
    return invitation


@transaction.atomic
def become_colleague(*, token: str, full_name: str, password: str) -> User:
    """Make the account of who was invited, with the role; the link is used up.

    Raises WrongStateError with code "unknown", "used", "revoked", "expired", "uninvited" (who
    invited may do so no more) or "has_account" (somebody has made one meanwhile).
    """
    invitation = _usable(token)
    there_is_one = WrongStateError(
        _("This address has an account. Sign in with it, then open the link again."),
        code="has_account",
    )
    if account_at(invitation.email):
        raise there_is_one
    try:
        person = create_person(
            email=invitation.email, full_name=clean_line(full_name), password=password
        )
    except IntegrityError as error:
        # It was signed up with since it was looked for.
        raise there_is_one from error
    return _give(invitation, person)


@transaction.atomic
def take_up_role(*, token: str, user: User) -> User:
    """Give the role to the account that was meant; the link is used up.

    Raises as become_colleague, and NotAllowedError for any other account.
    """
    invitation = _usable(token)
    if not is_at(user, invitation.email) or not user.is_active:
        raise NotAllowedError(_("This invitation is for another address. Sign in with that one."))
    user = lock(user)
    if user.is_staff_member:
        raise WrongStateError(
            _("You have a role already. A coordinator changes it on your page."), code="has_role"
        )
    if invitation.account_id != user.pk:
        raise WrongStateError(
            _(
                "Who invited you did not know of your account. Ask them to invite you again and "
                "to confirm that this account is meant."
            ),
            code="has_account",
        )
    return _give(invitation, user)


def _usable(token: str) -> StaffInvitation:
    """Return the invitation locked, as long as its link works and its sender may invite."""
    found = StaffInvitation.objects.filter(token_hash=hash_of(token)).first()
    if found is None:
        raise WrongStateError(_("This invitation is not known. Ask for a new one."), code="unknown")
    uninvited = WrongStateError(
        _("Who invited you may do so no more. Ask another coordinator for a new link."),
        code="uninvited",
    )
    if found.invited_by:
        try:
            lock_people(by=found.invited_by)
        except NotAllowedError as error:
            raise uninvited from error
    invitation = _lock_open(found)
    if invitation.token_hash != found.token_hash:
        raise WrongStateError(_("A newer link was sent. Open that one."), code="unknown")
    # Nobody is left as the sender once their account is deleted: that says nothing of their right.
    if invitation.invited_by_id is None and not invitation.by_command:
        raise uninvited
    if invitation.expires_at <= days.now():
        raise WrongStateError(_("This invitation has run out. Ask for a new one."), code="expired")
    return invitation


def _give(invitation: StaffInvitation, person: User) -> User:
    invitation.accepted_at, invitation.accepted_by = days.now(), person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    _record("colleague.joined", invitation, person)
    write_role(person=person, role=invitation.role, actor=person)
    write_countries(person=person, countries=invitation.countries.all(), actor=person)
    FirstSteps.objects.get_or_create(person=person)
    return person
