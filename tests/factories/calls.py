"""Calls with all that belongs to them."""

import datetime as dt

import factory
from django.utils import timezone

from core.kit.text import fold
from programme.calls.models import Call, CallQuestion, ExtensionRequest, LateCode
from programme.calls.models.closings import hash_of_code
from programme.calls.states import QuestionStatus, QuestionTopic
from questionnaires.states import Purpose
from tests.factories.accounts import UserFactory
from tests.factories.programme import (
    AssessmentCriterionFactory,
    CallCommitmentFactory,
    CallFactory,
    CallMilestoneFactory,
    ClosedCallFactory,
    DraftCallFactory,
    OrganisationFactory,
)
from tests.factories.questionnaires import TemplateVersionFactory

CODE = "ABCD-EFGH-JKMN-2345"


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


class CallQuestionFactory(factory.django.DjangoModelFactory):
    """A question that waits; `answered=True` for one that everybody reads."""

    class Meta:
        model = CallQuestion

    class Params:
        answered = factory.Trait(
            status=QuestionStatus.PUBLISHED,
            question=factory.LazyAttribute(lambda row: row.asked),
            answer="Yes.",
            topic=QuestionTopic.DOCUMENTS,
            published_at=factory.LazyFunction(timezone.now),
            search_text=factory.LazyAttribute(lambda row: fold(f"{row.asked} yes.")),
        )

    call = factory.SubFactory(CallFactory)
    asked = factory.Sequence(lambda n: f"May the deputy mayor sign paper {n}?")
    asked_by = factory.SubFactory(UserFactory)
    answer_by = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=2))


class ExtensionRequestFactory(factory.django.DjangoModelFactory):
    """A wish for a week more that waits for its decision."""

    class Meta:
        model = ExtensionRequest

    call = factory.SubFactory(CallFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    asked_by = factory.SubFactory(UserFactory)
    why = "The council meets a week later."
    decide_by = factory.LazyAttribute(lambda row: row.call.closes_at)
    wished_until = factory.LazyAttribute(lambda row: row.call.closes_at + dt.timedelta(days=7))


class LateCodeFactory(factory.django.DjangoModelFactory):
    """A code that opens a closed call for a week: its words are CODE."""

    class Meta:
        model = LateCode

    call = factory.SubFactory(ClosedCallFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    code_hash = hash_of_code(CODE)
    reason = "The server of the city was down."
    expires_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=2))
    closes_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=7))
