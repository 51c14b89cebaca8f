"""Calls with all that belongs to them."""

import datetime as dt

from django.utils import timezone

from programme.calls.models import Call
from questionnaires.states import Purpose
from tests.factories.programme import (
    AssessmentCriterionFactory,
    CallCommitmentFactory,
    CallMilestoneFactory,
    DraftCallFactory,
)
from tests.factories.questionnaires import TemplateVersionFactory


def ready_call() -> Call:
    """Make a draft call that can be published."""
    now = timezone.now()
    call = DraftCallFactory(
        summary="For cities.",
        description="All about it.",
        opens_at=now,
        closes_at=now + dt.timedelta(days=30),
    )
    CallCommitmentFactory(call=call)
    CallMilestoneFactory(call=call)
    AssessmentCriterionFactory(call=call, guidance="How pressing?")
    call.questionnaires.create(purpose=Purpose.PLAN, version=TemplateVersionFactory())
    return call
