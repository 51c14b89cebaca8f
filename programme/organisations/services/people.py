"""Rights of staff: their role and the countries of a regional desk."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from accounts.services import set_staff_role
from accounts.states import StaffRole
from core.trail.services import record_event
from programme.models import Country
from programme.organisations.models import DeskCountry


@transaction.atomic
def set_rights(*, person: User, role: str, countries: Iterable[Country], by: User) -> User:
    """Set a person's staff role and, for a regional desk, its partner countries.

    Other roles have no countries. Raises what set_staff_role raises.
    """
    person = set_staff_role(person=person, role=role, by=by)
    wanted = {country.pk: country for country in countries}
    if role != StaffRole.REGIONAL_DESK:
        wanted = {}
    present = {row.country_id: row for row in person.desk_countries.select_related("country")}
    if set(wanted) == set(present):
        return person
    before = sorted(row.country.name for row in present.values())
    person.desk_countries.exclude(country__in=wanted).delete()
    DeskCountry.objects.bulk_create(
        DeskCountry(user=person, country=country)
        for code, country in wanted.items()
        if code not in present
    )
    record_event(
        verb="person.countries_set",
        target=person,
        by=by,
        details={
            "before": before,
            "after": sorted(country.name for country in wanted.values()),
        },
    )
    return person
