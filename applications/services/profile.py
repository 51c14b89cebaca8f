"""Saving what an applicant looks for: challenges, wishes, earlier cooperation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application, Challenge, EarlierCooperation, Profile, Wish
from applications.selectors.profile import offered_countries, offered_topics, profile_of
from applications.services.locking import lock_draft, touch
from applications.states import Direction, WishKind
from core.kit import days
from core.kit.errors import InvalidError
from core.kit.writes import require_version
from core.trail.services import record_writing
from programme.models import City, Country, MainTopic
from programme.organisations.models import Organisation

MOST_CHALLENGES = 5  # in each direction: with more, none stands out
MOST_WISHES = 10
MOST_COOPERATIONS = 10
UP, DOWN, REMOVE = "up", "down", "remove"

Values = Mapping[str, Any]


@dataclass(frozen=True)
class NewWish:
    """A place to wish for, or to leave out."""

    place: Country | City | Organisation
    is_wanted: bool
    reason: str = ""


@dataclass(frozen=True)
class Deed:
    """A button beside a row: move it up or down, or take it out."""

    what: str
    # "challenges", "wishes" or "cooperations".
    rows: str
    pk: int


@dataclass(frozen=True)
class ProfileData:
    """Everything one page saves: values of rows by their ids, and rows to add."""

    population_from: int | None = None
    population_to: int | None = None
    kinds: tuple[str, ...] = ()
    challenges: Mapping[int, Values] = field(default_factory=dict)
    wishes: Mapping[int, Values] = field(default_factory=dict)
    cooperations: Mapping[int, Values] = field(default_factory=dict)
    new_topics: tuple[tuple[Direction, MainTopic], ...] = ()
    new_wish: NewWish | None = None
    new_cooperation: Values | None = None
    deed: Deed | None = None


@transaction.atomic
def save_profile(
    *, application: Application, data: ProfileData, read_version: int, by: User
) -> Profile:
    """Save the profile as its page shows it, and do what was pressed beside a row.

    A save that changes nothing counts no version. Raises StaleError when somebody saved in
    between, InvalidError for what the call does not offer, what is there already, or too much.
    """
    application = lock_draft(application, by)
    profile = profile_of(application)
    changed = _save_values(profile, data)
    for name in ("challenges", "wishes", "cooperations"):
        changed = _save_rows(getattr(application, name), getattr(data, name)) or changed
    for direction, topic in data.new_topics:
        _add_topic(application, direction, topic)
        changed = True
    if data.new_wish:
        _add_wish(application, data.new_wish)
        changed = True
    if data.new_cooperation:
        _add_cooperation(application, data.new_cooperation)
        changed = True
    if data.deed:
        changed = _do(application, data.deed) or changed
    if not changed:
        return profile
    # What was written above is undone with the transaction.
    require_version(profile.version, read_version)
    profile.version += 1
    profile.saved_at, profile.saved_by = days.now(), by
    profile.save()
    touch(application)
    record_writing(verb="application.section_written", target=application, by=by, section="profile")
    return profile


def _save_values(profile: Profile, data: ProfileData) -> bool:
    low, high = data.population_from, data.population_to
    if low is not None and high is not None and low > high:
        raise InvalidError(
            _("The smallest number of inhabitants is above the largest. Change one of them."),
            field="population_from",
        )
    wanted = {"population_from": low, "population_to": high, "kinds": list(data.kinds)}
    changed = any(getattr(profile, name) != value for name, value in wanted.items())
    for name, value in wanted.items():
        setattr(profile, name, value)
    return changed


def _save_rows(rows: "QuerySet[Any]", values: Mapping[int, Values]) -> bool:
    """Write what differs; a row that a colleague has taken out meanwhile stays out."""
    changed = []
    names: set[str] = set()
    for row in rows.filter(pk__in=list(values)):
        differing = {k: v for k, v in values[row.pk].items() if getattr(row, k) != v}
        for name, value in differing.items():
            setattr(row, name, value)
        if differing:
            changed.append(row)
            names |= set(differing)
    if changed:
        rows.bulk_update(changed, sorted(names))
    return bool(changed)


def _next_order(rows: "QuerySet[Any]") -> int:
    last = rows.order_by("-order").values_list("order", flat=True).first()
    return 0 if last is None else int(last) + 1


def _add_topic(application: Application, direction: Direction, topic: MainTopic) -> None:
    place = f"{direction.value}_topic"
    if not offered_topics(application).filter(pk=topic.pk).exists():
        raise InvalidError(_("This topic is not one of this call's. Choose another."), field=place)
    rows = application.challenges.filter(direction=direction)
    if rows.filter(topic=topic).exists():
        raise InvalidError(
            _("“%(topic)s” stands in the list already. Choose another topic.")
            % {"topic": topic.name},
            field=place,
        )
    if rows.count() >= MOST_CHALLENGES:
        raise InvalidError(
            _("Name at most %(limit)d topics. Remove one before you add another.")
            % {"limit": MOST_CHALLENGES},
            field=place,
        )
    Challenge.objects.create(
        application=application, direction=direction, topic=topic, order=_next_order(rows)
    )


def _add_wish(application: Application, wish: NewWish) -> None:
    rows = application.wishes.all()
    if rows.count() >= MOST_WISHES:
        raise InvalidError(
            _("Name at most %(limit)d places. Remove one before you add another.")
            % {"limit": MOST_WISHES},
            field="wish_name",
        )
    _refuse_place(application, wish)
    kind = {Country: WishKind.COUNTRY, City: WishKind.CITY}.get(
        type(wish.place), WishKind.ORGANISATION
    )
    if rows.filter(**{kind.value: wish.place}).exists():
        raise InvalidError(
            _("%(name)s stands in the list already. Change it there.") % {"name": wish.place},
            field="wish_name",
        )
    Wish.objects.create(
        application=application,
        kind=kind,
        is_wanted=wish.is_wanted,
        reason=wish.reason,
        order=_next_order(rows),
        **{kind.value: wish.place},
    )


def _refuse_place(application: Application, wish: NewWish) -> None:
    """Raise InvalidError for what cannot be wished for in this call."""
    offered = list(offered_countries(application))
    if isinstance(wish.place, Country):
        if wish.is_wanted:
            raise InvalidError(
                _(
                    "Countries that you wish for are chosen under “Themes and partner "
                    "preferences”. Here you can leave one out."
                ),
                field="wish_country",
            )
        return
    country = wish.place.country
    if wish.is_wanted and offered and country not in offered:
        raise InvalidError(
            _("%(name)s lies in %(country)s. Partners of this call come from %(countries)s.")
            % {
                "name": wish.place,
                "country": country,
                "countries": ", ".join(str(one) for one in offered),
            },
            field="wish_name",
        )


def _add_cooperation(application: Application, values: Values) -> None:
    rows = application.cooperations.all()
    if rows.count() >= MOST_COOPERATIONS:
        raise InvalidError(
            _("Name at most %(limit)d partners. Remove one before you add another.")
            % {"limit": MOST_COOPERATIONS},
            field="new_partner",
        )
    EarlierCooperation.objects.create(application=application, order=_next_order(rows), **values)


def _do(application: Application, deed: Deed) -> bool:
    """Take a row out, or let it change places with its neighbour; False if it is gone."""
    rows: Any = getattr(application, deed.rows)
    row = rows.filter(pk=deed.pk).first()
    if row is None:
        return False
    if deed.what == REMOVE:
        row.delete()
        return True
    return _move(_beside(rows, row), row, down=deed.what == DOWN)


def _beside(rows: Any, row: Model) -> "QuerySet[Any]":
    """Return the rows of the list in which this one stands on the page."""
    found: QuerySet[Any] = rows.all()
    if isinstance(row, Challenge):
        return found.filter(direction=row.direction)
    if isinstance(row, Wish):
        return found.filter(is_wanted=row.is_wanted)
    return found


def _move(rows: "QuerySet[Any]", row: Any, *, down: bool) -> bool:
    ordered = list(rows)
    place = next(number for number, one in enumerate(ordered) if one.pk == row.pk)
    other = place + 1 if down else place - 1
    if not 0 <= other < len(ordered):
        return False
    ordered[place], ordered[other] = ordered[other], ordered[place]
    for number, one in enumerate(ordered):
        one.order = number
    rows.bulk_update(ordered, ["order"])
    return True
