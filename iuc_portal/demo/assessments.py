"""Two demo calls that have closed: one is being assessed, one is decided and its cities know."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from applications.assessment.services import (
    declare_interests,
    give_up_place,
    hand_in,
    prepare_outcome,
    propose_value,
    save_plan,
    save_score,
)
from applications.assessment.states import PendingOutcome
from applications.models import Application
from applications.services import assign_assessor
from core.kit.days import now, today
from iuc_portal.demo.applications import Case, application_of, make_application, release
from iuc_portal.demo.calls import DemoCall, make_call
from iuc_portal.demo.people import person
from programme.calls.models import Call

ASSESSED, DECIDED = "C2C-2026-KR", "C2C-2026-CN"
FIRST, SECOND = "assessor", "second-assessor"

CALLS = [
    DemoCall(
        code=ASSESSED,
        slug="korea-2026",
        title="City pairings with Korea 2026, being assessed (demo)",
        summary="Cities of the European Union work for 18 months with a city in Korea. This is a "
        "demo call that has closed: assessors read what was sent.",
        partners=("KR",),
        closes_in_days=1,
    ),
    DemoCall(
        code=DECIDED,
        slug="china-2026",
        title="City pairings with China 2026, decided (demo)",
        summary="Cities of the European Union work for 18 months with a city in China. This is a "
        "demo call that has closed: the cities know what was decided.",
        partners=("CN",),
        closes_in_days=1,
    ),
]
# Points on each criterion of the call, in order, by who gives them.
Points = dict[str, tuple[str, ...]]
SENTENCES = (
    "The problem is told with figures, and by those who live with it.",
    "Who takes part is named, and has worked together before.",
    "Staff and money are there for the first year.",
)


@dataclass(frozen=True)
class Judged:
    """An application, what its assessors gave, and what staff prepared on it.

    Fewer points than the call has criteria: still a draft.
    """

    login: str
    population: int
    topic: str
    themes: tuple[str, ...]
    points: Points
    outcome: str = ""
    reason: str = ""
    readers: tuple[str, ...] = (FIRST, SECOND)


UNDER_WAY = [
    Judged(
        "lead-parma", 196_000, "kitchens that throw away what fields need", ("water-and-waste",),
        {FIRST: ("4.5", "4", "4"), SECOND: ("4", "4", "4.5")},
        outcome=PendingOutcome.ACCEPT,
        reason="A clear problem, and partners from the field to the kitchen.",
    ),
    # They lie far apart on the partnership: they talk.
    Judged(
        "lead-malmo", 344_000, "cloudbursts in dense quarters", ("climate-and-nature",),
        {FIRST: ("4", "2", "3.5"), SECOND: ("4", "4.5", "3")},
        outcome=PendingOutcome.HELD,
    ),
    Judged(
        "lead-galati", 217_000, "a tram network older than its riders", ("urban-mobility",),
        {FIRST: ("3", "3", "2.5"), SECOND: ("3.5",)},
    ),
    # The second assessor has a link with it.
    Judged(
        "lead-rijeka", 107_900, "a port quarter between two uses", ("regeneration-and-services",),
        {}, readers=(FIRST,),
    ),
]  # fmt: skip
TOLD = [
    Judged(
        "lead-almada", 177_000, "a ferry port without a bus network", ("urban-mobility",),
        {FIRST: ("4.5", "4.5", "4"), SECOND: ("5", "4", "4")},
        outcome=PendingOutcome.ACCEPT,
        reason="The case is told with figures, and the money is set aside.",
    ),
    Judged(
        "lead-parma", 196_000, "canals that carry too little water", ("water-and-waste",),
        {FIRST: ("4", "4", "4"), SECOND: ("4", "4.5", "3.5")},
        outcome=PendingOutcome.ACCEPT,
        reason="Farmers, the water board and two universities take part from the first day.",
    ),
    Judged(
        "lead-malmo", 344_000, "heat in courtyards", ("climate-and-nature",),
        {FIRST: ("3.5", "3.5", "4"), SECOND: ("4", "3", "3.5")},
        outcome=PendingOutcome.RESERVE,
        reason="A good case; the places went to two that are further on.",
    ),
    Judged(
        "lead-galati", 217_000, "young people who leave", ("jobs-and-local-economy",),
        {FIRST: ("2.5", "2", "2"), SECOND: ("2", "2.5", "2.5")},
        outcome=PendingOutcome.REJECT,
        reason="Who works on it and with what money is still open. Do apply again.",
    ),
]  # fmt: skip


def make_assessments() -> int:
    """Make the assessments that are missing; return how many."""
    return sum((_make(CALLS[0], UNDER_WAY, _go_on), _make(CALLS[1], TOLD, _tell)))


@transaction.atomic
def _make(entry: DemoCall, judged: list[Judged], then: Callable[[Call], None]) -> bool:
    if not make_call(entry):
        return False
    for one in judged:
        make_application(_case(entry, one))
    # Time has passed since, and the call has closed: nobody closes one early, so no service does.
    opened = now() - dt.timedelta(days=90)
    Call.objects.filter(code=entry.code).update(opens_at=opened, closes_at=now())
    call = Call.objects.get(code=entry.code)
    coordinator = person("coordinator")
    save_plan(
        call=call,
        assessors_each=2,
        spread=Decimal("1.5"),
        scores_by=today() + dt.timedelta(days=7),
        consensus_by=today() + dt.timedelta(days=14),
        read_version=0,
        by=coordinator,
    )
    _declare(call, judged)
    for one in judged:
        _judge(call, one)
    then(call)
    return True


def _case(entry: DemoCall, one: Judged) -> Case:
    return Case(
        one.login,
        one.population,
        one.topic,
        one.themes,
        entry.partners,
        call=entry.code,
        goes_to="checked",
    )


def _declare(call: Call, judged: list[Judged]) -> None:
    """Let both assessors declare; the second has a link with what only the first reads."""
    declare_interests(call=call, links={}, by=person(FIRST))
    kept = [_sent(call, one.login).pk for one in judged if SECOND not in one.readers]
    why = "I planned its port quarter until 2024."
    declare_interests(call=call, links=dict.fromkeys(kept, why), by=person(SECOND))


def _judge(call: Call, one: Judged) -> None:
    application, coordinator = _sent(call, one.login), person("coordinator")
    criteria = list(call.criteria.all())
    for reader in one.readers:
        assign_assessor(application=application, assessor=person(reader), by=coordinator)
        points = one.points.get(reader, ())
        for criterion, value, sentence in zip(criteria, points, SENTENCES, strict=False):
            save_score(
                application=application,
                criterion=criterion,
                value=Decimal(value),
                sentence=sentence,
                read_version=0,
                by=person(reader),
            )
        if len(points) == len(criteria):
            hand_in(application=application, by=person(reader))
    if one.outcome:
        prepare_outcome(
            application=application, outcome=one.outcome, reason=one.reason, by=coordinator
        )


def _go_on(call: Call) -> None:
    """Let one assessor propose what should count where they differ; the other has yet to agree."""
    propose_value(
        application=_sent(call, "lead-malmo"),
        criterion=call.criteria.get(title="Partnership"),
        value=Decimal("3.5"),
        sentence="The housing company is on board since spring; its letter was overlooked.",
        read_version=0,
        by=person(FIRST),
    )


def _tell(call: Call) -> None:
    """Release what is prepared; one city gives its place up, so that the reserve list moves."""
    release(call, person("coordinator"))
    give_up_place(
        application=_sent(call, "lead-parma"),
        reason="The council has stopped all travel abroad until 2028.",
        by=person("lead-parma"),
    )


def _sent(call: Call, login: str) -> Application:
    application = application_of(login, call.code)
    assert application is not None  # noqa: S101 - it was made above
    return application
