"""What a city owes to its action plan."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from action_plans.models import Plan
from action_plans.selectors.sections import has_open_section, open_sections, with_goals
from action_plans.states import PlanStatus
from core.duties.catalogue import OVERDUE, Ask, Duty, Search, Words, duty, key_of
from core.kit.days import end_of
from pairings.states import PairingStatus
from programme.organisations.states import WRITERS
from questionnaires.models import Section


@duty(
    "plan_section",
    label=gettext_lazy("Section of the action plan"),
    days=(14, 3, OVERDUE),
    to=WRITERS,
)
def plan_sections(ask: Ask) -> Search[Plan]:
    """Each plan with open sections, at each milestone that asks for the plan.

    Without such a milestone it has no date.
    """
    plans = with_goals(Plan.objects.select_related("response", "member"))
    if ask.reader is not None:
        plans = plans.filter(pk__in=Plan.objects.visible_to(ask.reader).values("pk"))
    is_open = has_open_section()
    return ask.search(
        plans.order_by("pk", "due_on", "milestone_id"),
        _sections_due,
        is_open=Q(is_open, status=PlanStatus.DRAFT, member__pairing__status=PairingStatus.RUNNING),
        is_done=~Q(is_open),
        owner={"organisation": "member__organisation"},
        about={
            "plan": "pk",
            "milestone": "milestone_id",
            "pairing": "member__pairing",
            "call": "member__pairing__call",
            "organisation": "member__organisation",
        },
        due="due_on",
        whole_day=True,
    )


def _sections_due(plan: Any) -> Duty:
    """Return the duty of a row of `with_goals`."""
    return Duty(
        kind="plan_section",
        about=f"milestone:{plan.milestone_id}" if plan.milestone_id else key_of(plan),
        owner=f"organisation:{plan.member.organisation_id}",
        due=end_of(plan.due_on) if plan.due_on else None,
        whole_day=True,
        done=plan.open_count == 0,
        page=_page(plan, plan.first_key),
        say=lambda: _words(plan),
        facts=lambda: {
            "plan": plan,
            "sections": list(open_sections(plan)),
            "title": plan.milestone_title,
        },
    )


def _page(plan: Plan, section: str | None) -> str:
    if section is None:
        return reverse("action_plans:plan", args=[plan.reference])
    return reverse("action_plans:section", args=[plan.reference, section])


def _words(plan: Any) -> Words:
    section = Section(number=plan.first_number or "", title=plan.first_title or "")
    rest = plan.open_count - 1
    return Words(
        title=_("Finish section %(section)s") % {"section": section},
        context=_("Action plan %(reference)s") % {"reference": plan.reference},
        text=ngettext(
            "One more section is not marked as done.",
            "%(n)d more sections are not marked as done.",
            rest,
        )
        % {"n": rest}
        if rest
        else _("It is the last one that is not marked as done."),
        state=_("In progress") if plan.open_count < plan.required_count else _("To write"),
    )
