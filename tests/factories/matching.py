"""Runs and boards of calls: two cities of Europe, two partner cities."""

import factory
from django.utils import timezone

from pairings.matching.models import Board, Fairness, Run
from pairings.matching.selectors import file_of
from pairings.matching.services.changes import checked
from pairings.matching.services.fairness import make_fairness
from pairings.matching.services.solving import solve
from pairings.matching.states import RunState
from tests.factories.accounts import CoordinatorFactory
from tests.factories.programme import CallFactory


def instance(**values):
    """Return what a small run is given: Riga and Split, Kochi and Surat."""
    weights = {"themes": 30, "languages": 10, "preferences": 20}
    return {
        "left": [
            {"id": "riga", "country": "LV", "topics": ["water", "ports"], "languages": ["en"]},
            {"id": "split", "country": "HR", "topics": ["water"], "preferred_countries": ["IN"]},
        ],
        "right": [
            {"id": "kochi", "country": "IN", "topics": ["water", "ports"], "languages": ["en"]},
            {"id": "surat", "country": "IN", "topics": ["water"], "preferred_partners": ["riga"]},
        ],
        "weights": weights,
        "min_score": 0,
        "locked": [],
        "forbidden": [],
        "quotas": {},
    } | values


class RunFactory(factory.django.DjangoModelFactory):
    """A run that waits."""

    class Meta:
        model = Run

    call = factory.SubFactory(CallFactory)
    number = factory.Sequence(lambda n: n + 1)
    instance = factory.LazyFunction(instance)
    inputs = factory.Sequence(lambda n: f"{n:064d}")
    by = factory.SubFactory(CoordinatorFactory)


class DoneRunFactory(RunFactory):
    """A run with the result that its instance has."""

    state = RunState.DONE
    ended_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class, *args, **values):
        solved = solve(checked(values["instance"]))
        scores = [pair["score"] for pair in solved.result["pairs"]]
        found = {
            "result": solved.result,
            "potentials": solved.potentials,
            "digest": file_of(values["instance"], solved.result)["digest"],
            "pairs": len(scores),
            "total": solved.result["total_score"],
            "worst": min(scores, default=None),
        }
        return super()._create(model_class, *args, **found, **values)


class BoardFactory(factory.django.DjangoModelFactory):
    """The board of a call, with a run that is done."""

    class Meta:
        model = Board

    run = factory.SubFactory(DoneRunFactory)
    call = factory.SelfAttribute("run.call")


class FairnessFactory(factory.django.DjangoModelFactory):
    """What follows from a run that is done, worked out."""

    class Meta:
        model = Fairness

    run = factory.SubFactory(DoneRunFactory)

    @classmethod
    def _create(cls, model_class, *args, **values):  # noqa: ARG003 - the engine makes the rest
        return make_fairness(values["run"])
