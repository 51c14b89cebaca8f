"""Passing the application of a group on to another of its members, which then leads it."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application, LeadOffer, Municipality
from applications.selectors import working_copy_of
from applications.selectors.passing import open_offer, who_may_lead
from applications.services.details import refuse_who_cannot
from applications.services.groups import write_to_members
from applications.services.links import end_link
from applications.services.locking import lock_application, require_open_call, touch
from applications.services.two_stages import require_invited
from applications.states import ApplicantKind, ApplicationStatus, LinkEnd, OfferState
from core.duties import services as duties
from core.duties.catalogue import key_of
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.rows import still_there
from core.kit.writes import clean_text, lock, require
from core.post.mail import send_mail
from core.post.services import withdraw_mails
from core.trail.services import record_event
from programme.calls.selectors import closing_of, phase_for
from programme.calls.states import CallPhase
from programme.organisations.models import Organisation
from programme.organisations.services import require_confirmed
from programme.organisations.services.members import check_pace
from programme.organisations.states import MembershipRole

LONGEST_NOTE = 2000
# Whom the former lead has named.
OF_THE_FORMER = (
    "deputy_name",
    "deputy_position",
    "deputy_email",
    "deputy_phone",
    "signatory_name",
    "signatory_office",
)


@transaction.atomic
def offer_lead(
    *, application: Application, municipality: Municipality, by: User, note: str = ""
) -> LeadOffer:
    """Ask the organisation of another member to lead the group; nothing changes until it accepts.

    Its leads get a mail. The same offer twice is one. Raises InvalidError for a member that
    nobody can answer for or that cannot apply, WrongStateError where no lead can change or
    another offer is open.
    """
    application = lock_application(application, "applications.withdraw_application", by)
    _require_passable(application)
    require_confirmed(application.organisation)
    note = clean_text(note, field="note", limit=LONGEST_NOTE)
    asked = next(
        (one for one in who_may_lead(application) if one.municipality.pk == municipality.pk), None
    )
    if asked is None or asked.organisation is None:
        raise InvalidError(
            _(
                "Choose a member whose people are in the portal. "
                "Ask the others to claim their city."
            ),
            field="municipality",
        )
    waiting = open_offer(application)
    if waiting is not None:
        if waiting.organisation == asked.organisation:
            return waiting
        raise WrongStateError(
            _("%(name)s is asked already. Take that offer back first.")
            % {"name": waiting.organisation.name},
            code="offer_open",
        )
    _require_free(application, asked.organisation)
    check_pace(by, "", ["application.lead_offered"])
    offer = LeadOffer.objects.create(
        application=application,
        municipality=asked.municipality,
        former=application.organisation,
        organisation=asked.organisation,
        note=note,
        offered_by=by,
        offered_at=days.now(),
    )
    _record("lead_offered", offer, by)
    closes_at = closing_of(application.call, offer.organisation)
    _write_to(offer.organisation, "lead_offered", offer, closes_at=closes_at)
    return offer


@transaction.atomic
def take_offer_back(*, offer: LeadOffer, by: User) -> LeadOffer:
    """End an offer that waits: the lead stays. Twice is once."""
    lock_application(offer.application, "applications.withdraw_application", by)
    offer = _read(offer)
    if offer.state == OfferState.TAKEN_BACK:
        return offer
    _require_open(offer)
    _end(offer, OfferState.TAKEN_BACK, by)
    _record("lead_offer_taken_back", offer, by)
    return offer


@transaction.atomic
def answer_offer(*, offer: LeadOffer, accepted: bool, by: User) -> LeadOffer:
    """Lead the group from now on, or decline; for a lead of the organisation that was asked.

    With its acceptance the application is that organisation's: its people write and send it, who
    accepts is the contact, its municipality leads. The former lead stays a member, who has to
    commit like the others until it is taken out. What was sent stays as it was sent, until the
    new lead changes it and sends it again; the second contact and who signs were the former
    lead's, and are named anew. Raises WrongStateError once the offer or the application has moved
    on.
    """
    # The organisation first, as who starts an application locks it: one for a call.
    organisation = lock(offer.organisation)
    application = lock(offer.application, "call", "organisation__country")
    offer = _read(offer)
    offer.application, offer.organisation = application, organisation
    require(
        by,
        "applications.answer_lead_offer",
        offer,
        otherwise=_("Only a lead of %(name)s answers this. Ask one of them.")
        % {"name": organisation.name},
    )
    wanted = OfferState.ACCEPTED if accepted else OfferState.DECLINED
    if offer.state == wanted:
        return offer
    _require_open(offer)
    if not accepted:
        _end(offer, OfferState.DECLINED, by)
        _record("lead_declined", offer, by)
        _write_to(offer.former, "lead_offer_answered", offer)
        return offer
    _require_passable(application)
    _require_free(application, organisation)
    _pass_on(application, offer, by)
    _end(offer, OfferState.ACCEPTED, by)
    _record("lead_passed", offer, by)
    _write_to(offer.former, "lead_offer_answered", offer)
    closes_at = closing_of(application.call, organisation)
    _write_to(organisation, "lead_taken_over", offer, closes_at=closes_at)
    values = {"former": offer.former, "application": application}
    write_to_members(application, "lead_passed", language=by.language, values=values)
    return offer


def _pass_on(application: Application, offer: LeadOffer, by: User) -> None:
    """Make the organisation that accepted the applicant, and its municipality the lead."""
    if offer.municipality is None:
        raise WrongStateError(
            _("Your municipality was taken out of the group. Ask the lead to name it again."),
            code="not_a_member",
        )
    end_link(offer.municipality, LinkEnd.LEADS)
    application.municipalities.filter(is_lead=True).update(is_lead=False)
    Municipality.objects.filter(pk=offer.municipality.pk).update(is_lead=True)
    application.organisation = offer.organisation
    contact = application.name_contact(by)
    for name in OF_THE_FORMER:
        setattr(application, name, "")
    try:
        with transaction.atomic():
            touch(application, "organisation", *contact, *OF_THE_FORMER)
    except IntegrityError as error:
        # Where rows cannot be locked the constraint decides.
        raise _has_its_own(offer.organisation) from error
    # Copies that were sent or dropped; no open one is passed on.
    application.working_copies.update(organisation=offer.organisation)
    duties.touch(application)


def _require_passable(application: Application) -> None:
    if application.kind != ApplicantKind.GROUP or application.is_copy:
        raise WrongStateError(
            _("Only the application of a group can be led by another member."), code="no_group"
        )
    if not application.can_be_withdrawn:
        raise WrongStateError(
            _(
                "The application is decided or withdrawn (%(status)s): its lead stays. Write to "
                "the coordination unit."
            )
            % {"status": application.public_status},
            code="decided",
        )
    # After the close a former lead could neither commit nor be taken out any more.
    require_open_call(application)
    if working_copy_of(application):
        raise WrongStateError(
            _(
                "Changes to what was sent are begun. Send them or drop them first, then the "
                "application can be passed on."
            ),
            code="copy_open",
        )


def end_open_offers(application: Application, by: User) -> None:
    """End the offer to lead an application that is over: nobody can accept it any more."""
    for offer in application.lead_offers.filter(state=OfferState.OPEN).select_related(
        "organisation"
    ):
        _end(offer, OfferState.TAKEN_BACK, by)
        offer.application = application
        _record("lead_offer_taken_back", offer, by)


def _require_free(application: Application, organisation: Organisation) -> None:
    """Raise InvalidError for who cannot apply, or has an application of its own to the call.

    WrongStateError where the call is closed for it, or it is not invited to the second stage.
    """
    refuse_who_cannot(application.call, organisation)
    if phase_for(application.call, organisation) != CallPhase.OPEN:
        raise WrongStateError(
            _("The call is closed for %(name)s: only your own closing time is later.")
            % {"name": organisation.name},
            code="closed_for_it",
        )
    try:
        require_invited(application.call, organisation)
    except WrongStateError as error:
        raise WrongStateError(
            _(
                "%(name)s is not invited to this call, so it cannot lead. Ask the coordination "
                "unit to invite it."
            )
            % {"name": organisation.name},
            code="not_invited",
        ) from error
    own = Application.objects.filter(
        call=application.call_id, organisation=organisation, revises=None
    ).exclude(status=ApplicationStatus.WITHDRAWN)
    if own.exists():
        raise _has_its_own(organisation)


def _has_its_own(organisation: Organisation) -> InvalidError:
    return InvalidError(
        _(
            "%(name)s has an application of its own to this call, and an organisation leads one. "
            "It withdraws that first, or another member leads."
        )
        % {"name": organisation.name},
        code="own_application",
    )


def _read(offer: LeadOffer) -> LeadOffer:
    rows = LeadOffer.objects.select_related("application__call", "organisation", "municipality")
    return still_there(rows.select_related("former"), offer.pk)


def _require_open(offer: LeadOffer) -> None:
    if not offer.is_open:
        raise WrongStateError(
            _("This offer has been answered or taken back. Open the page again."), code="ended"
        )


def _end(offer: LeadOffer, state: OfferState, by: User) -> None:
    offer.state, offer.answered_by, offer.answered_at = state, by, days.now()
    offer.save(update_fields=["state", "answered_by", "answered_at"])
    withdraw_mails(
        about=[key_of(offer)], kinds=["lead_offered"], why=_("The offer to lead has ended.")
    )


def _record(verb: str, offer: LeadOffer, by: User) -> None:
    record_event(
        verb=f"application.{verb}",
        target=offer.application,
        by=by,
        details={"organisation": offer.organisation.name},
    )


def _write_to(organisation: Organisation, template: str, offer: LeadOffer, **more: Any) -> None:
    """Write to the leads of an organisation about the offer."""
    leads = organisation.memberships.filter(role=MembershipRole.LEAD, user__is_active=True)
    for member in leads.select_related("user"):
        send_mail(
            template=template,
            to=member.user.email,
            language=member.user.language,
            context={
                "reader": member.user,
                "offer": offer,
                "application": offer.application,
                **more,
            },
            about=key_of(offer),
            owner=key_of(organisation),
        )
