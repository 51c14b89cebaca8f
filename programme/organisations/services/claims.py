"""Asking to be let into an organisation that is in the portal, and answering that.

Every change locks the organisation's row first, as inviting and joining do: of two people who
would become its lead in the same moment, the second finds that it has one.
"""

import datetime as dt
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties.catalogue import key_of
from core.duties.services import touch
from core.files.kinds import SIGNED_PAPERS
from core.files.models import StoredFile
from core.files.services import atomic_with_files, store_file
from core.kit import days
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.kit.people import forget
from core.kit.text import clean_line
from core.kit.writes import clean_reason, clean_text, lock, require
from core.post.mail import send_mail
from core.post.services import withdraw_mails
from core.trail.services import record_event
from programme.organisations.models import Claim, Membership, Organisation, OrganisationCity
from programme.organisations.rules import has_lead
from programme.organisations.selectors import leads_of, mail_domain_of, staff_of
from programme.organisations.services.joining import end_stand_in, join_team
from programme.organisations.services.organisations import save_with_free_slug
from programme.organisations.states import ClaimState, MembershipRole, Standing
from programme.states import Origin

ANSWER_DAYS = 5
# Staff may object to what a mail domain has decided.
OBJECT_DAYS = 7
# More than anybody works for.
MOST_OPEN = 3
MOST_IN_30_DAYS = 10
WORDS_MOST = 1000


def _lock_organisation(organisation: Organisation) -> Organisation:
    organisation = lock(organisation, "country")
    lasting = Organisation.objects.lasting().exclude(standing=Standing.REFUSED)
    if not lasting.filter(pk=organisation.pk).exists():
        raise WrongStateError(
            _("%(name)s cannot be joined. Look for another one by its name.")
            % {"name": organisation.name},
            code="not_lasting",
        )
    return organisation


def _check_asker(organisation: Organisation, by: User) -> None:
    if organisation.memberships.filter(user=by).exists():
        raise InvalidError(
            _("You work for %(name)s already. Open your workspace.") % {"name": organisation.name},
            code="member",
        )
    if organisation.claims.open().filter(person=by).exists():
        raise InvalidError(
            _("You have asked to join %(name)s already. You get a mail with the answer.")
            % {"name": organisation.name},
            code="asked",
        )
    since = days.now() - dt.timedelta(days=30)
    asked = by.claims.filter(asked_at__gt=since).count()
    if by.claims.open().count() >= MOST_OPEN or asked >= MOST_IN_30_DAYS:
        raise InvalidError(
            _(
                "You have asked to join several organisations. Wait for an answer or take one "
                "back, or write to the coordination unit."
            ),
            code="too_many",
        )


@atomic_with_files()
def ask_to_join(
    *,
    organisation: Organisation,
    by: User,
    office: str,
    address: str,
    words: str = "",
    upload: File | StoredFile | None = None,
) -> Claim:
    """Ask to work for an organisation; `upload` is a letter that says so.

    Where it has a lead, that lead answers. Where it has none, a mail domain of the organisation
    at which the person has a confirmed address makes them its lead at once, and staff may object
    for OBJECT_DAYS; else staff answer, and a stand-in holds what the person drafts meanwhile.
    Raises InvalidError for who works there, has asked there, or asks at too many places.
    """
    require(
        by,
        "organisations.ask_to_join",
        otherwise=_("People of the coordination unit join no city. Ask a coordinator."),
    )
    # The person first: two of their own requests come one after the other.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    organisation = _lock_organisation(organisation)
    _check_asker(organisation, by)
    is_led = has_lead(by, organisation)
    domain = None if is_led else mail_domain_of(by, organisation)
    claim = Claim(
        organisation=organisation,
        person=by,
        office=clean_line(office),
        address=clean_line(address),
        words=clean_text(words, field="note", limit=WORDS_MOST),
        answer_by=days.now() + dt.timedelta(days=ANSWER_DAYS),
    )
    if upload is not None:
        claim.letter = store_file(upload=upload, by=by, kinds=SIGNED_PAPERS)
    if not is_led and domain is None:
        claim.stand_in = _make_stand_in(organisation, by)
    claim.save()
    touch(claim)
    record_event(verb="claim.asked", target=organisation, by=by, details={"person": str(by)})
    if domain is not None:
        return _grant_by_domain(claim, domain.host)
    tell_who_answers(claim)
    return claim


def _make_stand_in(organisation: Organisation, by: User) -> Organisation:
    """Make what holds the drafts of somebody whom nobody has let in yet."""
    stand_in = Organisation(
        name=organisation.name,
        kind=organisation.kind,
        side=organisation.side,
        country=organisation.country,
        latitude=organisation.latitude,
        longitude=organisation.longitude,
        time_zone=organisation.time_zone,
        capacity=0,
        origin=Origin.DEMO if by.is_demo else Origin.PORTAL,
        standing=Standing.TO_CONFIRM,
    )
    save_with_free_slug(stand_in)
    OrganisationCity.objects.bulk_create(
        OrganisationCity(organisation=stand_in, city_id=row.city_id, order=row.order)
        for row in organisation.organisationcity_set.all()
    )
    Membership.objects.create(user=by, organisation=stand_in, role=MembershipRole.LEAD)
    forget(by)
    return stand_in


def _grant_by_domain(claim: Claim, host: str) -> Claim:
    """Let in as the lead whose confirmed address is at the organisation's mail domain."""
    organisation, person = claim.organisation, claim.person
    join_team(organisation=organisation, person=person, role=MembershipRole.LEAD)
    claim.refresh_from_db()
    claim.domain, claim.object_until = host, days.now() + dt.timedelta(days=OBJECT_DAYS)
    claim.save(update_fields=["domain", "object_until"])
    record_event(
        verb="claim.granted_by_domain",
        target=organisation,
        by=None,
        details={"person": str(person), "domain": host},
    )
    _write(claim, "claim_granted", [person])
    _write(claim, "claim_by_domain", staff_of(organisation))
    return claim


def _write(claim: Claim, template: str, readers: Any, **more: Any) -> None:
    """Write to each of the readers about a claim."""
    for reader in readers:
        send_mail(
            template=template,
            to=reader.email,
            language=reader.language,
            context={
                "claim": claim,
                "organisation": claim.organisation,
                "person": claim.person,
                "reader": reader,
                **more,
            },
            about=key_of(claim),
        )


def tell_who_answers(claim: Claim) -> None:
    """Write to the leads of the organisation, or to staff where it has none."""
    leads = list(leads_of(claim.organisation))
    _write(claim, "claim_asked", leads or staff_of(claim.organisation))


def _lock_claim(claim: Claim) -> Claim:
    """Return the claim re-read under its organisation's lock."""
    organisation = lock(claim.organisation, "country")
    found = organisation.claims.select_related("person", "stand_in", "organisation__country")
    return found.get(pk=claim.pk)


def _lock_to_answer(claim: Claim, by: User) -> Claim:
    claim = _lock_claim(claim)
    require(
        by,
        "organisations.answer_claims",
        claim.organisation,
        otherwise=_("A lead of %(name)s answers this. Ask one of them.")
        % {"name": claim.organisation.name},
    )
    if not claim.is_open:
        raise WrongStateError(
            _("This was answered already: %(state)s. Load the page again.")
            % {"state": claim.get_state_display()},
            code="answered",
        )
    return claim


def _close(claim: Claim, state: str, by: User, reason: str = "") -> None:
    claim.state, claim.answered_at, claim.answered_by = state, days.now(), by
    claim.reason = reason
    claim.save(update_fields=["state", "answered_at", "answered_by", "reason"])
    touch(claim)
    withdraw_mails(about=[key_of(claim)], kinds=["claim_asked"], why=_("Somebody has answered it."))


@transaction.atomic
def grant_claim(*, claim: Claim, by: User, role: str = MembershipRole.EDITOR) -> Membership:
    """Let the person in: in this role, or as the lead where the organisation has none.

    What they drafted meanwhile comes along. Raises WrongStateError once it is answered.
    """
    claim = _lock_to_answer(claim, by)
    organisation = claim.organisation
    if not has_lead(by, organisation):
        role = MembershipRole.LEAD
    membership = join_team(
        organisation=organisation, person=claim.person, role=role, answered_by=by
    )
    claim.refresh_from_db()
    _close(claim, ClaimState.GRANTED, by)
    record_event(
        verb="claim.granted",
        target=organisation,
        by=by,
        details={"person": str(claim.person), "role": membership.role},
    )
    _write(claim, "claim_granted", [claim.person])
    return membership


@transaction.atomic
def refuse_claim(*, claim: Claim, reason: str, by: User) -> Claim:
    """Refuse with a reason, which the person reads; what they drafted stays theirs to read."""
    claim = _lock_to_answer(claim, by)
    reason = clean_reason(reason, missing=_("Write why: the person reads it."))
    _close(claim, ClaimState.REFUSED, by, reason)
    if claim.stand_in is not None:
        end_stand_in(claim.stand_in)
    record_event(
        verb="claim.refused",
        target=claim.organisation,
        by=by,
        reason=reason,
        details={"person": str(claim.person)},
    )
    _write(claim, "claim_refused", [claim.person])
    return claim


@transaction.atomic
def withdraw_claim(*, claim: Claim, by: User) -> Claim:
    """Take one's own request back; doing it twice changes nothing."""
    claim = _lock_claim(claim)
    if claim.person_id != by.pk:
        raise NotAllowedError(_("Only who has asked takes it back."))
    if not claim.is_open:
        return claim
    _close(claim, ClaimState.WITHDRAWN, by)
    if claim.stand_in is not None:
        end_stand_in(claim.stand_in)
        forget(by)
    record_event(
        verb="claim.withdrawn",
        target=claim.organisation,
        by=by,
        details={"person": str(by)},
    )
    return claim


@transaction.atomic
def object_to_claim(*, claim: Claim, reason: str, by: User) -> Claim:
    """Take away, with a reason, the role that a mail domain has given.

    With it go the open invitations that the person has sent, and whom they have let in since.
    Raises WrongStateError once the days for it are over.
    """
    claim = _lock_claim(claim)
    organisation, person = claim.organisation, claim.person
    require(
        by,
        "organisations.confirm_organisations",
        organisation,
        otherwise=_("Only the coordination unit objects. Ask a coordinator."),
    )
    now = days.now()
    if not claim.can_be_objected_to(now):
        raise WrongStateError(
            _("The days in which you could object are over. Change the team in its list."),
            code="too_late",
        )
    reason = clean_reason(reason, missing=_("Write why you object: the person reads it."))
    sent = organisation.invitations.filter(invited_by=person, created_at__gte=claim.asked_at)
    open_ones = sent.filter(accepted_at=None, revoked_at=None)
    withdraw_mails(
        about=[key_of(row) for row in open_ones],
        kinds=["invitation"],
        why=_("The invitation was taken back."),
    )
    open_ones.update(revoked_at=now)
    guests = sent.filter(accepted_by__isnull=False).values("accepted_by")
    leaving = organisation.memberships.select_related("user")
    gone = [*leaving.filter(user=person), *leaving.filter(user__in=guests).exclude(user=person)]
    claim.state, claim.reason = ClaimState.OBJECTED, reason
    claim.answered_at, claim.answered_by = now, by
    claim.save(update_fields=["state", "reason", "answered_at", "answered_by"])
    touch(claim, organisation)
    record_event(
        verb="claim.objected",
        target=organisation,
        by=by,
        reason=reason,
        details={"people": [str(row.user) for row in gone]},
    )
    for row in gone:
        withdraw_mails(
            owner=key_of(organisation),
            recipient=row.user.email,
            why=_("Its reader has left the team."),
        )
        row.delete()
    _write(claim, "claim_objected", [row.user for row in gone])
    return claim
