"""Which required sections of plans nobody has marked as done; answered by the database."""

from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from action_plans.models import Plan
from core.kit.rows import number_of
from programme.calls.states import MilestoneKind
from questionnaires.models import Section, SectionMark

MILESTONES = "member__pairing__milestones"
ASKS_FOR_PLAN = Q(
    **{f"{MILESTONES}__kind": MilestoneKind.PLAN_SECTION, f"{MILESTONES}__done_at": None}
)


def open_sections(plan: Plan) -> "QuerySet[Section]":
    """Return the required sections of a plan that are not marked as done, in order."""
    marked = plan.response.marks.values("section")
    return Section.objects.filter(version=plan.response.version_id, required=True).exclude(
        pk__in=marked
    )


def has_open_section() -> Exists:
    """Return whether a plan, as a row of a query, has such a section."""
    return Exists(_open_of_row())


def with_section_counts(plans: "QuerySet[Plan]") -> "QuerySet[Plan]":
    """Add how many sections are required, and how many of them are open."""
    return plans.annotate(required_count=number_of(_required_of_row()), open_count=open_count())


def open_count() -> Subquery:
    """Return how many sections of a plan, as a row of a query, are open."""
    return number_of(_open_of_row())


def with_goals(plans: "QuerySet[Plan]") -> "QuerySet[Any]":
    """Return one row for each plan and open milestone that asks for it, one if there is none.

    With the milestone, the counts of sections and the first one that is open.
    """
    return with_section_counts(plans).annotate(
        goal=FilteredRelation(MILESTONES, condition=ASKS_FOR_PLAN),
        milestone_id=F("goal__pk"),
        due_on=F("goal__due_on"),
        milestone_title=F("goal__title"),
        first_key=_first_open("key"),
        first_number=_first_open("number"),
        first_title=_first_open("title"),
    )


def _first_open(field: str) -> Subquery:
    """Return a field of the first open section of a plan, as a row of a query."""
    return Subquery(_open_of_row().order_by("order", "id").values(field)[:1])


def _required_of_row() -> "QuerySet[Section]":
    return Section.objects.filter(version=OuterRef("response__version"), required=True)


def _open_of_row() -> "QuerySet[Section]":
    marks = SectionMark.objects.filter(
        response=OuterRef(OuterRef("response")), section=OuterRef("pk")
    )
    return _required_of_row().filter(~Exists(marks))
