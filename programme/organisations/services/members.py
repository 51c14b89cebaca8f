"""The people of an organisation: inviting, joining, changing roles, leaving.

An organisation that has a lead never loses the last one. Every change that could do so
first locks the organisation's row, so that two of them come one after the other.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_city_user
from accounts.selectors import is_at, people_at
from accounts.services import delete_person
from core.duties.catalogue import key_of
from core.duties.services import touch
from core.kit import days
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.kit.people import forget
from core.kit.writes import lock
from core.post.mail import send_mail
from core.post.services import withdraw_mails
from core.trail.models import AuditEvent
from core.trail.services import record_event
from programme.organisations.models import Invitation, Membership, Organisation, hash_of, new_token
from programme.organisations.services.claims import withdraw_claim
from programme.organisations.services.joining import join_team
from programme.organisations.services.standing import require_confirmed
from programme.organisations.states import MembershipRole

INVITATION_DAYS = 14
# More open invitations than any city needs: nobody uses the portal to send mails at large.
MOST_OPEN_INVITATIONS = 30
# Taking back and inviting again, or sending again, writes a mail each time.
MOST_MAILS_AN_HOUR = 60
MOST_MAILS_A_DAY_TO_ONE = 5
# The events that invite somebody by mail.
INVITING = ("invitation.sent", "invitation.resent")


def _check_manager(by: User, organisation: Organisation, role: str = "") -> None:
    """Let in leads, coordinators, and a desk that invites the first lead of its city."""
    forget(by)
    if by.has_perm("organisations.manage_members", organisation):
        return
    if role == MembershipRole.LEAD and by.has_perm("organisations.invite_first_lead", organisation):
        return
    raise NotAllowedError(
        _(
            "Only a lead of %(name)s manages its people. Ask one of them, or write to the "
            "coordination unit."
        )
        % {"name": organisation.name}
    )


def check_pace(by: User, email: str, verbs: Sequence[str] = INVITING) -> None:
    """Refuse to flood: mails of one person in an hour, and to one address in a day.

    `verbs` are the events of the audit trail that went out as a mail to `details["email"]`.
    Raises InvalidError (field "email").
    """
    now = days.now()
    written = AuditEvent.objects.filter(verb__in=verbs)
    by_person = written.filter(words__actor=by, at__gt=now - dt.timedelta(hours=1))
    to_one = written.filter(words__details__email=email, at__gt=now - dt.timedelta(days=1))
    if by_person.count() >= MOST_MAILS_AN_HOUR:
        raise InvalidError(
            _("You have sent %(count)d invitations within an hour. Wait a little, then go on.")
            % {"count": MOST_MAILS_AN_HOUR},
            field="email",
            code="too_many",
        )
    if to_one.count() >= MOST_MAILS_A_DAY_TO_ONE:
        raise InvalidError(
            _(
                "%(email)s got %(count)d invitations within a day. Ask the person to look into "
                "the spam folder, or try again tomorrow."
            )
            % {"email": email, "count": MOST_MAILS_A_DAY_TO_ONE},
            field="email",
            code="too_many",
        )


def _mail_invitation(invitation: Invitation, token: str, by: User) -> None:
    invited = people_at(invitation.email).first()
    send_mail(
        template="invitation",
        to=invitation.email,
        language=invited.language if invited else by.language,
        context={
            "invitation": invitation,
            "organisation": invitation.organisation,
            "by": by,
            "token": token,
        },
        about=key_of(invitation),
        owner=key_of(invitation.organisation),
    )


def _withdraw_links(*invitations: Invitation, why: str) -> None:
    """Take back the mails with links that work no more."""
    withdraw_mails(about=[key_of(row) for row in invitations], kinds=["invitation"], why=why)


@transaction.atomic
def invite_member(*, organisation: Organisation, email: str, role: str, by: User) -> Invitation:
    """Invite a person by mail; the link works once, for 14 days.

    An invitation that ran out is replaced. Raises InvalidError for a member, for an address
    with an open invitation, and for too many mails; WrongStateError before the organisation is
    confirmed.
    """
    organisation = lock(organisation)
    _check_manager(by, organisation, role)
    if is_city_user(by):
        require_confirmed(organisation)
    email = email.strip().lower()
    if organisation.memberships.filter(user__in=people_at(email)).exists():
        raise InvalidError(
            _("%(email)s belongs to the team already. Change the role in the list.")
            % {"email": email},
            field="email",
        )
    pending = organisation.invitations.filter(accepted_at=None, revoked_at=None)
    now = days.now()
    if pending.filter(email=email, expires_at__gt=now).exists():
        raise InvalidError(
            _(
                "%(email)s has an open invitation. Send it again from the list, or take it "
                "back first."
            )
            % {"email": email},
            field="email",
        )
    pending.filter(email=email).update(revoked_at=now)
    if pending.filter(expires_at__gt=now).count() >= MOST_OPEN_INVITATIONS:
        raise InvalidError(
            _("There are %(count)d open invitations. Take some back first.")
            % {"count": MOST_OPEN_INVITATIONS},
            field="email",
        )
    check_pace(by, email)
    token = new_token()
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        role=role,
        token_hash=hash_of(token),
        invited_by=by,
        expires_at=now + dt.timedelta(days=INVITATION_DAYS),
    )
    touch(invitation)
    _mail_invitation(invitation, token, by)
    record_event(
        verb="invitation.sent",
        target=organisation,
        by=by,
        details={"email": email, "role": role},
    )
    return invitation


def _lock_open(invitation: Invitation, by: User | None = None) -> Invitation:
    """Return the invitation locked; WrongStateError when it was used or taken back.

    `by` must manage the team; None is the person whom it invites.
    """
    invitation = lock(invitation, "organisation")
    if by is not None:
        _check_manager(by, invitation.organisation, invitation.role)
    if invitation.accepted_at:
        raise WrongStateError(
            _("%(email)s has accepted already. Look at the list of people.")
            % {"email": invitation.email},
            code="used",
        )
    if invitation.revoked_at:
        raise WrongStateError(
            _("This invitation was taken back. Invite %(email)s again.")
            % {"email": invitation.email},
            code="revoked",
        )
    return invitation


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """Send a fresh link for 14 more days; the old link stops working.

    Raises WrongStateError when it was used or taken back, InvalidError for too many mails.
    """
    invitation = _lock_open(invitation, by)
    check_pace(by, invitation.email)
    _withdraw_links(invitation, why=_("A fresh link was sent instead."))
    token = new_token()
    invitation.token_hash = hash_of(token)
    invitation.expires_at = days.now() + dt.timedelta(days=INVITATION_DAYS)
    invitation.save(update_fields=["token_hash", "expires_at"])
    touch(invitation)
    _mail_invitation(invitation, token, by)
    record_event(
        verb="invitation.resent",
        target=invitation.organisation,
        by=by,
        details={"email": invitation.email},
    )
    return invitation


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """Take an invitation back; its link stops working."""
    invitation = _lock_open(invitation, by)
    invitation.revoked_at = days.now()
    invitation.save(update_fields=["revoked_at"])
    _withdraw_links(invitation, why=_("The invitation was taken back."))
    record_event(
        verb="invitation.revoked",
        target=invitation.organisation,
        by=by,
        details={"email": invitation.email},
    )
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, user: User) -> Membership:
    """Join the organisation that the token invites to; works once.

    Raises InvalidError with code "unknown" or "other_address", and WrongStateError with
    code "used", "revoked" or "expired". A member who is invited again keeps the higher role.
    """
    invitation = Invitation.objects.filter(token_hash=hash_of(token)).first()
    if invitation is None:
        raise InvalidError(_("This invitation is not known. Ask for a new one."), code="unknown")
    organisation = lock(invitation.organisation)
    invitation = _lock_open(invitation)
    now = days.now()
    if invitation.expires_at <= now:
        raise WrongStateError(_("This invitation has run out. Ask for a new one."), code="expired")
    if not is_at(user, invitation.email):
        raise InvalidError(
            _(
                "This invitation was sent to another address. Sign in with that one, or add it "
                "to your account and confirm it."
            ),
            code="other_address",
        )
    invitation.accepted_at, invitation.accepted_by = now, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return join_team(organisation=organisation, person=user, role=invitation.role)


def _keep_one_lead(membership: Membership) -> None:
    """Refuse to lose the last lead who can sign in; call it under the organisation's lock."""
    if membership.role != MembershipRole.LEAD:
        return
    others = Membership.objects.filter(
        organisation=membership.organisation_id,
        role=MembershipRole.LEAD,
        user__is_active=True,
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise WrongStateError(
            _("%(person)s is the last lead of %(name)s. Make somebody else a lead first.")
            % {"person": membership.user, "name": membership.organisation},
            field="role",
            code="last_lead",
        )


def _locked(membership: Membership) -> Membership:
    """Return the membership re-read under the organisation's lock."""
    organisation = lock(membership.organisation)
    found = organisation.memberships.select_related("user").filter(pk=membership.pk)
    if not (current := found.first()):
        raise WrongStateError(_("This person has left the team. Load the list again."), code="gone")
    return current


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> Membership:
    """Give a member another role. Raises WrongStateError for the last lead."""
    membership = _locked(membership)
    _check_manager(by, membership.organisation)
    if membership.role == role:
        return membership
    _keep_one_lead(membership)
    before, membership.role = membership.get_role_display(), role
    membership.save(update_fields=["role"])
    forget(by)
    touch(membership.organisation)
    record_event(
        verb="membership.role_changed",
        target=membership.organisation,
        by=by,
        details={
            "changes": {
                str(membership.user): [
                    str(before),
                    str(membership.get_role_display()),
                ]
            }
        },
    )
    return membership


@transaction.atomic
def remove_member(*, membership: Membership, by: User) -> None:
    """Take a person off the team; everybody may leave. Raises WrongStateError for the last lead."""
    membership = _locked(membership)
    if membership.user_id != by.pk:
        _check_manager(by, membership.organisation)
    _keep_one_lead(membership)
    left = membership.user_id == by.pk
    person = str(membership.user)
    organisation = membership.organisation
    withdraw_mails(
        owner=key_of(organisation),
        recipient=membership.user.email,
        why=_("Its reader has left the team."),
    )
    membership.delete()
    forget(by)
    record_event(
        verb="membership.left" if left else "membership.removed",
        target=organisation,
        by=by,
        details={"person": person},
    )


@transaction.atomic
def close_account(*, user: User) -> None:
    """Delete a city user's own account. What was written for the city stays with it.

    Raises WrongStateError while the person is the last lead of an organisation, and
    NotAllowedError for staff, whose decisions need a name: a coordinator closes theirs.
    """
    if user.is_staff_member:
        raise NotAllowedError(
            _("Ask a coordinator to close your account: your decisions stay on record.")
        )
    for claim in user.claims.open().order_by("organisation_id"):
        withdraw_claim(claim=claim, by=user)
    # What only holds drafts for a claim needs no lead.
    teams = user.memberships.filter(organisation__stands_in_for=None)
    memberships = teams.select_related("organisation", "user")
    for membership in memberships.order_by("organisation_id"):
        _keep_one_lead(_locked(membership))
    delete_person(person=user)
