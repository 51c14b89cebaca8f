"""Factories of action plans."""

import factory
from factory.django import DjangoModelFactory

from action_plans import models
from tests.factories.pairings import RunningPairingFactory
from tests.factories.questionnaires import ResponseFactory


def _first_member():
    return RunningPairingFactory().members.first()


class PlanFactory(DjangoModelFactory):
    """The plan of the first city of a running pairing, on a small questionnaire."""

    class Meta:
        model = models.Plan

    reference = factory.Sequence(lambda n: f"LAP-2026-{n:04d}")
    member = factory.LazyFunction(_first_member)
    response = factory.SubFactory(ResponseFactory)


class ObjectiveFactory(DjangoModelFactory):
    class Meta:
        model = models.Objective

    plan = factory.SubFactory(PlanFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = "Fewer cars in the season"


class MeasureFactory(DjangoModelFactory):
    class Meta:
        model = models.Measure

    plan = factory.SubFactory(PlanFactory)
    objective = factory.SubFactory(ObjectiveFactory, plan=factory.SelfAttribute("..plan"))
    code = factory.Sequence(lambda n: f"A1.{n + 1}")
    title = "Guide drivers to free parking places"


class FundingLineFactory(DjangoModelFactory):
    class Meta:
        model = models.FundingLine

    measure = factory.SubFactory(MeasureFactory)
    source = "City budget"
    amount = 1000
