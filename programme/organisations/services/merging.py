"""Two rows of the same city made one; two that look alike found to be neighbours."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties.catalogue import key_of
from core.duties.services import touch
from core.kit import days
from core.kit.errors import InvalidError, Words, WrongStateError
from core.kit.sockets import plugged
from core.kit.writes import clean_reason, lock, require
from core.post.services import change_owner
from core.trail.services import record_event
from programme.organisations.following import follow_name
from programme.organisations.models import FormerOrganisation, Neighbours, Organisation
from programme.organisations.relations import columns_of, move_of, relations, rows_of
from programme.organisations.selectors.merging import PICKED, in_the_way, pair_of, what_moves
from programme.organisations.services.doubles import compare_again
from programme.organisations.services.moving import keep_moves, marks, picture_of
from programme.organisations.services.naming import take_name, write_first_name
from programme.organisations.states import MergeKind


@transaction.atomic
def merge_organisations(
    *,
    stays: Organisation,
    goes: Organisation,
    picks: Mapping[str, str],
    reason: str,
    by: User,
    kind: str = MergeKind.DOUBLE,
    day: dt.date | None = None,
) -> Organisation:
    """Make two organisations one: all that leads to `goes` leads to `stays` from now on.

    `kind` says whether it was one in two rows, or became part of the other on `day` (default:
    today). `picks` names the fields (PICKED) whose value is taken from the one that goes
    ("goes"); the others stay. Old addresses lead to the one that stays, and what is past keeps
    the name of its day. Each row that moves is kept on record, so that the two can be taken apart
    (`take_apart`). Raises InvalidError for two of different countries or sides, for a day to
    come, and where something of both stands in the way, with how to mend it; nothing moves then.
    """
    stays, goes = lock_both(
        stays,
        goes,
        by,
        permission="organisations.merge_organisations",
        otherwise=_("Only a coordinator merges organisations. Ask one to do it."),
    )
    reason = clean_reason(reason, missing=_("Write why they are the same: it stays on record."))
    merge, moved = make_one(
        stays, goes, picks=picks, reason=reason, by=by, kind=kind, day=clean_day(day)
    )
    is_double = merge.kind == MergeKind.DOUBLE
    verb = "organisation.merged" if is_double else "organisation.took_in"
    record_merge(merge, verb, moved=moved, reason=reason, by=by)
    return merge.organisation


def make_one(
    stays: Organisation,
    goes: Organisation,
    *,
    picks: Mapping[str, str],
    reason: str,
    by: User,
    kind: str,
    day: dt.date,
    arrange: Callable[[Organisation], None] = lambda _stays: None,
) -> tuple[FormerOrganisation, dict[str, int]]:
    """Do the work of a merge on two that are locked; return it, and by kind how much moved.

    `arrange` writes what is its caller's to write, before what has become of each row is kept.
    Raises InvalidError where something of both stands in the way.
    """
    obstacles = in_the_way(stays, goes)
    if obstacles:
        raise InvalidError(" ".join(obstacles), code="in_the_way")
    moved = {row.label: row.count for row in what_moves(goes)}
    before = picture_of(goes), picture_of(stays)
    newest, held = marks(), columns_of(goes)
    write_first_name(goes)
    _move_all(goes, stays)
    kept = _take_over(stays, goes, picks, day=day, reason=reason, by=by)
    arrange(stays)
    mails = change_owner(before=key_of(goes), after=key_of(stays))
    former_id = goes.pk
    goes.delete()
    stays.save()
    now = picture_of(stays)
    merge = FormerOrganisation.objects.create(
        organisation=stays,
        into_id=stays.pk,
        kind=kind,
        day=day,
        slug=held["slug"],
        name=held["name"],
        former_id=former_id,
        held=held,
        kept=kept,
        marks=newest,
        mails=mails,
        merged_at=days.now(),
        merged_by=by,
    )
    keep_moves(merge, *before, now)
    settle(stays)
    return merge, moved


def record_merge(
    merge: FormerOrganisation, verb: str, *, moved: dict[str, int], reason: str, by: User
) -> None:
    """Put on the record of the one that stays that another one is in it."""
    record_event(
        verb=verb,
        target=merge.organisation,
        by=by,
        reason=reason,
        details={
            "organisation": merge.name,
            "from_day": merge.day.isoformat(),
            "moved": moved,
            "before": {name: str(values[0]) for name, values in merge.kept.items()},
        },
    )


def settle(organisation: Organisation) -> None:
    """Let all that hangs on what moved, or on the name, follow; call it under the lock."""
    for module in plugged("merging"):
        for after in module.AFTER:
            after(organisation)
    follow_name(organisation)
    compare_again(organisation)
    touch(organisation)


def clean_day(day: dt.date | None) -> dt.date:
    """Return since when it is so. Raises InvalidError for a day to come."""
    day = day or days.today()
    if day > days.today():
        raise InvalidError(_("That day is still to come. Do it on that day."), field="day")
    return day


def _take_over(
    stays: Organisation,
    goes: Organisation,
    picks: Mapping[str, str],
    *,
    day: dt.date,
    reason: str,
    by: User,
) -> dict[str, list[Any]]:
    """Write what was picked; return by field what stood there before, and after."""
    kept = {name: getattr(stays, name) for name in PICKED}
    for name in PICKED:
        if picks.get(name) != "goes":
            continue
        if name == "name" and stays.name != goes.name:
            take_name(stays, name=goes.name, day=day, reason=reason, by=by)
        setattr(stays, name, getattr(goes, name))
    stays.capacity = max(stays.capacity, stays.slots.count())
    return {name: [before, getattr(stays, name)] for name, before in kept.items()}


def lock_both(
    stays: Organisation, goes: Organisation, by: User, *, permission: str, otherwise: Words
) -> tuple[Organisation, Organisation]:
    """Lock two organisations that the person may make one, in the order of their ids."""
    for each in sorted((stays, goes), key=lambda row: row.pk):
        lock(each)
    stays, goes = lock(stays, "country"), lock(goes, "country")
    for each in (stays, goes):
        require(by, permission, each, otherwise=otherwise)
    if stays == goes or (stays.country_id, stays.side) != (goes.country_id, goes.side):
        raise InvalidError(
            _("Choose another organisation of the same country and side."), field="of"
        )
    return stays, goes


def _move_all(goes: Organisation, stays: Organisation) -> None:
    """Move what leads to the one that goes. Raises LookupError when something still does."""
    for name, field in relations():
        move_of(name, field)(goes, stays)
    left = [name for name, field in relations() if rows_of(field, goes).exists()]
    if left:
        message = f"Nothing may lead to what is merged: {', '.join(left)}."
        raise LookupError(message)


def _lock_pair(one: Organisation, other: Organisation, by: User) -> dict[str, Organisation]:
    """Lock two organisations on which the person decides, as Neighbours keeps them."""
    pair = {name: lock(row, "country") for name, row in pair_of(one, other).items()}
    for row in pair.values():
        require(
            by,
            "organisations.confirm_organisations",
            row,
            otherwise=_("Only the coordination unit says that two organisations are two."),
        )
    if pair["one"] == pair["other"]:
        raise InvalidError(_("Choose another organisation."), field="of")
    return pair


@transaction.atomic
def mark_as_neighbours(
    *, one: Organisation, other: Organisation, reason: str, by: User
) -> Neighbours:
    """Keep that two which look alike are two, and why: nobody is warned of them again.

    Twice is once.
    """
    pair = _lock_pair(one, other, by)
    reason = clean_reason(reason, missing=_("Write why they are two: colleagues read it."))
    found, made = Neighbours.objects.get_or_create(
        **pair, defaults={"found_by": by, "found_at": days.now(), "reason": reason}
    )
    if made:
        _record_of_both(pair, "organisation.neighbours", by, reason)
    return found


@transaction.atomic
def forget_neighbours(*, one: Organisation, other: Organisation, by: User) -> None:
    """Take that back: they are shown as likely doubles again. Raises WrongStateError for others."""
    pair = _lock_pair(one, other, by)
    removed, _rows = Neighbours.objects.filter(**pair).delete()
    if not removed:
        raise WrongStateError(
            _("They are not kept as neighbours. Load the page again."), code="gone"
        )
    _record_of_both(pair, "organisation.no_neighbours", by)


def _record_of_both(pair: dict[str, Organisation], verb: str, by: User, reason: str = "") -> None:
    one, other = pair["one"], pair["other"]
    for target, beside in ((one, other), (other, one)):
        details = {"organisation": beside.name}
        record_event(verb=verb, target=target, by=by, reason=reason, details=details)
