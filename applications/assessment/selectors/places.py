"""Places that came free, and who is next on the reserve list: in the order that was released."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef

from accounts.models import User
from applications.assessment.models import FreePlace, Outcome
from applications.assessment.models.places import FreePlaceQuerySet
from applications.assessment.states import PendingOutcome
from applications.models import Application
from applications.states import ApplicationStatus
from programme.calls.models import Call


@dataclass(frozen=True)
class Reserve:
    """One who waits for a place: where it stood when it was told, and whether it is next.

    Equals are next together: a human decides between them. `is_in_hand`: its acceptance is
    prepared. Without rank and points it was told before the ranking was kept, or by hand.
    """

    application: Application
    rank: int | None
    points: Decimal | None
    version: int
    is_tied: bool
    is_in_hand: bool
    is_next: bool


def reserve_list(call: Call) -> list[Reserve]:
    """Return who waits for a place, the next first; one query.

    All of them, for the service and for counting: what is kept from a person, its page leaves out.
    """
    accepted = Outcome.objects.pending().filter(
        application=OuterRef("pk"), outcome=PendingOutcome.ACCEPT
    )
    rows = list(
        Application.objects.filter(call=call, status=ApplicationStatus.RESERVE)
        .select_related("organisation__country", "outcome")
        .annotate(is_in_hand=Exists(accepted.order_by()))
        .order_by(F("outcome__points").desc(nulls_last=True), "reference")
    )
    return _ranked(rows)


def _ranked(rows: Sequence[Any]) -> list[Reserve]:
    told = {one.pk: getattr(one, "outcome", None) or Outcome(version=0) for one in rows}
    number = Counter(told[one.pk].points for one in rows)
    offered = [told[one.pk].points for one in rows if not one.is_in_hand][:1]
    return [
        Reserve(
            application=one,
            rank=told[one.pk].rank,
            points=told[one.pk].points,
            version=told[one.pk].version,
            is_tied=number[told[one.pk].points] > 1,
            is_in_hand=one.is_in_hand,
            is_next=not one.is_in_hand and told[one.pk].points in offered,
        )
        for one in rows
    ]


def next_of(reserve: Sequence[Reserve]) -> list[Reserve]:
    """Return who is offered the next place: one, or equals."""
    return [row for row in reserve if row.is_next]


def places_of(user: User, call: Call) -> FreePlaceQuerySet:
    """Return the places of a call that came free, the last first, each with its state."""
    return (
        FreePlace.objects.visible_to(user)
        .filter(application__call=call)
        .select_related("application__organisation__country", "taken_by__organisation", "by")
        .with_state()
    )


def reached_among(user: User, reserve: Sequence[Reserve]) -> list[Reserve]:
    """Leave out what is kept from the person; one query."""
    ids = [row.application.pk for row in reserve]
    rows = Application.objects.reached_by(user).filter(pk__in=ids).order_by()
    seen = set(rows.values_list("pk", flat=True))
    return [row for row in reserve if row.application.pk in seen]
