"""What of organisations themselves moves in a way of its own when two are merged."""

from collections.abc import Collection
from itertools import count

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties.services import touch
from core.kit import days
from programme.organisations.models import (
    Claim,
    Invitation,
    Membership,
    MovedRow,
    Neighbours,
    Organisation,
)
from programme.organisations.relations import MailsAbout, Part, RowKey
from programme.organisations.selectors.merging import pair_of
from programme.organisations.states import RANK, ClaimState, MovedHow

MEMBERSHIP = "organisations.Membership.organisation"


def _cities(goes: Organisation, stays: Organisation) -> None:
    """What is a city of both stays once; those that come are behind the seat."""
    cities = goes.organisationcity_set
    cities.filter(city__in=stays.cities.all()).delete()
    last = stays.organisationcity_set.count()
    for order, row in enumerate(cities.order_by("order"), last):
        row.organisation, row.order = stays, order
        row.save(update_fields=["organisation", "order"])


def _slots(goes: Organisation, stays: Organisation) -> None:
    """Places that are held come along, in free numbers; free ones are the capacity's business."""
    goes.slots.filter(held_by=None).delete()
    taken = set(stays.slots.values_list("number", flat=True))
    numbers = (number for number in count(1) if number not in taken)
    for slot in goes.slots.all():
        slot.organisation, slot.number = stays, next(numbers)
        taken.add(slot.number)
        slot.save(update_fields=["organisation", "number"])


def _team(goes: Organisation, stays: Organisation) -> None:
    """Who is of both teams keeps the higher role."""
    roles = dict(stays.memberships.values_list("user", "role"))
    for row in goes.memberships.all():
        if row.user_id not in roles:
            row.organisation = stays
            row.save(update_fields=["organisation"])
            continue
        if RANK[row.role] > RANK[roles[row.user_id]]:
            Membership.objects.filter(organisation=stays, user=row.user_id).update(role=row.role)
        row.delete()


def _invitations(goes: Organisation, stays: Organisation) -> None:
    """Of two open ones to one address the one of what stays holds."""
    still_open = Q(accepted_at=None, revoked_at=None)
    both = stays.invitations.filter(still_open).values("email")
    goes.invitations.filter(
        still_open, email__in=list(both.values_list("email", flat=True))
    ).update(revoked_at=days.now())
    Invitation.objects.filter(organisation=goes).update(organisation=stays)


def _claims(goes: Organisation, stays: Organisation) -> None:
    """Who asks at both asks once; who is of the team already asks for nothing."""
    asked = Q(person__in=stays.claims.open().values("person"))
    joined = Q(person__in=stays.memberships.values("user"))
    goes.claims.open().filter(asked | joined, stand_in=None).update(
        state=ClaimState.WITHDRAWN, answered_at=days.now()
    )
    for claim in goes.claims.all():
        touch(claim)
    Claim.objects.filter(organisation=goes).update(organisation=stays)


def _neighbours(goes: Organisation, stays: Organisation) -> None:
    """What was a neighbour of one is one of both; the two themselves are none."""
    for row in Neighbours.objects.filter(Q(one=goes) | Q(other=goes)):
        beside = row.other if row.one_id == goes.pk else row.one
        row.delete()
        if beside != stays:
            Neighbours.objects.get_or_create(
                **pair_of(stays, beside),
                defaults={
                    "found_by": row.found_by,
                    "found_at": row.found_at,
                    "reason": row.reason,
                },
            )


def _refuse_stand_ins(goes: Organisation, stays: Organisation) -> list[str]:
    """Return what stands in the way of an organisation that holds the drafts of a claim."""
    waits = Claim.objects.filter(Q(stand_in=goes) | Q(stand_in=stays))
    both = waits.exists() or _asked_at_both(goes, stays)
    words = _("Somebody waits to be let in with drafts of their own. Answer that request first.")
    return [words] if both else []


def _asked_at_both(goes: Organisation, stays: Organisation) -> bool:
    """Tell whether a request that would end here holds drafts."""
    people = Q(person__in=stays.claims.open().values("person"))
    people |= Q(person__in=stays.memberships.values("user"))
    return goes.claims.open().filter(people, stand_in__isnull=False).exists()


def _held_people(rows: Collection[MovedRow], holder: Organisation) -> dict[RowKey, str]:
    """Return who was of both teams and has left the common one since: nobody lets them in again."""
    team = set(holder.memberships.values_list("user_id", flat=True))
    return {
        (row.relation, row.row_id): _("This person has left the team since.")
        for row in rows
        if row.relation == MEMBERSHIP and row.how == MovedHow.REMOVED and row.person_id not in team
    }


def _places(organisation: Organisation, _by: User | None) -> list[Part]:
    """Return its places, each of which goes to a new one by itself."""
    return [
        Part(
            key=f"place:{row.pk}",
            label=_("Place: %(name)s") % {"name": row.city.name},
            rows=(("organisations.OrganisationCity.organisation", row.pk),),
        )
        for row in organisation.organisationcity_set.select_related("city")
    ]


def _domains(organisation: Organisation, _by: User | None) -> list[Part]:
    return [
        Part(
            key=f"domain:{row.pk}",
            label=_("Mail domain: %(host)s") % {"host": row.host},
            rows=(("organisations.MailDomain.organisation", row.pk),),
        )
        for row in organisation.mail_domains.all()
    ]


def _stand_in(goes: Organisation, stays: Organisation) -> None:
    """Nothing moves: a stand-in is merged by answering its claim (`_refuse_stand_ins`)."""


MOVE = {
    "organisations.OrganisationCity.organisation": _cities,
    "organisations.CapacitySlot.organisation": _slots,
    MEMBERSHIP: _team,
    "organisations.Invitation.organisation": _invitations,
    "organisations.Claim.organisation": _claims,
    "organisations.Claim.stand_in": _stand_in,
    "organisations.Neighbours.one": _neighbours,
    "organisations.Neighbours.other": _neighbours,
}
REFUSE = (_refuse_stand_ins,)
AFTER = ()
WRITES = {
    MEMBERSHIP: ("role",),
    "organisations.OrganisationCity.organisation": ("order",),
    "organisations.CapacitySlot.organisation": ("number",),
    "organisations.Claim.organisation": ("state", "answered_at"),
    "organisations.Invitation.organisation": ("revoked_at",),
}
SAME = {
    MEMBERSHIP: ("role",),
    "organisations.Claim.organisation": ("state",),
    "organisations.Invitation.organisation": ("accepted_at", "revoked_at"),
}
HELD = (_held_people,)
PARTS = (_places, _domains)
MAILS: dict[str, MailsAbout] = {}
