"""Making organisations and the places they have for pairings."""

import datetime as dt
from itertools import count

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.rules import is_city_user
from core.duties.services import touch
from core.kit import days
from core.kit.errors import InvalidError, Words, WrongStateError
from core.kit.people import forget
from core.kit.sockets import plugged
from core.kit.text import clean_line, fold
from core.kit.writes import clean_text, lock, require
from core.trail.models import AuditEvent
from core.trail.services import record_event
from programme.models import City, Country
from programme.organisations.models import (
    CapacitySlot,
    FormerOrganisation,
    Membership,
    Organisation,
    OrganisationCity,
)
from programme.organisations.selectors import Double, likely_doubles
from programme.organisations.states import MembershipRole, OrganisationKind, Standing
from programme.states import Origin

LARGEST_CAPACITY = 20
# What people of a city register within 30 days at most.
MOST_REGISTRATIONS = 3
REASON_MOST = 500
# Bodies that their own people register only while a call is meant for them.
APPLY_ELSEWHERE = {OrganisationKind.REGION, OrganisationKind.OTHER}


def refuse_kind(kind: str) -> None:
    """Raise InvalidError for a kind of body that no call is for, with where to go.

    The socket is `registering.py` with a function `takes_kind`.
    """
    if kind not in APPLY_ELSEWHERE or any(
        module.takes_kind(kind) for module in plugged("registering")
    ):
        return
    raise InvalidError(
        _(
            "Regions, provinces and other public bodies cannot apply in the city-to-city "
            "strand. Look for a call of the inter-regional strand under Calls, or ask a "
            "city to apply and support it."
        ),
        field="kind",
        code="kind_not_eligible",
    )


def other_desk(country: Country) -> str:
    """Say that a desk does not register organisations of another desk's country."""
    return _(
        "%(country)s is not a country of your desk. Ask a coordinator to register "
        "organisations there."
    ) % {"country": country.name}


class LikelyDoubleError(InvalidError):
    """What is registered looks like `doubles`; it goes ahead with a reason."""

    code = "likely_double"

    def __init__(self, doubles: list[Double], words: Words) -> None:
        super().__init__(words, field="differs_because")
        self.doubles = doubles


_MAY_BE_HERE = gettext_lazy(
    "This may be in the portal already: look at the list. Ask to join what is yours, or write why "
    "yours is another one."
)
_MAY_BE_TAKEN = gettext_lazy(
    "Another one is called so, or nearly so: look at the list. Choose another name, or write why "
    "they are two."
)


def require_no_double(
    differs_because: str,
    *,
    name: str,
    country: Country,
    city: City | None = None,
    but: Organisation | None = None,
    otherwise: Words = _MAY_BE_TAKEN,
) -> str:
    """Return why what gets this name is none of its likely doubles; "" where it has none.

    `but` is the one that gets it. Raises LikelyDoubleError, with the words `otherwise`, when
    there are some and no reason is given.
    """
    differs_because = clean_text(differs_because, field="differs_because", limit=REASON_MOST)
    doubles = likely_doubles(
        name=name, country=country, city=city, but=but, is_new_name=but is not None
    )
    if doubles and not differs_because:
        raise LikelyDoubleError(doubles, otherwise)
    return differs_because if doubles else ""


def _check_pace(by: User) -> None:
    """Refuse more registrations of one city user than anybody needs."""
    since = days.now() - dt.timedelta(days=30)
    made = AuditEvent.objects.filter(verb="organisation.registered", words__actor=by, at__gt=since)
    if made.count() >= MOST_REGISTRATIONS:
        raise InvalidError(
            _(
                "You have registered %(count)d organisations within 30 days. Ask to join one that "
                "is in the portal, or write to the coordination unit."
            )
            % {"count": MOST_REGISTRATIONS},
            code="too_many",
        )


def free_slug(name: str) -> str:
    """Return an address for the name that no organisation has, or had before it was merged."""
    base = slugify(fold(name))[:100].strip("-") or "city"
    slug, number = base, 1
    while (
        Organisation.objects.filter(slug=slug).exists()
        or FormerOrganisation.objects.standing().filter(slug=slug).exists()
    ):
        number += 1
        slug = f"{base}-{number}"
    return slug


def save_with_free_slug(organisation: Organisation) -> None:
    """Save a new organisation under an address that nobody has."""
    organisation.slug = free_slug(organisation.name)
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:
        # Somebody took the address in this very moment.
        organisation.slug = free_slug(organisation.name)
        organisation.save()


@transaction.atomic
def create_organisation(
    *,
    by: User,
    name: str,
    kind: str,
    country: Country,
    city: City | None = None,
    capacity: int = 2,
    note: str = "",
    differs_because: str = "",
) -> Organisation:
    """Make an organisation with its places for pairings.

    A city user becomes its lead, and staff have yet to confirm it; staff do not, and what they
    register is confirmed. Raises NotAllowedError for who does not register any and for a country
    of another desk, InvalidError for a body that cannot apply here and for too many of one person,
    LikelyDoubleError without a reason for one that may be in the portal already.
    """
    require(
        by,
        "organisations.register_organisations",
        otherwise=_("Your role cannot register organisations. Ask a coordinator to do it."),
    )
    require(by, "organisations.create_organisation", country, otherwise=other_desk(country))
    name = clean_line(name)
    is_of_city = is_city_user(by)
    if is_of_city:
        refuse_kind(kind)
    # Two at once come one after the other: the second finds the first.
    Country.objects.select_for_update(no_key=True).get(pk=country.pk)
    if is_of_city:
        _check_pace(by)
    differs_because = require_no_double(
        differs_because, name=name, country=country, city=city, otherwise=_MAY_BE_HERE
    )
    organisation = Organisation(
        name=name,
        kind=kind,
        side=country.side,
        country=country,
        capacity=capacity,
        origin=Origin.DEMO if by.is_demo else Origin.PORTAL,
        note=note,
        standing=Standing.TO_CONFIRM if is_of_city else Standing.CONFIRMED,
        differs_because=differs_because,
    )
    if city is not None:
        organisation.latitude, organisation.longitude = city.latitude, city.longitude
        organisation.time_zone = city.time_zone
    save_with_free_slug(organisation)
    if city is not None:
        OrganisationCity.objects.create(organisation=organisation, city=city)
    CapacitySlot.objects.bulk_create(
        CapacitySlot(organisation=organisation, number=number) for number in range(1, capacity + 1)
    )
    if is_of_city:
        Membership.objects.create(user=by, organisation=organisation, role=MembershipRole.LEAD)
        forget(by)
        touch(organisation)
    record_event(
        verb="organisation.registered",
        target=organisation,
        by=by,
        reason=organisation.differs_because,
    )
    return organisation


@transaction.atomic
def set_capacity(*, organisation: Organisation, capacity: int, by: User) -> Organisation:
    """Set how many pairings an organisation can carry at a time.

    Only free places are taken away. Raises WrongStateError when more pairings run than
    the new capacity.
    """
    organisation = lock(organisation)
    require(
        by,
        "organisations.set_capacity",
        organisation,
        otherwise=_("Only a coordinator changes a capacity. Ask one to do it."),
    )
    if not 0 <= capacity <= LARGEST_CAPACITY:
        raise InvalidError(
            _("Choose a capacity between 0 and %(limit)d.") % {"limit": LARGEST_CAPACITY},
            field="capacity",
        )
    if organisation.capacity == capacity:
        return organisation
    slots = list(organisation.slots.select_for_update())
    free = list(organisation.slots.filter(held_by=None))
    surplus = len(slots) - capacity
    if surplus > len(free):
        raise WrongStateError(
            _(
                "%(name)s has %(count)d pairings under way, so its capacity cannot be "
                "lower. End a pairing first, or choose %(count)d or more."
            )
            % {"name": organisation.name, "count": len(slots) - len(free)},
            field="capacity",
        )
    if surplus > 0:
        doomed = [slot.pk for slot in free[-surplus:]]
        CapacitySlot.objects.filter(pk__in=doomed).delete()
    taken = {slot.number for slot in slots}
    numbers = (number for number in count(1) if number not in taken)
    CapacitySlot.objects.bulk_create(
        CapacitySlot(organisation=organisation, number=next(numbers))
        for _slot in range(max(0, -surplus))
    )
    before, organisation.capacity = organisation.capacity, capacity
    organisation.save(update_fields=["capacity"])
    record_event(
        verb="organisation.capacity_set",
        target=organisation,
        by=by,
        details={"before": before, "after": capacity},
    )
    return organisation


def fit_places(organisation: Organisation) -> None:
    """Let an organisation have as many places as its capacity, and as it holds."""
    slots = organisation.slots.count()
    surplus = max(0, slots - organisation.capacity)
    free = organisation.slots.filter(held_by=None).order_by("-number")
    doomed = list(free.values_list("pk", flat=True)[:surplus])
    slots -= CapacitySlot.objects.filter(pk__in=doomed).delete()[0]
    taken = set(organisation.slots.values_list("number", flat=True))
    numbers = (number for number in count(1) if number not in taken)
    for _place in range(organisation.capacity - slots):
        CapacitySlot.objects.create(organisation=organisation, number=next(numbers))
    if slots > organisation.capacity:
        organisation.capacity = slots
        organisation.save(update_fields=["capacity"])
