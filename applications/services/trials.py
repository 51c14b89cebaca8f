"""A draft to look at a call as its applicants will: made in a transaction that never holds."""

import datetime as dt
import secrets

from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from applications.services.details import start_application
from core.kit import days
from core.kit.errors import InvalidError
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


def start_trial(*, call: Call, by: User) -> Application:
    """Start the draft of a made-up applicant for a call as if it were open, led by `by`.

    Whoever calls it rolls the transaction back: nothing of it can be sent, counted, mailed or
    found. Raises InvalidError, with what to fill in first, for a call to which nobody may apply
    yet.
    """
    require(by, "calls.view_calls", otherwise=_("Only the coordination unit tries calls out."))
    call = lock(call)
    side = Side.EU if call.takes(Side.EU) else Side.PARTNER
    country = call.countries_of(side).first()
    kind = next((kind for kind in PREFERRED if kind in call.applicant_kinds), None)
    if country is None or kind is None:
        raise InvalidError(
            _("Say first who may apply: at least one country and one kind of applicant."),
            code="nobody_may_apply",
        )
    now = days.now()
    call.status = CallStatus.PUBLISHED
    if call.opens_at is None or call.opens_at > now:
        call.opens_at = now - dt.timedelta(minutes=1)
    if call.closes_at is None or call.closes_at <= now:
        call.closes_at = now + dt.timedelta(days=30)
    # Of a call in two stages it is the full application that is tried.
    call.interest_closes_at = None
    call.save(update_fields=["status", "opens_at", "closes_at", "interest_closes_at"])
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
    return start_application(call=call, organisation=organisation, by=by)
