"""What is due by now and not yet recorded: the question that the sweep asks.

Each kind of reminder has its days before the deadline. Of the days that have come, only the
newest counts: who starts a draft two days before the close gets the reminder of day three
once, and not that of day fourteen as well. A moved deadline is a new occasion.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse

from accounts.models import User
from action_plans.models import Plan
from action_plans.selectors.sections import required_sections
from action_plans.states import PlanStatus
from applications.models import Application
from applications.states import ApplicationStatus
from core.kit.days import BRUSSELS
from pairings.models import Milestone, Pairing, PairingMember
from pairings.selectors.city import members_awaiting_answer, members_awaiting_signature
from pairings.states import PairingStatus
from programme.calls.states import CallStatus, MilestoneKind
from programme.organisations.models import Membership, Organisation
from programme.organisations.states import MembershipRole
from questionnaires.models import Section
from reminders.models import Delivery
from reminders.states import ReminderKind

OVERDUE = 0
# Days before the deadline; 0 is the reminder after it.
OFFSETS: dict[ReminderKind, tuple[int, ...]] = {
    # A call that has closed takes no draft: nothing is said afterwards.
    ReminderKind.DRAFT_CLOSING: (14, 3, 1),
    ReminderKind.ACCEPTANCE: (7, 2, OVERDUE),
    ReminderKind.SIGNATURE: (7, 2, OVERDUE),
    ReminderKind.PLAN_SECTION: (14, 3, OVERDUE),
    ReminderKind.REPORT: (14, 3, OVERDUE),
}
WRITERS = (MembershipRole.LEAD, MembershipRole.EDITOR)
REPORTS = (MilestoneKind.REPORT, MilestoneKind.FINAL_REPORT)
LEADS = (MembershipRole.LEAD,)


@dataclass(frozen=True)
class DueReminder:
    """One reminder to one person. `kind`, `about`, person and `due_key` make it single."""

    kind: ReminderKind
    about: str
    recipient: User
    due_key: str
    deadline: dt.datetime
    organisation: Organisation
    # The page where it is done, and what the mail's words need beside.
    page: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, int, str]:
        """Return what the database holds unique."""
        return (str(self.kind), self.about, self.recipient.pk, self.due_key)


def due_reminders(now: dt.datetime) -> list[DueReminder]:
    """Return every reminder that is due by `now` and not recorded.

    The number of queries does not grow with the number of reminders.
    """
    found = [
        *_drafts(now),
        *_acceptances(now),
        *_signatures(now),
        *_plan_sections(now),
        *_reports(now),
    ]
    recorded = _recorded(found)
    return [reminder for reminder in found if reminder.key not in recorded]


def due_offset(kind: ReminderKind, deadline: dt.datetime, now: dt.datetime) -> int | None:
    """Return the newest of the kind's days that has come, or None."""
    come = [days for days in OFFSETS[kind] if deadline - dt.timedelta(days=days) <= now]
    return min(come, default=None)


def end_of(day: dt.date) -> dt.datetime:
    """Return the last second of a day in Brussels: until then a milestone is in time."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), tzinfo=BRUSSELS)


def pairings_without_plan() -> "QuerySet[Pairing]":
    """Return the running pairings in which a city has no plan yet."""
    missing = PairingMember.objects.filter(pairing=OuterRef("pk"), plan=None)
    return Pairing.objects.filter(Exists(missing), status=PairingStatus.RUNNING)


def _reach(kind: ReminderKind, now: dt.datetime) -> dt.datetime:
    """Return the latest deadline of which the kind reminds by now."""
    return now + dt.timedelta(days=max(OFFSETS[kind]))


def _people(path: str, roles: Iterable[str]) -> "Prefetch[Any]":
    """Prefetch the people to remind of an organisation, as `to_remind`."""
    members = Membership.objects.filter(role__in=roles, user__is_active=True)
    return Prefetch(
        f"{path}memberships",
        queryset=members.select_related("user").order_by("id"),
        to_attr="to_remind",
    )


def _for_each(
    kind: ReminderKind,
    organisation: Organisation,
    deadline: dt.datetime | None,
    now: dt.datetime,
    *,
    about: str,
    page: str,
    **facts: Any,
) -> Iterator[DueReminder]:
    """Give the reminder to each person of the organisation, when one of its days has come."""
    offset = due_offset(kind, deadline, now) if deadline else None
    if deadline is None or offset is None:
        return
    instant = deadline.astimezone(dt.UTC).isoformat(timespec="seconds")
    for membership in organisation.to_remind:  # type: ignore[attr-defined]
        yield DueReminder(
            kind=kind,
            about=about,
            recipient=membership.user,
            due_key=f"{instant}/{offset or 'overdue'}",
            deadline=deadline,
            organisation=organisation,
            page=page,
            facts=facts,
        )


def _drafts(now: dt.datetime) -> Iterator[DueReminder]:
    kind = ReminderKind.DRAFT_CLOSING
    drafts = Application.objects.filter(
        status=ApplicationStatus.DRAFT,
        call__status=CallStatus.PUBLISHED,
        call__opens_at__lte=now,
        call__closes_at__gte=now.replace(microsecond=0),
        call__closes_at__lte=_reach(kind, now),
    )
    drafts = drafts.select_related("call", "organisation")
    for draft in drafts.prefetch_related(_people("organisation__", WRITERS)):
        yield from _for_each(
            kind,
            draft.organisation,
            draft.call.closes_at,
            now,
            about=f"application:{draft.pk}",
            page=reverse("applications:detail", args=[draft.key]),
            application=draft,
            call=draft.call,
        )


def _with_leads(members: "QuerySet[PairingMember]") -> "QuerySet[PairingMember]":
    return members.prefetch_related(
        _people("organisation__", LEADS), "pairing__members__organisation"
    )


def _acceptances(now: dt.datetime) -> Iterator[DueReminder]:
    kind = ReminderKind.ACCEPTANCE
    members = _with_leads(members_awaiting_answer(due_by=_reach(kind, now)))
    for member in members:
        yield from _for_each(
            kind,
            member.organisation,
            member.pairing.accept_by,
            now,
            about=f"member:{member.pk}",
            page=reverse("pairings:answer", args=[member.pairing.reference]),
            pairing=member.pairing,
            partners=_partners(member),
        )


def _signatures(now: dt.datetime) -> Iterator[DueReminder]:
    kind = ReminderKind.SIGNATURE
    members = _with_leads(members_awaiting_signature(due_by=_reach(kind, now)))
    for member in members:
        yield from _for_each(
            kind,
            member.organisation,
            member.pairing.sign_by,
            now,
            about=f"member:{member.pk}",
            page=reverse("pairings:workspace", args=[member.pairing.reference]),
            pairing=member.pairing,
            partners=_partners(member),
        )


def _milestones(kind: ReminderKind, now: dt.datetime, *kinds: str) -> "QuerySet[Milestone]":
    """Return the open milestones of running pairings whose day may have come."""
    return (
        Milestone.objects.filter(
            kind__in=kinds,
            done_at=None,
            pairing__status=PairingStatus.RUNNING,
            due_on__lte=_reach(kind, now).astimezone(BRUSSELS).date(),
        )
        .select_related("pairing")
        .prefetch_related(
            "pairing__members__organisation",
            _people("pairing__members__organisation__", WRITERS),
        )
    )


def _plan_sections(now: dt.datetime) -> Iterator[DueReminder]:
    kind = ReminderKind.PLAN_SECTION
    milestones = list(_milestones(kind, now, MilestoneKind.PLAN_SECTION))
    plans = _plans_with_open_sections({milestone.pairing_id for milestone in milestones})
    for milestone in milestones:
        for member in milestone.pairing.members.all():
            plan, sections = plans.get(member.pk, (None, []))
            if plan is None or not sections:
                continue
            yield from _for_each(
                kind,
                member.organisation,
                end_of(milestone.due_on),
                now,
                about=f"milestone:{milestone.pk}:plan:{plan.pk}",
                page=reverse("action_plans:plan", args=[plan.reference]),
                milestone=milestone,
                plan=plan,
                sections=sections,
                pairing=milestone.pairing,
            )


def _plans_with_open_sections(pairings: set[int]) -> dict[int, tuple[Plan, list[Section]]]:
    """Return by member the plan being written and its required sections not marked done."""
    plans = list(
        Plan.objects.filter(member__pairing__in=pairings, status=PlanStatus.DRAFT).select_related(
            "response"
        )
    )
    sections = required_sections(plans)
    return {plan.member_id: (plan, sections[plan.pk].open) for plan in plans}


def _reports(now: dt.datetime) -> Iterator[DueReminder]:
    kind = ReminderKind.REPORT
    for milestone in _milestones(kind, now, *REPORTS):
        for member in milestone.pairing.members.all():
            yield from _for_each(
                kind,
                member.organisation,
                end_of(milestone.due_on),
                now,
                about=f"milestone:{milestone.pk}:member:{member.pk}",
                page=reverse("pairings:workspace", args=[milestone.pairing.reference]),
                milestone=milestone,
                pairing=milestone.pairing,
                partners=_partners(member),
            )


def _partners(member: PairingMember) -> list[str]:
    return [
        other.organisation.name
        for other in member.pairing.members.all()
        if other.organisation_id != member.organisation_id
    ]


def _recorded(found: list[DueReminder]) -> set[tuple[str, str, int, str]]:
    """Return the keys that have a delivery; asked once, by what the reminders are about."""
    about = {reminder.about for reminder in found}
    rows = Delivery.objects.filter(about__in=about) if about else Delivery.objects.none()
    return set(rows.values_list("kind", "about", "recipient_id", "due_key"))
