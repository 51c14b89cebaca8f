"""Who stands behind the owner of a duty: here the opaque keys become people."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from core.duties.catalogue import Duty, kinds
from programme.organisations.models import Membership, Organisation


@dataclass(frozen=True)
class Recipient:
    """A person to remind, and for which organisation, if for one."""

    user: User
    organisation: Organisation | None = None
    role: str = ""


def recipients_of(duties: Iterable[Duty]) -> dict[str, list[Recipient]]:
    """Return by key of a duty the people to remind of it; two queries at most.

    An owner of an unknown kind has none, and nor has a person who may no longer sign in.
    """
    duties = list(duties)
    owners = {duty.owner for duty in duties}
    people = _members(owners) | _persons(owners)
    return {
        duty.key: [
            recipient
            for recipient in people.get(duty.owner, [])
            if not recipient.role or recipient.role in kinds()[duty.kind].to
        ]
        for duty in duties
    }


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


def _persons(owners: set[str]) -> dict[str, list[Recipient]]:
    ids = _ids(owners, "person")
    people = User.objects.filter(pk__in=ids, is_active=True) if ids else []
    return {f"person:{person.pk}": [Recipient(person)] for person in people}
