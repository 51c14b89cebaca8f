"""Reads on the closing times of single applicants, and on what they ask staff for."""

import datetime as dt
from typing import Any

from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from accounts.models import User
from core.kit import days
from programme.calls.models import Call, ExtensionRequest, LateCode, OwnClosing
from programme.calls.states import CallPhase, ExtensionStatus
from programme.organisations.models import Organisation


def closing_of(call: Call, organisation: Organisation) -> dt.datetime | None:
    """Return when the call closes for this organisation; one query.

    A granted extension or a redeemed code moves it to later, never to earlier.
    """
    own = call.own_closings.filter(organisation=organisation).aggregate(last=Max("closes_at"))
    times = [moment for moment in (call.closes_at, own["last"]) if moment]
    return max(times, default=None)


def phase_for(call: Call, organisation: Organisation, now: dt.datetime | None = None) -> CallPhase:
    """Return what the clock makes of the call for this organisation.

    While the call is open for all, nothing of its own is asked for.
    """
    phase = call.phase(now)
    if phase != CallPhase.CLOSED:
        return phase
    return call.phase(now, closes_at=closing_of(call, organisation))


def is_let_in_late(call: Call, organisation: Organisation) -> bool:
    """Tell whether a code for a late entry has opened the call for this organisation by name."""
    return call.own_closings.filter(organisation=organisation, code__isnull=False).exists()


def own_closing(call: str = "call", organisation: str = "organisation") -> Greatest:
    """Return the expression of `closing_of` for rows with these paths to call and organisation."""
    own = (
        OwnClosing.objects.filter(call=OuterRef(call), organisation=OuterRef(organisation))
        .order_by("-closes_at")
        .values("closes_at")[:1]
    )
    common = F(f"{call}__closes_at")
    return Greatest(common, Coalesce(Subquery(own), common))


def with_closing(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Return rows that have a call and an organisation, each with its own `closes_at`."""
    return rows.annotate(closes_at=own_closing())


def open_for(user: User, now: dt.datetime | None = None) -> "QuerySet[OwnClosing]":
    """Return the closing times of the person's organisations that lie ahead of the common one."""
    now = now or days.now()
    return OwnClosing.objects.filter(
        organisation__memberships__user=user,
        closes_at__gte=now.replace(microsecond=0),
        call__closes_at__lt=F("closes_at"),
    ).select_related("call")


def asked_extension(call: Call, organisation: Organisation) -> ExtensionRequest | None:
    """Return the newest wish of the organisation for more time; None if it never had one."""
    rows = call.extension_requests.filter(organisation=organisation)
    return rows.select_related("closing").first()


def extensions_of(call: Call) -> "QuerySet[ExtensionRequest]":
    """Return the wishes for more time, those to be decided first."""
    return call.extension_requests.select_related(
        "organisation__country", "asked_by", "decided_by", "closing"
    ).order_by(F("decided_at").desc(nulls_first=True), "decide_by", "pk")


def codes_of(call: Call) -> "QuerySet[LateCode]":
    """Return the codes for a late entry, the newest first."""
    return call.late_codes.select_related("organisation__country", "made_by", "used_by")


def waiting_extensions(user: User) -> "QuerySet[ExtensionRequest]":
    """Return the wishes that wait for a decision of the person."""
    rows = ExtensionRequest.objects.filter(status=ExtensionStatus.ASKED)
    return rows if user.has_perm("calls.decide_closings") else rows.none()
