"""What needs a city's people now, each with its deadline and the page where it is done."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from action_plans.states import PlanStatus
from core.kit.days import BRUSSELS
from iuc_portal.homes.selectors.cards import ApplicationRow, PairingCard, PlanCard
from pairings.models import Milestone, Pairing, PairingMember
from pairings.selectors import waiting_answers, waiting_signatures
from pairings.states import PairingStatus
from programme.calls.states import MilestoneKind
from programme.organisations.models import Membership
from programme.organisations.states import MembershipRole
from reminders.selectors.due import REPORTS, WRITERS, end_of

SOON = dt.timedelta(days=2)
# What is due further ahead can wait; a report is then only a milestone.
AHEAD = dt.timedelta(days=60)


@dataclass(frozen=True)
class Need:
    """One thing the person can do now, with its deadline if it has one."""

    context: str
    title: str
    url: str
    state: str
    text: str = ""
    tone: str = "progress"
    due: dt.datetime | None = None
    whole_day: bool = False

    @property
    def is_late(self) -> bool:
        """Whether the deadline has passed."""
        return self.due is not None and self.due < timezone.now()

    @property
    def is_soon(self) -> bool:
        """Whether the deadline is close."""
        return self.due is not None and not self.is_late and self.due - timezone.now() < SOON

    @property
    def can_wait(self) -> bool:
        """Whether the deadline is so far ahead that nobody needs to think of it now."""
        return self.due is not None and self.due - timezone.now() > AHEAD

    @property
    def when(self) -> str:
        """Return the day in words: "Tomorrow", "In 6 days"."""
        if self.due is None:
            return ""
        today = timezone.localdate(timezone=BRUSSELS)
        days = (self.due.astimezone(BRUSSELS).date() - today).days
        words = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}
        if days in words:
            return words[days]
        if days < 0:
            return ngettext("%(n)d day ago", "%(n)d days ago", -days) % {"n": -days}
        return ngettext("In %(n)d day", "In %(n)d days", days) % {"n": days}


def draft_needs(rows: list[ApplicationRow], memberships: list[Membership]) -> list[Need]:
    """Return the drafts that can still be sent, with what they lack."""
    roles = {membership.organisation_id: membership.role for membership in memberships}
    needs = []
    for row in rows:
        application = row.application
        if not row.tasks or roles.get(application.organisation_id) not in WRITERS:
            continue
        lacking = [task.title for task in row.tasks if not task.is_done]
        if lacking:
            text = _("%(done)d of %(all)d sections are complete. Missing: %(titles)s.") % {
                "done": row.done,
                "all": len(row.tasks),
                "titles": ", ".join(map(str, lacking)),
            }
        elif roles[application.organisation_id] == MembershipRole.LEAD:
            text = _("All sections are complete. Check your answers and send it.")
        else:
            text = _("All sections are complete. Ask a lead of your city to send it.")
        needs.append(
            Need(
                context=_("Application to “%(call)s”") % {"call": application.call.title},
                title=_("Complete and send your application"),
                url=reverse("applications:detail", args=[application.key]),
                state=_("Draft"),
                text=text,
                due=application.call.closes_at,
            )
        )
    return needs


def pairing_needs(user: User) -> list[Need]:
    """Return the proposals to answer and the agreements to sign, for a lead."""
    return [
        *(_answer_need(member) for member in waiting_answers(user)),
        *(_signature_need(member) for member in waiting_signatures(user)),
    ]


def _answer_need(member: PairingMember) -> Need:
    return Need(
        context=_("Pairing %(reference)s") % {"reference": member.pairing.reference},
        title=_("Answer the proposal to work with %(names)s") % {"names": _others(member)},
        url=reverse("pairings:answer", args=[member.pairing.reference]),
        state=_("Waits for you"),
        text=_("Read why the coordination unit paired you, then accept or decline."),
        tone="warning",
        due=member.pairing.accept_by,
    )


def _signature_need(member: PairingMember) -> Need:
    return Need(
        context=_("Pairing with %(names)s") % {"names": _others(member)},
        title=_("Sign the Partnership Agreement"),
        url=reverse("pairings:sign", args=[member.pairing.reference]),
        state=_("Signature missing"),
        text=_("Record who signed it and when. The last signature starts the clock."),
        tone="warning",
        due=member.pairing.sign_by,
    )


def _others(member: PairingMember) -> str:
    return ", ".join(
        other.organisation.name
        for other in member.pairing.members.all()
        if other.organisation_id != member.organisation_id
    )


def milestone_needs(
    cards: list[PairingCard], plans: list[PlanCard], memberships: list[Membership]
) -> list[Need]:
    """Return the open plan sections and reports of the person's own cities."""
    writes_for = {m.organisation_id for m in memberships if m.role in WRITERS}
    milestones: dict[int, list[Milestone]] = {
        card.pairing.pk: [m for m in card.pairing.milestones.all() if m.done_at is None]
        for card in cards
        if card.pairing.status == PairingStatus.RUNNING
    }
    return [
        *_plan_needs(plans, milestones, writes_for),
        *_report_needs(cards, milestones, writes_for),
    ]


def _plan_needs(
    plans: list[PlanCard], milestones: dict[int, list[Milestone]], writes_for: set[int]
) -> Iterator[Need]:
    for card in plans:
        member = card.plan.member
        is_ours = member.organisation_id in writes_for and card.plan.status == PlanStatus.DRAFT
        if is_ours and card.open_sections:
            own = milestones.get(member.pairing_id, [])
            dates = [m.due_on for m in own if m.kind == MilestoneKind.PLAN_SECTION]
            yield _plan_need(card, min(dates, default=None))


def _report_needs(
    cards: list[PairingCard], milestones: dict[int, list[Milestone]], writes_for: set[int]
) -> Iterator[Need]:
    horizon = timezone.localdate(timezone=BRUSSELS) + AHEAD
    for card in cards:
        parties = {member.organisation_id for member in card.pairing.members.all()}
        for milestone in milestones.get(card.pairing.pk, []):
            is_near = milestone.due_on <= horizon
            if is_near and milestone.kind in REPORTS and parties & writes_for:
                yield _report_need(card.pairing, milestone)


def _plan_need(card: PlanCard, due_on: dt.date | None) -> Need:
    first, rest = card.open_sections[0], len(card.open_sections) - 1
    return Need(
        context=_("Action plan %(reference)s") % {"reference": card.plan.reference},
        title=_("Finish section %(section)s") % {"section": first},
        url=reverse("action_plans:section", args=[card.plan.reference, first.key]),
        state=_("In progress") if card.done else _("To write"),
        text=ngettext(
            "One more section is not marked as done.",
            "%(n)d more sections are not marked as done.",
            rest,
        )
        % {"n": rest}
        if rest
        else _("It is the last one that is not marked as done."),
        due=end_of(due_on) if due_on else None,
        whole_day=True,
    )


def _report_need(pairing: Pairing, milestone: Milestone) -> Need:
    return Need(
        context=_("Pairing %(reference)s") % {"reference": pairing.reference},
        title=milestone.title,
        url=reverse("pairings:workspace", args=[pairing.reference]),
        state=_("Report"),
        text=_("The page of the pairing shows what the milestone asks for."),
        tone="info",
        due=end_of(milestone.due_on),
        whole_day=True,
    )
