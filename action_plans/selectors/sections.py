"""Which required sections of plans nobody has marked as done."""

from collections.abc import Sequence
from dataclasses import dataclass

from action_plans.models import Plan
from questionnaires.models import Section, SectionMark


@dataclass(frozen=True)
class RequiredSections:
    """The required sections of one plan, and those of them that are open."""

    required: list[Section]
    open: list[Section]


def required_sections(plans: Sequence[Plan]) -> dict[int, RequiredSections]:
    """Return the required sections by plan; two queries. Plans come with their response."""
    by_version: dict[int, list[Section]] = {}
    versions = {plan.response.version_id for plan in plans}
    for section in Section.objects.filter(version__in=versions, required=True):
        by_version.setdefault(section.version_id, []).append(section)
    responses = [plan.response_id for plan in plans]
    marks = set(
        SectionMark.objects.filter(response__in=responses).values_list("response_id", "section_id")
    )
    found = {}
    for plan in plans:
        required = by_version.get(plan.response.version_id, [])
        open_ones = [s for s in required if (plan.response_id, s.pk) not in marks]
        found[plan.pk] = RequiredSections(required, open_ones)
    return found
