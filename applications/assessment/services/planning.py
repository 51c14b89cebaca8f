"""The plan of an assessment, what assessors know, and the assignment of all at once."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.assessment.engine.sharing import Pair
from applications.assessment.models import AssessmentPlan, Expertise
from applications.assessment.selectors.sharing import Preview, facts_of_call, preview_of
from applications.assessment.services.asking import ask_to_declare, take_back_asking
from applications.models import Assignment
from core.kit import days
from core.kit.errors import InvalidError, StaleError, WrongStateError
from core.kit.text import clean_line
from core.kit.writes import clean_reason, lock, require, require_version
from core.post.mail import send_mail
from core.trail.services import record_event
from programme.calls.models import Call
from programme.models import Country, Theme

MOST_EACH = 9


def _lock_call(call: Call, by: User) -> Call:
    call = lock(call)
    require(
        by,
        "assessment.plan_assessment",
        call,
        otherwise=_("Only coordinators plan an assessment. Ask one of them."),
    )
    return call


@transaction.atomic
def save_plan(
    *,
    call: Call,
    assessors_each: int,
    spread: Decimal,
    scores_by: dt.date | None,
    consensus_by: dt.date | None,
    read_version: int,
    by: User,
    declare_by: dt.date | None = None,
    is_blind: bool = False,
) -> AssessmentPlan:
    """Open the assessment of a call, or change how it goes.

    Each assessor who has not been asked yet gets one mail: to declare their interests.

    Raises InvalidError for days out of order, StaleError when a colleague saved first,
    WrongStateError once it is closed.
    """
    call = _lock_call(call, by)
    if not 1 <= assessors_each <= MOST_EACH:
        words = _("Choose 1 to %(most)d assessors.") % {"most": MOST_EACH}
        raise InvalidError(words, field="assessors_each")
    if spread < 0:
        raise InvalidError(_("Enter 0 or more points."), field="spread")
    if declare_by and scores_by and scores_by < declare_by:
        raise InvalidError(
            _("Scores come after the interests. Choose a later day."), field="scores_by"
        )
    if scores_by and consensus_by and consensus_by < scores_by:
        raise InvalidError(
            _("The talks end after the scores are in. Choose a later day."), field="consensus_by"
        )
    plan = AssessmentPlan.objects.filter(call=call).first()
    if plan is not None and plan.closed_at:
        raise WrongStateError(_("The assessment is closed. Reopen it before you change it."))
    require_version(plan.version if plan else 0, read_version, current=plan)
    values = {
        "assessors_each": assessors_each,
        "spread": spread,
        "is_blind": is_blind,
        "declare_by": declare_by,
        "scores_by": scores_by,
        "consensus_by": consensus_by,
    }
    if plan is None:
        plan = AssessmentPlan.objects.create(call=call, opened_at=days.now(), **values)
        verb = "call.assessment_opened"
    else:
        if all(getattr(plan, name) == value for name, value in values.items()):
            ask_to_declare(plan)
            return plan
        for name, value in values.items():
            setattr(plan, name, value)
        plan.version += 1
        plan.save(update_fields=["version", *values])
        verb = "call.assessment_changed"
    record_event(
        verb=verb, target=call, by=by, details={name: str(value) for name, value in values.items()}
    )
    # Also who became an assessor since it was opened.
    ask_to_declare(plan)
    return plan


@transaction.atomic
def close_plan(*, call: Call, reason: str, by: User) -> AssessmentPlan:
    """Close the assessment of a call: nobody is assigned, scores or is reminded any more.

    What was handed in counts, what was only begun is kept. Raises WrongStateError when it is not
    open, InvalidError without a reason.
    """
    plan = _lock_plan(call, by)
    reason = clean_reason(reason, missing=_("Write why the assessment is closed."))
    if plan is None or plan.closed_at:
        raise WrongStateError(_("The assessment is not open. Load the page again."))
    plan.closed_at = days.now()
    take_back_asking(plan)
    return _save_end(plan, "call.assessment_closed", reason, by)


@transaction.atomic
def reopen_plan(*, call: Call, reason: str, by: User) -> AssessmentPlan:
    """Reopen the assessment of a call: its assessors go on where they were.

    Raises WrongStateError when it is not closed, InvalidError without a reason.
    """
    plan = _lock_plan(call, by)
    reason = clean_reason(reason, missing=_("Write why the assessment is reopened."))
    if plan is None or not plan.closed_at:
        raise WrongStateError(_("The assessment is not closed. Load the page again."))
    plan.closed_at = None
    ask_to_declare(plan)
    return _save_end(plan, "call.assessment_reopened", reason, by)


def _lock_plan(call: Call, by: User) -> AssessmentPlan | None:
    return AssessmentPlan.objects.filter(call=_lock_call(call, by)).select_related("call").first()


def _save_end(plan: AssessmentPlan, verb: str, reason: str, by: User) -> AssessmentPlan:
    plan.version += 1
    plan.save(update_fields=["version", "closed_at"])
    record_event(verb=verb, target=plan.call, by=by, reason=reason)
    return plan


@transaction.atomic
def save_expertise(
    *,
    assessor: User,
    countries: Collection[Country],
    themes: Collection[Theme],
    employer: str,
    languages: str,
    by: User,
) -> Expertise:
    """Keep what an assessor knows and who employs them: their own, or by a coordinator."""
    if assessor.pk != by.pk or not by.has_perm("assessment.assess"):
        require(
            by,
            "assessment.plan_assessment",
            otherwise=_("Only the assessor and coordinators change this."),
        )
    row, _made = Expertise.objects.get_or_create(assessor=assessor)
    row.employer, row.languages = clean_line(employer), clean_line(languages)
    row.save(update_fields=["employer", "languages"])
    row.countries.set(countries)
    row.themes.set(themes)
    record_event(verb="expertise.saved", target=row, by=by)
    return row


@transaction.atomic
def assign_readings(
    *,
    call: Call,
    locked: Collection[Pair],
    away: Collection[Pair],
    seen: str,
    by: User,
) -> Preview:
    """Assign what was previewed: `seen` is its print. Each person gets one mail.

    What somebody has begun stays. Raises StaleError with the new preview when what it rests on
    has changed meanwhile, WrongStateError without a plan.
    """
    call = _lock_call(call, by)
    plan = AssessmentPlan.objects.filter(call=call).first()
    if plan is None or plan.closed_at:
        raise WrongStateError(_("Open the assessment of the call first."))
    preview = preview_of(facts_of_call(call, plan, by), locked, away)
    if preview.print != seen:
        raise StaleError(
            _("Something has changed meanwhile: look at the new proposal, then assign it."),
            current=preview,
        )
    _write(preview, by)
    for reader in sorted({pair[1] for pair in preview.added}):
        _tell(preview, reader)
    return preview


def _write(preview: Preview, by: User) -> None:
    facts = preview.facts
    gone = set()
    for application, reader in sorted(preview.removed):
        rows = Assignment.objects.filter(
            application=application, assessor=reader, assessment=None, is_locked=False
        )
        if rows.delete()[0]:
            gone.add((application, reader))
    for application, reader in sorted(preview.added):
        Assignment.objects.create(
            application_id=application, assessor_id=reader, assigned_by=by, at=days.now()
        )
    for application, reader in sorted(preview.locked - facts.fixed):
        rows = Assignment.objects.filter(application=application, assessor=reader)
        rows.update(is_locked=True)
    for verb, pairs in (
        ("application.assigned", preview.added),
        ("application.unassigned", gone),
    ):
        for application, reader in sorted(pairs):
            record_event(
                verb=verb,
                target=facts.applications[application],
                by=by,
                details={"assessor": _name(preview, reader)},
            )


def _name(preview: Preview, reader: int) -> str:
    person = preview.facts.readers.get(reader) or User.objects.get(pk=reader)
    return str(person)


def _tell(preview: Preview, reader: int) -> None:
    person = preview.facts.readers[reader]
    send_mail(
        template="assessment_assigned",
        to=person.email,
        language=person.language,
        context={
            "reader": person,
            "call": preview.facts.plan.call,
            "plan": preview.facts.plan,
            "number": preview.sharing.loads[reader],
        },
        owner=f"person:{person.pk}",
    )
