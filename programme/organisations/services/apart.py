"""A merge taken apart again: what moved goes back, what came since stays."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties.catalogue import key_of
from core.kit import days
from core.kit.errors import WrongStateError
from core.kit.people import forget
from core.kit.writes import clean_reason, lock, require
from core.post.mail import send_mail
from core.post.services import change_owner
from core.trail.services import record_event
from programme.organisations.models import (
    FormerOrganisation,
    Membership,
    MovedRow,
    Organisation,
)
from programme.organisations.relations import columns_of, mails_about, relations, row_from
from programme.organisations.selectors.apart import WayBack, refuse_apart, way_back
from programme.organisations.services.merging import settle
from programme.organisations.services.naming import write_first_name
from programme.organisations.services.organisations import fit_places
from programme.organisations.states import MovedHow

H = MovedHow


@transaction.atomic
def take_apart(*, merge: FormerOrganisation, reason: str, by: User) -> Organisation:
    """Make two organisations of what was merged; return the one that comes back.

    It has its old address and its old number, so that its own history is found. What moved goes
    back as it is now; what cannot stays where it is (`way_back` says what, and why), as does all
    that was made since. Raises WrongStateError for what is apart already, and while a later merge
    stands on it.
    """
    holder = lock(merge.organisation, "country")
    require(
        by,
        "organisations.merge_organisations",
        holder,
        otherwise=_("Only a coordinator takes a merge apart. Ask one to do it."),
    )
    merge = lock(merge)
    if words := refuse_apart(merge):
        raise WrongStateError(words, code="not_apart")
    reason = clean_reason(reason, missing=_("Write why they are two: it stays on record."))
    way = way_back(merge)
    back = row_from(Organisation, merge.held)
    back.save(force_insert=True)
    _give_back(way, holder, back)
    _write_back(holder, merge)
    for each in (holder, back):
        fit_places(each)
    change_owner(before=key_of(holder), after=key_of(back), only=merge.mails)
    # What was written since about what goes back.
    moved = [(row.relation, row.row_id) for row in way.back if row.how == H.MOVED]
    if about := mails_about(moved):
        change_owner(before=key_of(holder), after=key_of(back), about=about)
    merge.apart_at, merge.apart_by = days.now(), by
    merge.save(update_fields=["apart_at", "apart_by"])
    for each in (holder, back):
        settle(each)
    forget(by)
    counts = {row.label: row.count for row in way.counts}
    for each, beside in ((holder, back), (back, holder)):
        record_event(
            verb="organisation.taken_apart",
            target=each,
            by=by,
            reason=reason,
            details={"organisation": beside.name, "moved": counts},
        )
    tell_teams(holder, back, is_apart=True)
    return back


def _give_back(way: WayBack, holder: Organisation, back: Organisation) -> None:
    """Let each row that can be as it was before the merge."""
    fields = dict(relations())
    order = (H.MADE, H.MOVED, H.CHANGED, H.REMOVED)
    for row in sorted(way.back, key=lambda row: order.index(MovedHow(row.how))):
        field = fields[row.relation]
        rows: Any = field.model._base_manager  # noqa: SLF001 - Django's name
        if row.how == H.MADE:
            rows.filter(pk=row.row_id, **{field.name: holder}).delete()
        elif row.how == H.REMOVED:
            _make_anew(row_from(field.model, row.before))
        else:
            found = rows.get(pk=row.row_id)
            changed = _put_back(row, found)
            if row.how == H.MOVED:
                setattr(found, field.attname, back.pk)
                changed.append(field.attname)
            rows.filter(pk=found.pk).update(**{name: getattr(found, name) for name in changed})


def _put_back(row: MovedRow, found: Any) -> list[str]:
    """Set the columns that are still as the merge left them; return which."""
    stored = columns_of(found)
    names = [name for name, value in row.after.items() if stored[name] == value]
    old = row_from(type(found), {name: row.before[name] for name in names})
    for name in names:
        setattr(found, name, getattr(old, name))
    return names


def _make_anew(row: Any) -> None:
    """Save a row that the merge removed; what stands in its place by now stays."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        pass


def _write_back(holder: Organisation, merge: FormerOrganisation) -> None:
    """Write what the merge changed in the row of the one that stayed, unless it changed since.

    The name is written by its own rows.
    """
    own = holder.own_names
    if own and own[0].from_day:
        write_first_name(holder, name=merge.kept["name"][0])
    for name, (before, after) in merge.kept.items():
        if name != "name" and getattr(holder, name) == after:
            setattr(holder, name, before)
    holder.name = holder.name_on(days.today()) if own else _own_name(holder, merge)
    holder.save()


def _own_name(holder: Organisation, merge: FormerOrganisation) -> str:
    before, after = merge.kept["name"]
    return str(before) if holder.name == after else holder.name


def tell_teams(old: Organisation, new: Organisation, *, is_apart: bool = False) -> None:
    """Write to the people of both what they work for now; who works for both gets one mail."""
    told: set[int] = set()
    for organisation, other in ((new, old), (old, new)):
        team = Membership.objects.filter(organisation=organisation, user__is_active=True)
        for row in team.select_related("user").order_by("pk"):
            if row.user_id in told:
                continue
            told.add(row.user_id)
            beside = row.user.memberships.filter(organisation=other).exists()
            send_mail(
                template="organisation_split",
                to=row.user.email,
                language=row.user.language,
                context={
                    "organisation": organisation,
                    "other": other,
                    "reader": row.user,
                    "works_for_both": beside,
                    "is_apart": is_apart,
                },
                about=key_of(organisation),
                owner=key_of(organisation),
            )
