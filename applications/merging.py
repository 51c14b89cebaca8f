"""What of applications moves in a way of its own when two organisations are merged."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import (
    Application,
    Clarification,
    Interest,
    LeadOffer,
    OnlineInvitation,
    Wish,
)
from applications.services.searching import find_anew
from applications.states import ApplicationStatus, InterestStatus
from core.duties.catalogue import key_of
from programme.calls.models import ExtensionRequest, OwnClosing
from programme.organisations.models import MovedRow, Organisation
from programme.organisations.relations import Part, RowKey

APPLICATION = "applications.Application.organisation"
INTEREST = "applications.Interest.organisation"
OFFER = "applications.LeadOffer.former"
OF_CALL: dict[str, Any] = {
    INTEREST: Interest,
    "calls.ExtensionRequest.organisation": ExtensionRequest,
    "calls.OwnClosing.organisation": OwnClosing,
}


def _refuse_both(goes: Organisation, stays: Organisation) -> list[str]:
    """Return for which calls both have an application that counts, or an expression of interest."""
    live = Application.objects.filter(revises=None).exclude(status=ApplicationStatus.WITHDRAWN)
    told = Interest.objects.exclude(status=InterestStatus.WITHDRAWN)
    mine = {row.call_id: row for row in live.filter(organisation=stays)}
    found = [
        _(
            "Both have an application to “%(call)s”: %(one)s and %(other)s. One of them "
            "withdraws its application first; what was written there is kept."
        )
        % {"call": row.call.title, "one": mine[row.call_id].label, "other": row.label}
        for row in live.filter(organisation=goes, call__in=mine).select_related("call")
    ]
    calls = told.filter(organisation=stays).values("call")
    found += [
        _("Both have an expression of interest in “%(call)s”. One of them withdraws its own first.")
        % {"call": row.call.title}
        for row in told.filter(organisation=goes, call__in=calls).select_related("call")
    ]
    return found


def _applications(goes: Organisation, stays: Organisation) -> None:
    Application.objects.filter(organisation=goes).update(organisation=stays)


def _interests(goes: Organisation, stays: Organisation) -> None:
    Interest.objects.filter(organisation=goes).update(organisation=stays)


def _wishes(goes: Organisation, stays: Organisation) -> None:
    """An application that wishes for both wishes for the one that stays."""
    both = Wish.objects.filter(organisation=stays).values("application")
    Wish.objects.filter(organisation=goes, application__in=both).delete()
    Wish.objects.filter(organisation=goes).update(organisation=stays)


def _held_copies(rows: Collection[MovedRow], _holder: Organisation) -> dict[RowKey, str]:
    """Return the applications of which a change is being written elsewhere: the two are one."""
    going = {row.row_id for row in rows if row.relation == APPLICATION}
    found = Application.objects.filter(Q(pk__in=going) | Q(revises__in=going))
    apart = [
        row for row in found.exclude(revises=None) if (row.pk in going) != (row.revises_id in going)
    ]
    why = _("Changes to it are being written since. Let them be sent or dropped first.")
    return {
        (APPLICATION, pk): why
        for row in apart
        for pk in (row.pk, row.revises_id)
        if pk in going and pk is not None
    }


def _held_offers(rows: Collection[MovedRow], _holder: Organisation) -> dict[RowKey, str]:
    """Return who asked another to lead, for an application that stays."""
    going = {row.row_id for row in rows if row.relation == APPLICATION}
    asked = {row.row_id for row in rows if row.relation == OFFER}
    staying = LeadOffer.objects.filter(pk__in=asked).exclude(application__in=going)
    return {(OFFER, row.pk): _("Its application stays.") for row in staying}


def _parts(organisation: Organisation, by: User | None) -> list[Part]:
    """Return each application with all that belongs to it and its call, then what has none."""
    rows = Application.objects.filter(organisation=organisation).select_related("call")
    hidden = set(rows.linked_to(by).values_list("pk", flat=True)) if by else set()
    beside = _beside(organisation)
    heads = [row for row in rows if row.revises_id is None]
    counted = {row.call_id for row in heads if row.status != ApplicationStatus.WITHDRAWN}
    parts = []
    for head in heads:
        keys = [(APPLICATION, row.pk) for row in rows if head.pk in (row.pk, row.revises_id)]
        keys += [(OFFER, pk) for name, pk, about in beside if (name, about) == (OFFER, head.pk)]
        if head.status != ApplicationStatus.WITHDRAWN:
            keys += [
                (name, pk)
                for name, pk, about in beside
                if name in OF_CALL and about == head.call_id
            ]
        parts.append(_part(head, keys, is_hidden=head.pk in hidden))
    alone = [pk for name, pk, about in beside if name == INTEREST and about not in counted]
    return parts + _interest_parts(alone)


def _part(head: Application, keys: list[RowKey], *, is_hidden: bool) -> Part:
    state = ", ".join(filter(None, (head.reference, head.get_status_display())))
    return Part(
        key=f"application:{head.pk}",
        label=_("An application with which you have a link") if is_hidden else state,
        hint="" if is_hidden else head.call.title,
        rows=tuple(keys),
    )


def _beside(organisation: Organisation) -> list[tuple[str, int, int]]:
    """Return what goes with an application: the relation, the id, the call or application; once."""
    offers = LeadOffer.objects.filter(former=organisation).order_by()
    found = offers.values_list(Value(OFFER), "pk", "application")
    others = (
        model._default_manager.filter(organisation=organisation)  # noqa: SLF001 - Django's name
        .order_by()
        .values_list(Value(name), "pk", "call")
        for name, model in OF_CALL.items()
    )
    return list(found.union(*others, all=True))


def _interest_parts(ids: list[int]) -> list[Part]:
    """Return what was written for the first stage alone."""
    rows = Interest.objects.filter(pk__in=ids).select_related("call") if ids else []
    return [
        Part(
            key=f"interest:{row.pk}",
            label=_("Expression of interest, %(status)s") % {"status": row.get_status_display()},
            hint=row.call.title,
            rows=((INTEREST, row.pk),),
        )
        for row in rows
    ]


def _mails_about(ids: Collection[int]) -> list[str]:
    """Return the questions, offers and invitations on applications, by their keys."""
    rows: tuple[QuerySet[Any], ...] = (
        Clarification.objects.filter(application__in=ids),
        LeadOffer.objects.filter(application__in=ids),
        OnlineInvitation.objects.of(pk__in=ids),
    )
    return [key_of(row) for each in rows for row in each]


MOVE = {
    APPLICATION: _applications,
    INTEREST: _interests,
    "applications.Wish.organisation": _wishes,
}
REFUSE = (_refuse_both,)
AFTER = (find_anew,)
WRITES: dict[str, tuple[str, ...]] = {}
SAME: dict[str, tuple[str, ...]] = {}
HELD = (_held_copies, _held_offers)
PARTS = (_parts,)
MAILS = {APPLICATION: _mails_about}
