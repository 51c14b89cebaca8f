"""The workspace of a city's people: what needs them, and where their things stand."""

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from accounts.models import User
from action_plans.models import Plan
from applications.models import Application
from applications.selectors import open_calls_for
from core.trail.models import AuditEvent
from iuc_portal.homes.selectors.cards import (
    ApplicationRow,
    InterestRow,
    PairingCard,
    PlanCard,
    application_rows,
    deferred_interests,
    interest_rows,
    pairing_cards,
    plan_cards,
)
from iuc_portal.homes.selectors.needs import Need, Owed, needs_among
from iuc_portal.homes.selectors.written import Written, written_by
from pairings.models import Pairing
from pairings.states import PairingStatus
from programme.calls.models import Call
from programme.organisations.models import Membership
from programme.organisations.rules import remember_roles
from programme.organisations.states import WRITERS
from programme.states import Side

FEED_ROWS = 6


@dataclass(frozen=True)
class Workspace:
    """All that the workspace shows."""

    memberships: list[Membership]
    needs: list[Need]
    later: list[Need]
    applications: list[ApplicationRow]
    interests: list[InterestRow]
    pairings: list[PairingCard]
    plans: list[PlanCard]
    open_calls: list[Call]
    events: list[AuditEvent]
    written: Written | None

    @property
    def plan_can_begin(self) -> bool:
        """Whether a pairing runs and no city of the person has a plan yet."""
        running = PairingStatus.RUNNING
        return not self.plans and any(c.pairing.status == running for c in self.pairings)

    @property
    def may_apply(self) -> bool:
        """Whether the person writes for a city that can apply, today or to the next call."""
        written = [row.organisation for row in self.memberships if row.role in WRITERS]
        return any(self.open_calls or one.side == Side.EU for one in written)


def workspace_of(user: User) -> Workspace:
    """Return the person's workspace; the queries do not grow with its content."""
    memberships = list(
        user.memberships.select_related("organisation__country").order_by("since", "id")
    )
    remember_roles(user, memberships)
    owed = Owed(user, memberships)
    rows = application_rows(owed)
    cards = pairing_cards(owed)
    plans = plan_cards(owed)
    deferred = deferred_interests(owed)
    found = needs_among(owed.all(), memberships)
    interests = interest_rows(deferred.found)
    return Workspace(
        memberships=memberships,
        needs=[need for need in found if not need.can_wait],
        later=[need for need in found if need.can_wait],
        applications=rows,
        interests=interests,
        pairings=cards,
        plans=plans,
        # Shown where there is no application yet.
        open_calls=[] if rows or interests else list(open_calls_for(user)),
        events=_events(rows, cards, plans) if memberships else [],
        written=written_by(user, rows, plans) if rows or plans else None,
    )


def _events(
    rows: list[ApplicationRow], cards: list[PairingCard], plans: list[PlanCard]
) -> list[AuditEvent]:
    """Return what people of cities did last to these things; what staff do stays with staff."""
    ours: dict[type[Any], list[int]] = {
        Application: [row.application.pk for row in rows],
        Pairing: [card.pairing.pk for card in cards],
        Plan: [card.plan.pk for card in plans],
    }
    kinds = ContentType.objects.get_for_models(*ours)
    about = Q(pk=None)
    for model, ids in ours.items():
        about |= Q(target_type=kinds[model], target_id__in=ids)
    events: QuerySet[AuditEvent] = AuditEvent.objects.filter(about, words__actor__staff_role="")
    recent = list(events.select_related("words__actor")[: FEED_ROWS * 5])
    # Who saves ten times in a row did one thing.
    shown = {
        (event.actor_name, event.verb, event.target_label): event for event in reversed(recent)
    }
    return sorted(shown.values(), key=lambda event: (event.at, event.pk), reverse=True)[:FEED_ROWS]
