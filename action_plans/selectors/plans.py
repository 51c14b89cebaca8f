"""Reads on plans: who has which, and how far each is."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery

from accounts.models import User
from action_plans.models import Measure, Plan
from action_plans.selectors.sections import with_section_counts
from core.kit.rows import number_of
from pairings.models import Pairing, PairingMember
from pairings.states import PairingStatus
from programme.organisations.rules import remember_role
from programme.organisations.selectors import role_of
from questionnaires.models import Answer
from questionnaires.selectors import SectionView, section_list


def _with_parties(plans: "QuerySet[Plan]") -> "QuerySet[Plan]":
    parties = PairingMember.objects.select_related("organisation")
    return plans.select_related(
        "member__organisation__country",
        "member__pairing",
        "response__version__template",
    ).prefetch_related(Prefetch("member__pairing__members", parties))


def plan_for(user: User, reference: str) -> Plan | None:
    """Return a plan the person may read, with the parties of its pairing."""
    return _with_parties(Plan.objects.visible_to(user)).filter(reference=reference).first()


def bare_plan_for(user: User, reference: str) -> Plan | None:
    """Return a plan the person may read, with their role in its city, for a write without page."""
    plans: QuerySet[Any] = Plan.objects.visible_to(user).filter(reference=reference)
    plan = (
        plans.select_related("member__organisation", "member__pairing", "response")
        .annotate(role_of_reader=role_of(user, "member__organisation"))
        .first()
    )
    if plan is not None:
        remember_role(user, plan.member.organisation, plan.role_of_reader)
    return cast("Plan | None", plan)


@dataclass(frozen=True)
class PlanRow:
    """A plan in a list, with how far it is and whether the person writes it."""

    plan: Plan
    done: int
    total: int
    measures: int
    last_saved: dt.datetime | None
    is_own: bool

    @property
    def partners(self) -> list[str]:
        """Return the names of the other cities of the pairing."""
        return self.plan.member.partner_names


def plan_rows(plans: "QuerySet[Plan]", user: User) -> list[PlanRow]:
    """Return plans with their progress; the number of queries does not grow with them.

    Progress in a list counts the marks of required sections; a section whose answer was
    taken out again after its mark is told on the plan's own page.
    """
    counted: QuerySet[Any] = with_section_counts(_with_parties(plans)).annotate(
        measures_count=number_of(Measure.objects.filter(plan=OuterRef("pk"))),
        answers_saved_at=_newest(Answer.objects.filter(response=OuterRef("response"))),
        measures_saved_at=_newest(Measure.objects.filter(plan=OuterRef("pk"))),
    )
    own = set(user.memberships.values_list("organisation_id", flat=True))
    return [
        PlanRow(
            plan=plan,
            done=plan.required_count - plan.open_count,
            total=plan.required_count,
            measures=plan.measures_count,
            last_saved=max(
                filter(None, (plan.answers_saved_at, plan.measures_saved_at)),
                default=None,
            ),
            is_own=plan.member.organisation_id in own,
        )
        for plan in counted
    ]


def _newest(rows: "QuerySet[Any]") -> Subquery:
    """Return when the last of the rows was saved, as a part of a larger query."""
    return Subquery(rows.order_by("-saved_at").values("saved_at")[:1])


def plans_of(user: User) -> list[PlanRow]:
    """Return the plans of the person's pairings, their own cities' first."""
    members = PairingMember.objects.filter(organisation__memberships__user=user)
    own = Plan.objects.filter(member__pairing__in=members.values("pairing"))
    return sorted(plan_rows(own, user), key=lambda row: not row.is_own)


def members_without_plan(user: User) -> "QuerySet[PairingMember]":
    """Return the person's cities in running pairings whose plan has not been started."""
    return (
        PairingMember.objects.filter(
            organisation__memberships__user=user,
            pairing__status=PairingStatus.RUNNING,
            plan=None,
        )
        .select_related("organisation", "pairing")
        .prefetch_related("pairing__members__organisation")
    )


def pairings_without_plan(user: User | None = None) -> "QuerySet[Pairing]":
    """Return the running pairings in which a city has no plan, those a role of staff reaches.

    The sweep opens such plans within a minute: one that stays here could not be opened.
    """
    pairings = Pairing.objects.all() if user is None else Pairing.objects.reached_by(user)
    missing = PairingMember.objects.filter(pairing=OuterRef("pk"), plan=None)
    return pairings.filter(Exists(missing), status=PairingStatus.RUNNING)


@dataclass(frozen=True)
class Chapter:
    """Sections that stand under one heading."""

    title: str
    sections: list[SectionView]

    @property
    def done(self) -> int:
        """Return how many of its sections are complete."""
        return sum(section.is_done for section in self.sections)


@dataclass(frozen=True)
class Overview:
    """How far a plan is."""

    chapters: list[Chapter]

    @property
    def sections(self) -> list[SectionView]:
        """Return all sections in order."""
        return [section for chapter in self.chapters for section in chapter.sections]

    @property
    def required(self) -> list[SectionView]:
        """Return the sections a complete plan needs."""
        return [view for view in self.sections if view.section.required]

    @property
    def done(self) -> int:
        """Return how many required sections are complete."""
        return sum(view.is_done for view in self.required)

    @property
    def total(self) -> int:
        """Return how many sections are required."""
        return len(self.required)

    @property
    def left(self) -> int:
        """Return how many required sections are still to do."""
        return self.total - self.done

    @property
    def started_not_done(self) -> list[SectionView]:
        """Return the sections somebody has begun and not finished."""
        return [v for v in self.sections if v.answered and not v.is_done]

    @property
    def last_answer(self) -> Answer | None:
        """Return the answer that was saved last."""
        given = [view.last_answer for view in self.sections if view.last_answer]
        return max(given, key=lambda answer: answer.saved_at, default=None)

    def around(self, key: str) -> tuple[SectionView | None, SectionView, SectionView | None]:
        """Return the section before, the section itself and the one after; KeyError."""
        views = self.sections
        for place, view in enumerate(views):
            if view.key == key:
                before = views[place - 1] if place else None
                after = views[place + 1] if place + 1 < len(views) else None
                return before, view, after
        raise KeyError(key)


def overview(plan: Plan) -> Overview:
    """Return a plan's sections by chapter, with how far each is; always five queries."""
    chapters: list[Chapter] = []
    for view in section_list(plan.response):
        if not chapters or chapters[-1].title != view.section.group:
            chapters.append(Chapter(view.section.group, []))
        chapters[-1].sections.append(view)
    return Overview(chapters)
