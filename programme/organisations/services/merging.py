"""Two rows of the same city made one; two that look alike found to be neighbours."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties.catalogue import key_of
from core.duties.services import touch
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.sockets import plugged
from core.kit.writes import clean_reason, lock, require
from core.post.services import change_owner
from core.trail.services import record_event
from programme.organisations.models import FormerOrganisation, Neighbours, Organisation
from programme.organisations.relations import move_of, relations, rows_of
from programme.organisations.selectors.merging import PICKED, in_the_way, pair_of, what_moves


@transaction.atomic
def merge_organisations(
    *,
    stays: Organisation,
    goes: Organisation,
    picks: Mapping[str, str],
    reason: str,
    by: User,
) -> Organisation:
    """Make two rows of the same city one: all that leads to `goes` leads to `stays` from now on.

    `picks` names the fields (PICKED) whose value is taken from the one that goes ("goes"); the
    others stay. Old addresses lead to the one that stays. Raises InvalidError for two of
    different countries or sides, and where something of both stands in the way, with how to
    mend it; nothing moves then.
    """
    stays, goes = _lock_both(stays, goes, by)
    reason = clean_reason(reason, missing=_("Write why they are the same: it stays on record."))
    obstacles = in_the_way(stays, goes)
    if obstacles:
        raise InvalidError(" ".join(obstacles), code="in_the_way")
    moved = {row.label: row.count for row in what_moves(goes)}
    former = {"slug": goes.slug, "name": goes.name, "former_id": goes.pk}
    if picks.get("name") == "goes":
        former["renamed_from"] = stays.name
    _move_all(goes, stays)
    kept = {name: getattr(stays, name) for name in PICKED}
    for name in PICKED:
        if picks.get(name) == "goes":
            setattr(stays, name, getattr(goes, name))
    stays.capacity = max(stays.capacity, stays.slots.count())
    change_owner(before=key_of(goes), after=key_of(stays))
    goes.delete()
    stays.save()
    FormerOrganisation.objects.create(
        organisation=stays, merged_at=days.now(), merged_by=by, **former
    )
    for after in (after for module in plugged("merging") for after in module.AFTER):
        after(stays)
    touch(stays)
    record_event(
        verb="organisation.merged",
        target=stays,
        by=by,
        reason=reason,
        details={
            "organisation": former["name"],
            "moved": moved,
            "before": {name: str(value) for name, value in kept.items()},
        },
    )
    return stays


def _lock_both(
    stays: Organisation, goes: Organisation, by: User
) -> tuple[Organisation, Organisation]:
    """Lock two organisations that the person may merge, in the order of their ids."""
    for each in sorted((stays, goes), key=lambda row: row.pk):
        lock(each)
    stays, goes = lock(stays, "country"), lock(goes, "country")
    for each in (stays, goes):
        require(
            by,
            "organisations.merge_organisations",
            each,
            otherwise=_("Only a coordinator merges organisations. Ask one to do it."),
        )
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
def mark_as_neighbours(*, one: Organisation, other: Organisation, by: User) -> Neighbours:
    """Keep that two which look alike are two: nobody is warned of them again. Twice is once."""
    pair = _lock_pair(one, other, by)
    found, made = Neighbours.objects.get_or_create(
        **pair, defaults={"found_by": by, "found_at": days.now()}
    )
    if made:
        _record_of_both(pair, "organisation.neighbours", by)
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


def _record_of_both(pair: dict[str, Organisation], verb: str, by: User) -> None:
    one, other = pair["one"], pair["other"]
    for target, beside in ((one, other), (other, one)):
        record_event(verb=verb, target=target, by=by, details={"organisation": beside.name})
