"""Where pairings stand, in numbers: for the console, whatever there is."""

import datetime as dt

from django.db.models import Case, Count, DateField, Exists, F, Min, OuterRef, Q, QuerySet, When
from django.db.models.functions import TruncDate

from accounts.models import User
from core.kit.days import BRUSSELS, ended_by
from pairings.models import Milestone, Pairing, PairingMember
from pairings.selectors.dues import ANSWER_OWED, MILESTONE_OWED, SIGNATURE_OWED
from pairings.states import PairingStatus

S = PairingStatus


def numbers_by_call(user: User) -> dict[int, dict[str, int]]:
    """Return by call and status how many pairings the person sees; one query."""
    rows = (
        Pairing.objects.visible_to(user)
        .filter(call__isnull=False)
        .order_by()
        .values_list("call", "status")
        .annotate(number=Count("*"))
    )
    found: dict[int, dict[str, int]] = {}
    for call, status, number in rows:
        found.setdefault(call, {})[status] = number
    return found


def awaited_parties(user: User) -> "QuerySet[PairingMember]":
    """Return the parties whose answer or signature is awaited, of pairings the person sees."""
    seen = Pairing.objects.visible_to(user).filter(status__in=[S.PROPOSED, S.ACCEPTED])
    return PairingMember.objects.filter(ANSWER_OWED | SIGNATURE_OWED, pairing__in=seen)


def pairings_at_risk(user: User, at: dt.datetime) -> "QuerySet[Pairing]":
    """Return the pairings of which a date has passed without what it asked for.

    The one that is late for longest comes first.
    """
    members = PairingMember.objects.filter(pairing=OuterRef("pk"))
    owed = Milestone.objects.filter(MILESTONE_OWED, pairing=OuterRef("pk"))
    is_late = (
        Q(Exists(members.filter(ANSWER_OWED)), status=S.PROPOSED, accept_by__lte=at)
        | Q(Exists(members.filter(SIGNATURE_OWED)), status=S.ACCEPTED, sign_by__lte=at)
        | Q(Exists(owed.filter(due_on__lte=ended_by(at))), status=S.RUNNING)
    )
    first = owed.order_by().values("pairing").annotate(day=Min("due_on")).values("day")
    return (
        Pairing.objects.visible_to(user)
        .filter(is_late)
        .annotate(
            late_since=Case(
                When(status=S.PROPOSED, then=TruncDate("accept_by", tzinfo=BRUSSELS)),
                When(status=S.ACCEPTED, then=TruncDate("sign_by", tzinfo=BRUSSELS)),
                default=first,
                output_field=DateField(),
            )
        )
        .order_by(F("late_since"), "pk")
    )
