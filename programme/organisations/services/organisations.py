"""Making organisations and the places they have for pairings."""

from itertools import count

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_city_user
from core.kit.errors import InvalidError, WrongStateError
from core.kit.people import forget
from core.kit.text import clean_line, fold
from core.kit.writes import lock, require
from core.trail.services import record_event
from programme.models import City, Country
from programme.organisations.models import CapacitySlot, Membership, Organisation, OrganisationCity
from programme.organisations.states import MembershipRole, OrganisationKind
from programme.states import Origin

LARGEST_CAPACITY = 20
# Bodies that cannot be registered by their own people: they apply elsewhere.
APPLY_ELSEWHERE = {OrganisationKind.REGION, OrganisationKind.OTHER}


def _refuse_kind() -> None:
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


def _refuse_existing(existing: Organisation) -> None:
    raise InvalidError(
        _(
            "%(name)s is already in the portal. Ask its lead to invite you, or write to the "
            "coordination unit if nobody there answers."
        )
        % {"name": existing.name},
        field="name",
        code="organisation_exists",
    )


def find_existing(
    *, name: str, kind: str, country: Country, city: City | None
) -> Organisation | None:
    """Return the organisation that somebody is about to make a second time.

    The same name counts whatever its accents; so does the same kind of body of the same
    city, since "City of Dubrovnik" and "Dubrovnik" are one.
    """
    same_country = Organisation.objects.filter(country=country)
    found = same_country.filter(search_name=fold(name)).first()
    if found is None and city is not None:
        found = same_country.filter(
            kind=kind, organisationcity__city=city, organisationcity__order=0
        ).first()
    return found


def free_slug(name: str) -> str:
    """Return an address for the name that no organisation has."""
    base = slugify(fold(name))[:100].strip("-") or "city"
    slug, number = base, 1
    while Organisation.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


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
) -> Organisation:
    """Make an organisation with its places for pairings.

    A city user becomes its lead; staff do not. Raises NotAllowedError for who does not
    register any and for a country of another desk, InvalidError for a body that exists or
    that cannot apply here.
    """
    require(
        by,
        "organisations.register_organisations",
        otherwise=_("Your role cannot register organisations. Ask a coordinator to do it."),
    )
    require(by, "organisations.create_organisation", country, otherwise=other_desk(country))
    name = clean_line(name)
    if is_city_user(by) and kind in APPLY_ELSEWHERE:
        _refuse_kind()
    if existing := find_existing(name=name, kind=kind, country=country, city=city):
        _refuse_existing(existing)
    organisation = Organisation(
        slug=free_slug(name),
        name=name,
        kind=kind,
        side=country.side,
        country=country,
        capacity=capacity,
        origin=Origin.DEMO if by.is_demo else Origin.PORTAL,
        note=note,
    )
    if city is not None:
        organisation.latitude, organisation.longitude = city.latitude, city.longitude
        organisation.time_zone = city.time_zone
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:
        # Somebody registered it, or took its address, in this very moment.
        if existing := find_existing(name=name, kind=kind, country=country, city=city):
            _refuse_existing(existing)
        organisation.slug = free_slug(name)
        organisation.save()
    if city is not None:
        OrganisationCity.objects.create(organisation=organisation, city=city)
    CapacitySlot.objects.bulk_create(
        CapacitySlot(organisation=organisation, number=number) for number in range(1, capacity + 1)
    )
    if is_city_user(by):
        Membership.objects.create(user=by, organisation=organisation, role=MembershipRole.LEAD)
        forget(by)
    record_event(verb="organisation.registered", target=organisation, by=by)
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
