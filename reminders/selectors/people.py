"""Who stands behind the owner of a duty: here the opaque keys become people."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from accounts.models import User
from accounts.selectors import coordinators, open_accounts, staff_who_get_mail
from accounts.states import StaffRole
from core.duties.catalogue import Duty, kinds
from programme.organisations.models import DeskCountry, Membership, Organisation


@dataclass(frozen=True)
class Recipient:
    """A person to remind, and for which organisation, if for one."""

    user: User
    organisation: Organisation | None = None
    role: str = ""
    # Gets it because nobody of the organisation can do it.
    stands_in: bool = False
    # A member of the unit, not of the organisation.
    is_staff: bool = False


def recipients_of(duties: Iterable[Duty]) -> dict[str, list[Recipient]]:
    """Return by key of a duty the people to remind of it; a few queries, however many duties.

    Where an organisation has nobody in the roles of the duty, its other people and the unit
    stand in, so that nothing that is due reaches nobody. An owner of an unknown kind has none,
    and nor has a person who may no longer sign in.
    """
    duties = list(duties)
    owners = {duty.owner for duty in duties}
    people = _members(owners) | _persons(owners) | _desks(owners) | _unit(owners)
    found = {
        duty.key: [
            recipient
            for recipient in people.get(duty.owner, [])
            if not recipient.role or recipient.role in kinds()[duty.kind].to
        ]
        for duty in duties
    }
    unheard = [
        duty
        for duty in duties
        if not found[duty.key] and kinds()[duty.kind].to and duty.owner.startswith("organisation:")
    ]
    return found | _stand_ins(unheard, people)


def _stand_ins(
    duties: list[Duty], people: dict[str, list[Recipient]]
) -> dict[str, list[Recipient]]:
    """Return for duties that reach nobody the other members, and who looks after the country."""
    if not duties:
        return {}
    ids = _ids({duty.owner for duty in duties}, "organisation")
    cities = Organisation.objects.select_related("country").in_bulk(ids)
    desks = _desks({f"desk:{city.country_id}" for city in cities.values()})
    found = {}
    for duty in duties:
        city = cities.get(int(duty.owner.partition(":")[2]))
        if city is None:
            continue
        staff = desks.get(f"desk:{city.country_id}", [])
        members = [replace(each, stands_in=True) for each in people.get(duty.owner, [])]
        reached = {each.user.pk for each in members}
        found[duty.key] = members + [
            replace(each, organisation=city, stands_in=True)
            for each in staff
            if each.user.pk not in reached
        ]
    return found


def _ids(owners: Iterable[str], kind: str) -> list[int]:
    return sorted(
        int(number)
        for name, _colon, number in (owner.partition(":") for owner in owners)
        if name == kind
    )


def _members(owners: set[str]) -> dict[str, list[Recipient]]:
    found: dict[str, list[Recipient]] = {}
    if ids := _ids(owners, "organisation"):
        members = Membership.objects.filter(organisation__in=ids, user__is_active=True)
        for member in members.select_related("user", "organisation").order_by("id"):
            recipient = Recipient(member.user, member.organisation, member.role)
            found.setdefault(f"organisation:{member.organisation_id}", []).append(recipient)
    return found


def _desks(owners: set[str]) -> dict[str, list[Recipient]]:
    """Return for "desk:IN" the desks of the country; where there is none, the coordinators."""
    codes = {owner.partition(":")[2] for owner in owners if owner.startswith("desk:")}
    if not codes:
        return {}
    desks = staff_who_get_mail(StaffRole.REGIONAL_DESK).order_by()
    rows = DeskCountry.objects.filter(country__in=codes, user__in=desks).select_related("user")
    found: dict[str, list[Recipient]] = {}
    for row in rows.order_by("user"):
        found.setdefault(f"desk:{row.country_id}", []).append(Recipient(row.user, is_staff=True))
    orphaned = [f"desk:{code}" for code in codes if f"desk:{code}" not in found]
    if orphaned:
        found |= dict.fromkeys(orphaned, _coordinators())
    return found


def _unit(owners: set[str]) -> dict[str, list[Recipient]]:
    """Return for what the unit owes as a whole everybody who coordinates."""
    found = {owner for owner in owners if owner.startswith("unit:")}
    if not found:
        return {}
    return dict.fromkeys(found, _coordinators())


def _coordinators() -> list[Recipient]:
    return [Recipient(person, is_staff=True) for person in coordinators()]


def _persons(owners: set[str]) -> dict[str, list[Recipient]]:
    ids = _ids(owners, "person")
    people = open_accounts().filter(pk__in=ids) if ids else []
    return {f"person:{person.pk}": [Recipient(person)] for person in people}
