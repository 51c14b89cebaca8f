"""One organisation made two: a reform undone, or two that were registered as one."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties.catalogue import key_of
from core.kit import days
from core.kit.errors import InvalidError, StaleError
from core.kit.people import forget
from core.kit.text import clean_line
from core.kit.writes import clean_reason, clean_text, lock, require
from core.post.services import change_owner
from core.trail.services import record_event
from programme.organisations.models import Membership, Neighbours, Organisation, Split
from programme.organisations.relations import Part, mails_about, parts_of, relations
from programme.organisations.selectors.merging import pair_of
from programme.organisations.selectors.splitting import Halves, halves, refuse_halves
from programme.organisations.selectors.teams import team_of
from programme.organisations.services.apart import tell_teams
from programme.organisations.services.merging import clean_day, settle
from programme.organisations.services.naming import NAME_LIMIT, take_name, write_first_name
from programme.organisations.services.organisations import (
    fit_places,
    require_no_double,
    save_with_free_slug,
)
from programme.organisations.states import SplitKind


@transaction.atomic
def split_organisation(
    *,
    organisation: Organisation,
    name: str,
    body: str,
    kind: str,
    day: dt.date | None,
    parts: Collection[str],
    shares: Mapping[int, str],
    reason: str,
    by: User,
    differs_because: str = "",
) -> Organisation:
    """Make a second organisation of the kind `body` out of one, and return it.

    `parts` are the keys of what goes there (`parts_of`), `shares` says by membership who stays,
    goes or works for both. From `day` on they are two, or (`kind`) they always were: then what is
    past has the new name too. All people of both are told. Raises InvalidError where one of the
    two would have nothing, or nobody to lead it, LikelyDoubleError without `differs_because` for a
    name that a third one has, and StaleError when what was chosen is no longer there: a second
    click finds it gone.
    """
    organisation = lock(organisation, "country")
    require(
        by,
        "organisations.split_organisation",
        organisation,
        otherwise=_("Only a coordinator splits organisations. Ask one to do it."),
    )
    reason = clean_reason(reason, missing=_("Write why they are two: it stays on record."))
    name = _new_name(organisation, name)
    day = clean_day(day)
    found = _halves(organisation, parts, shares)
    if refusal := refuse_halves(organisation, found):
        raise InvalidError(refusal[1], field=refusal[0])
    differs_because = require_no_double(
        differs_because, name=name, country=organisation.country, but=organisation
    )
    new = _make(organisation, name, body, differs_because)
    if kind == SplitKind.SINCE:
        write_first_name(new, name=organisation.name_on(day), by=by)
        take_name(new, name=name, day=day, reason=reason, by=by)
    moved = _move(found, organisation, new)
    for each in (organisation, new):
        mark_on_map(each)
        fit_places(each)
    Split.objects.create(
        organisation=new,
        out_of=organisation,
        kind=kind,
        day=day,
        split_at=days.now(),
        split_by=by,
    )
    Neighbours.objects.create(
        **pair_of(organisation, new), reason=reason, found_by=by, found_at=days.now()
    )
    for each in (organisation, new):
        settle(each)
    forget(by)
    people = [str(row.user) for row in found.people_going]
    details = {"from_day": day.isoformat(), "moved": moved, "people": people}
    for target, beside, verb in (
        (organisation, new, "organisation.split"),
        (new, organisation, "organisation.split_off"),
    ):
        said = details | {"organisation": beside.name}
        record_event(verb=verb, target=target, by=by, reason=reason, details=said)
    tell_teams(organisation, new)
    return new


def _new_name(organisation: Organisation, name: str) -> str:
    name = clean_text(
        clean_line(name),
        field="name",
        limit=NAME_LIMIT,
        missing=_("Write the name of the new one."),
    )
    if name == organisation.name:
        raise InvalidError(_("Give the new one a name of its own."), field="name")
    return name


def _halves(
    organisation: Organisation, parts: Collection[str], shares: Mapping[int, str]
) -> Halves:
    """Return the two sides as they are under the lock."""
    known = parts_of(organisation)
    team = list(team_of(organisation))
    is_gone = set(parts) - {part.key for part in known} or set(shares) - {row.pk for row in team}
    if is_gone:
        raise StaleError(
            _("What belongs to %(name)s has changed meanwhile. Load the page and choose again.")
            % {"name": organisation.name}
        )
    return halves(known, team, chosen=parts, shares=shares)


def _make(organisation: Organisation, name: str, body: str, differs_because: str) -> Organisation:
    new = Organisation(
        name=name,
        kind=body,
        side=organisation.side,
        country=organisation.country,
        # It gets the places that it holds, and as many as the one that it came out of.
        capacity=organisation.capacity,
        origin=organisation.origin,
        standing=organisation.standing,
        time_zone=organisation.time_zone,
        differs_because=differs_because,
    )
    save_with_free_slug(new)
    return new


def _move(found: Halves, organisation: Organisation, new: Organisation) -> dict[str, int]:
    """Move the chosen parts and people; return how many of what."""
    fields = dict(relations())
    moved: Counter[str] = Counter()
    for part in found.going:
        for name, pk in part.rows:
            _move_row(fields[name], pk, part, organisation, new)
            moved[str(fields[name].model._meta.verbose_name_plural)] += 1  # noqa: SLF001
    about = mails_about(row for part in found.going for row in part.rows)
    if about:
        change_owner(before=key_of(organisation), after=key_of(new), about=about)
    staying = {row.pk for row in found.people_staying}
    for row in found.people_going:
        if row.pk in staying:
            Membership.objects.create(user=row.user, organisation=new, role=row.role)
        else:
            Membership.objects.filter(pk=row.pk).update(organisation=new)
        forget(row.user)
    return dict(sorted(moved.items()))


def _move_row(
    field: Any, pk: int, part: Part, organisation: Organisation, new: Organisation
) -> None:
    rows = field.model._base_manager  # noqa: SLF001 - Django's name
    if not rows.filter(pk=pk, **{field.name: organisation}).update(**{field.name: new}):
        raise StaleError(
            _("“%(what)s” has gone meanwhile. Load the page and choose again.")
            % {"what": part.label}
        )


def mark_on_map(organisation: Organisation) -> None:
    """Put it where its first place is; without one it stays where it was, or has no point."""
    seat = organisation.cities.order_by("organisationcity__order").first()
    if seat is None:
        return
    organisation.latitude, organisation.longitude = seat.latitude, seat.longitude
    organisation.time_zone = seat.time_zone
    organisation.save(update_fields=["latitude", "longitude", "time_zone"])
