"""Writes on a plan and its sections."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from action_plans.models import Plan
from action_plans.services.common import lock_plan
from core.duties.services import touch
from core.kit.days import today
from core.kit.errors import StaleError, WrongStateError
from core.kit.writes import lock, require
from core.trail.services import record_event, sitting_on_record
from pairings.models import Pairing, PairingMember
from pairings.states import PairingStatus
from programme.calls.models import Call
from programme.calls.services import next_reference
from questionnaires import selectors as questionnaires
from questionnaires.models import Answer, Section, SectionMark, TemplateVersion
from questionnaires.services import (
    Saved,
    mark_section,
    open_response,
    reopen_section,
    require_open,
    write_answers,
)
from questionnaires.states import Purpose
from questionnaires.structure import structure_of

# The programme's own questionnaire for plans, where a call names no other.
PLAN_TEMPLATE = "local-action-plan"


def _version_for(call: Call | None) -> TemplateVersion:
    """Return the questionnaire version the plans of a call are written on."""
    chosen = call.questionnaires.filter(purpose=Purpose.PLAN).first() if call else None
    if chosen is not None:
        return chosen.version
    try:
        return questionnaires.published_version(PLAN_TEMPLATE)
    except TemplateVersion.DoesNotExist as error:
        raise WrongStateError(
            _(
                "There is no published questionnaire for action plans yet. Ask the "
                "coordination unit to publish one."
            )
        ) from error


@transaction.atomic
def open_plan(*, member: PairingMember, by: User | None) -> Plan:
    """Start the plan of one city of a running pairing; a plan that is there is returned.

    `by` None is the portal. NotAllowedError for whoever does not write for the city,
    WrongStateError unless the pairing runs.
    """
    member = lock(member, "organisation", "pairing__call", above=("pairing",))
    if by is not None:
        require(
            by,
            "action_plans.open_plan",
            member,
            otherwise=_("Only leads and editors of the city start its plan. Ask one of them."),
        )
    existing = Plan.objects.filter(member=member).first()
    if existing is not None:
        return existing
    if member.pairing.status != PairingStatus.RUNNING:
        raise WrongStateError(
            _(
                "A plan starts once all cities have signed the agreement. See the pairing "
                "for what is still to do."
            )
        )
    plan = Plan.objects.create(
        reference=next_reference(prefix=f"LAP-{today().year}"),
        member=member,
        response=open_response(_version_for(member.pairing.call)),
    )
    touch(plan)
    record_event(verb="plan.opened", target=plan, by=by)
    return plan


def open_plans_for(*, pairing: Pairing) -> list[Plan]:
    """Start the plan of every city of a running pairing that has none; return all of them."""
    return [open_plan(member=member, by=None) for member in pairing.members.all()]


@transaction.atomic
def save_section_answers(
    *,
    plan: Plan,
    section_key: str,
    answers: Sequence[tuple[str, Any, int]],
    by: User | None,
) -> Saved:
    """Save what was written in a section, each answer with the version its writer read.

    What another save has overtaken comes back as conflict, the rest is saved.
    """
    verb = "plan.written"
    on_record = sitting_on_record(Plan, verb=verb, by=by, section=section_key)
    locked: Any = lock_plan(plan, by=by, is_on_record=on_record)
    require_open(locked.response)
    section = structure_of(locked.response.version_id).section(section_key)
    own = {question.key for question in section.questions.all()}
    saved = write_answers(
        response=locked.response,
        answers=[answer for answer in answers if answer[0] in own],
        by=by,
    )
    if saved.written and not locked.is_on_record:
        record_event(verb=verb, target=locked, by=by, details={"section": section_key})
    return saved


@transaction.atomic
def save_section_answer(
    *, plan: Plan, question_key: str, value: Any, read_version: int, by: User | None
) -> Answer:
    """Save one answer of a plan; StaleError with the stored text when another came first."""
    section = Section.objects.get(version=plan.response.version_id, questions__key=question_key)
    saved = save_section_answers(
        plan=plan,
        section_key=section.key,
        answers=[(question_key, value, read_version)],
        by=by,
    )
    if saved.conflicts:
        answer = saved.conflicts[0].answer
        raise StaleError(
            _(
                "This answer was saved elsewhere while you were writing. Compare both texts "
                "and choose what the answer should say."
            ),
            current=answer.value,
            version=answer.version,
        )
    return (saved.answers or saved.untouched)[0]


@transaction.atomic
def mark_section_done(*, plan: Plan, section_key: str, by: User | None) -> SectionMark:
    """Mark a section as complete; InvalidError naming the answers that are missing.

    Marking it again keeps the first mark.
    """
    plan = lock_plan(plan, by=by)
    known = plan.response.marks.filter(section__key=section_key).exists()
    mark = mark_section(response=plan.response, section_key=section_key, by=by)
    if not known:
        record_event(verb="plan.section_done", target=plan, by=by, details={"section": section_key})
    return mark


@transaction.atomic
def reopen_plan_section(*, plan: Plan, section_key: str, by: User | None) -> Section:
    """Take back that a section is complete; without a mark nothing happens."""
    plan = lock_plan(plan, by=by)
    was_done = plan.response.marks.filter(section__key=section_key).exists()
    section = reopen_section(response=plan.response, section_key=section_key)
    if was_done:
        touch(plan)
        record_event(
            verb="plan.section_reopened",
            target=plan,
            by=by,
            details={"section": section_key},
        )
    return section
