"""Drafts to look at a call as its applicants will: made in a transaction that never holds."""

import datetime as dt
import secrets

from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application, Interest
from applications.services.details import start_application
from applications.services.interests import start_interest
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.people import forget
from core.kit.writes import lock, require
from programme.calls.models import Call
from programme.calls.states import CallStatus
from programme.organisations.models import Membership, Organisation
from programme.organisations.states import MembershipRole, OrganisationKind
from programme.states import Side

# What a group has to do more than a city is seen where only groups may apply.
PREFERRED = (
    OrganisationKind.MUNICIPALITY,
    OrganisationKind.METROPOLITAN,
    OrganisationKind.GROUP,
    OrganisationKind.REGION,
)

# What is changed of a call for the time of a trial.
OPENED = ["status", "opens_at", "closes_at", "interest_closes_at"]


def start_trial(*, call: Call, by: User) -> Application:
    """Start the draft of a made-up applicant for a call as if it were open, led by `by`.

    Whoever calls it rolls the transaction back: nothing of it can be sent, counted, mailed or
    found. Raises InvalidError, with what to fill in first, for a call to which nobody may apply
    yet.
    """
    call = _opened(call, by)
    # Of a call in two stages it is the full application that is tried here.
    call.interest_closes_at = None
    call.save(update_fields=OPENED)
    return start_application(call=call, organisation=_applicant(call, by), by=by)


def start_interest_trial(*, call: Call, by: User) -> Interest:
    """Start the expression of interest of a made-up applicant, as `start_trial` an application.

    Raises WrongStateError for a call with one stage, and InvalidError as `start_trial`.
    """
    call = _opened(call, by)
    now = days.now()
    if not call.is_two_stage:
        raise WrongStateError(
            _("This call has one stage: try the application itself."), code="one_stage"
        )
    if call.interest_closes_at is None or call.interest_closes_at <= now:
        call.interest_closes_at = now + dt.timedelta(days=7)
    if call.closes_at is None or call.closes_at <= call.interest_closes_at:
        call.closes_at = call.interest_closes_at + dt.timedelta(days=30)
    call.save(update_fields=OPENED)
    return start_interest(call=call, organisation=_applicant(call, by), by=by)


def _opened(call: Call, by: User) -> Call:
    """Return the locked call as if it were published and open; whoever asks saves it."""
    require(by, "calls.view_calls", otherwise=_("Only the coordination unit tries calls out."))
    call, now = lock(call), days.now()
    call.status = CallStatus.PUBLISHED
    if call.opens_at is None or call.opens_at > now:
        call.opens_at = now - dt.timedelta(minutes=1)
    if call.closes_at is None or call.closes_at <= now:
        call.closes_at = now + dt.timedelta(days=30)
    return call


def _applicant(call: Call, by: User) -> Organisation:
    """Return a made-up organisation that may apply to the call, led by `by`."""
    side = Side.EU if call.takes(Side.EU) else Side.PARTNER
    country = call.countries_of(side).first()
    kind = next((kind for kind in PREFERRED if kind in call.applicant_kinds), None)
    if country is None or kind is None:
        raise InvalidError(
            _("Say first who may apply: at least one country and one kind of applicant."),
            code="nobody_may_apply",
        )
    organisation = Organisation.objects.create(
        name=(
            _("A region that tries this out")
            if kind == OrganisationKind.REGION
            else _("A city that tries this out")
        ),
        slug=f"trial-{secrets.token_hex(6)}",
        kind=kind,
        side=side,
        country=country,
    )
    Membership.objects.create(user=by, organisation=organisation, role=MembershipRole.LEAD)
    forget(by)
    return organisation
