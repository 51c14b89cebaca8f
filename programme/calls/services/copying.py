"""A new call from an old one: all its rules, none of its dates."""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.kit.sockets import plugged
from core.kit.writes import require
from core.trail.services import record_event
from programme.calls.models import Call
from programme.calls.selectors import DocumentData
from programme.calls.services.calls import CallData, save_call
from programme.calls.services.mail_texts import copy_mail_texts
from programme.calls.services.rows import CriterionData, MilestoneData


def data_of(call: Call) -> CallData:
    """Return what is stored of a call as if it had been typed."""
    return CallData(
        title=call.title,
        code=call.code,
        slug=call.slug,
        strand=call.strand,
        summary=call.summary,
        description=call.description,
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        interest_closes_at=call.interest_closes_at,
        decisions_on=call.decisions_on,
        duration_months=call.duration_months,
        min_population=call.min_population,
        min_population_strict=call.min_population_strict,
        applicant_side=call.applicant_side,
        takes_part_once=call.takes_part_once,
        checkers=call.checkers,
        applicant_kinds=call.applicant_kinds,
        eligible_countries=list(call.eligible_countries.all()),
        partner_countries=list(call.partner_countries.all()),
        named_partners=list(call.named_partners.all()),
        themes=list(call.themes.all()),
        acceptance_days=call.acceptance_days,
        signature_days=call.signature_days,
        commitments=[row.text for row in call.commitments.all()],
        documents=[
            DocumentData(row.title, row.help, row.is_required, row.key)
            for row in call.documents.asked()
        ],
        milestones=[
            MilestoneData(row.title, row.kind, row.offset_months, row.offset_days, row.key)
            for row in call.milestones.all()
        ],
        criteria=[
            CriterionData(row.title, row.weight, row.guidance, row.max_score, row.key, row.ladder)
            for row in call.criteria.all()
        ],
    )


@transaction.atomic
def copy_call(*, call: Call, title: str, code: str, by: User) -> Call:
    """Draft a call with the rules of another one, its questionnaires and mails included; no dates.

    What apps above hang on a call is copied by their `copying.py`: `copy_to(old, new, by)`.
    Raises InvalidError for a code that another call has.
    """
    require(by, "calls.edit_calls", otherwise=_("Only coordinators copy calls. Ask one of them."))
    data = replace(
        data_of(call),
        title=title,
        code=code,
        slug="",
        opens_at=None,
        closes_at=None,
        interest_closes_at=None,
        decisions_on=None,
    )
    copy = save_call(call=None, data=data, by=by)
    copy_mail_texts(call, copy, by)
    for module in plugged("copying"):
        module.copy_to(call, copy, by)
    record_event(verb="call.copied", target=copy, by=by, details={"copy_of": str(call)})
    return copy
