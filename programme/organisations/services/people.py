"""Rights of staff, and closing an account that cities depend on."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import deactivate_person, lock_people, set_staff_role
from accounts.states import StaffRole
from core.duties.services import touch
from core.kit.errors import InvalidError
from core.kit.writes import require
from core.trail.services import record_event
from programme.models import Country
from programme.organisations.models import DeskCountry, Organisation
from programme.organisations.selectors import only_led_by


@transaction.atomic
def set_rights(*, person: User, role: str, countries: Iterable[Country], by: User) -> User:
    """Set a person's staff role and, for a regional desk, its partner countries.

    Other roles have no countries. Raises what set_staff_role raises.
    """
    person = set_staff_role(person=person, role=role, by=by)
    write_countries(person=person, countries=countries, actor=by)
    return person


def write_countries(
    *, person: User, countries: Iterable[Country], actor: User, reason: str = ""
) -> None:
    """Write the countries of a desk and their record; whoever calls has the right and the lock.

    Who is no desk has none.
    """
    wanted = {country.pk: country for country in countries}
    if person.staff_role != StaffRole.REGIONAL_DESK:
        wanted = {}
    present = {row.country_id: row for row in person.desk_countries.select_related("country")}
    if set(wanted) == set(present):
        return
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
        by=actor,
        reason=reason,
        details={
            "before": before,
            "after": sorted(country.name for country in wanted.values()),
        },
    )


@transaction.atomic
def pass_on_country(*, row: DeskCountry, to: User, by: User, reason: str = "") -> None:
    """Let another desk look after a country of this one.

    Raises InvalidError for who is no desk.
    """
    people = lock_people(row.user, to, by=by)
    giver, taker = people[row.user_id], people[to.pk]
    if taker.staff_role != StaffRole.REGIONAL_DESK or not taker.is_active:
        raise InvalidError(
            _("%(name)s is no regional desk. Choose one of the list.") % {"name": taker}
        )
    for person, has_it in ((taker, True), (giver, False)):
        present = {each.country for each in person.desk_countries.select_related("country")}
        wanted = present | {row.country} if has_it else present - {row.country}
        write_countries(person=person, countries=wanted, actor=by, reason=reason)


@transaction.atomic
def close_person(*, person: User, reason: str, by: User, leads_confirmed: bool = False) -> User:
    """Stop a person from signing in, as accounts do, and look after the cities they led.

    Raises InvalidError naming the organisations that would be left without a lead, unless that
    is confirmed; then it is on record there, and each is a duty of staff until it has one.
    """
    require(
        by,
        "accounts.manage_people",
        otherwise=_("Only coordinators manage people and rights. Ask one of them."),
    )
    # In the order in which members change roles: two leads cannot go at the same moment.
    ids = person.memberships.values("organisation")
    list(Organisation.objects.filter(pk__in=ids).order_by("pk").select_for_update())
    left = only_led_by(person) if person.is_active else []
    if left and not leads_confirmed:
        raise InvalidError(
            _("%(person)s is the only lead of %(names)s. Confirm that you mean it.")
            % {"person": person, "names": get_text_list([str(row) for row in left], _("and"))},
            field="leads_confirmed",
            code="last_lead",
        )
    person = deactivate_person(person=person, reason=reason, by=by)
    for organisation in left:
        record_event(
            verb="organisation.lead_lost",
            target=organisation,
            by=by,
            details={"person": str(person)},
        )
        touch(organisation)
    return person
