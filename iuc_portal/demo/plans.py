"""A half-written demo plan with measures, one of them a pilot project."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from action_plans.models import Objective
from action_plans.services import (
    MeasureData,
    add_objective,
    mark_section_done,
    open_plan,
    save_measure,
    save_section_answers,
)
from action_plans.states import CityScope, FundingStatus, MeasureKind
from core.kit.days import today
from iuc_portal.demo.pairings import RUNNING, demo_pairing
from iuc_portal.demo.people import person
from iuc_portal.demo.texts import DONE_SECTIONS, OBJECTIVES, PLAN_ANSWERS
from pairings.states import PairingStatus
from programme.models import Goal
from programme.states import GoalFramework, Side


@transaction.atomic
def make_plans() -> int:
    """Write the plan of the running demo pairing unless it was begun; return how many."""
    pairing = demo_pairing(RUNNING[0], RUNNING[1])
    if pairing is None or pairing.status != PairingStatus.RUNNING:
        return 0
    lead, editor = person("lead-dubrovnik"), person("editor-dubrovnik")
    plan = open_plan(member=pairing.members.get(side=Side.EU), by=lead)
    if plan.objectives.exists() or plan.response.answers.exists():
        return 0
    for number, (section, answers) in enumerate(PLAN_ANSWERS.items()):
        save_section_answers(
            plan=plan,
            section_key=section,
            answers=[(key, value, 0) for key, value in answers.items()],
            by=editor if number % 2 else lead,
        )
    for section in DONE_SECTIONS:
        mark_section_done(plan=plan, section_key=section, by=lead)
    objectives = [add_objective(plan=plan, title=title, by=lead) for title in OBJECTIVES]
    for data in _measures(objectives):
        save_measure(plan=plan, measure=None, data=data, read_version=0, by=editor)
    return 1


def _measures(objectives: list[Objective]) -> list[MeasureData]:
    year = today().year
    goals = {
        code: goal
        for goal in Goal.objects.filter(framework=GoalFramework.SDG)
        if (code := goal.code.removeprefix("SDG").strip())
    }
    return [
        MeasureData(
            title="Count visitors at the gates, show the numbers live",
            objective=objectives[0],
            kind=MeasureKind.PILOT,
            city_scope=CityScope.JOINT,
            problem="Nobody knows how full the old town is until it is too full.",
            description="Counters at five gates, a public display, and a rule for buses: above "
            "8,000 people they wait at the edge of town.",
            inspiration="Panaji counts visitors of the Fontainhas quarter with local students.",
            target_groups="Residents, bus companies, visitors",
            lead_body="City of Dubrovnik, department for tourism",
            partners="University of Dubrovnik; port authority",
            start_date=dt.date(year + 1, 3, 1),
            end_date=dt.date(year + 1, 10, 31),
            outputs="Five counters, one display, one agreed rule.",
            cost_total=Decimal(180_000),
            viability_note="Running costs of 9,000 euro a year are met by the visitor tax.",
            goals=[goals[code] for code in ("11", "12") if code in goals],
            indicators=[
                {
                    "name": "Hours above 8,000 people",
                    "unit": "hours a season",
                    "baseline": Decimal(210),
                    "target": Decimal(60),
                    "target_year": year + 2,
                }
            ],
            funding=[
                {
                    "source": "City budget",
                    "status": FundingStatus.SECURED,
                    "amount": Decimal(70_000),
                },
                {
                    "source": "Regional development fund",
                    "status": FundingStatus.APPLIED,
                    "amount": Decimal(60_000),
                },
            ],
            risks=[
                {
                    "text": "Shops fear fewer customers.",
                    "mitigation": "Monthly figures are shared with them first.",
                }
            ],
        ),
        MeasureData(
            title="Night shift for waste in the old town",
            objective=objectives[1],
            kind=MeasureKind.ACTION,
            city_scope=CityScope.OWN,
            problem="Bins overflow at noon and lorries block the lanes.",
            description="Collection between 22:00 and 6:00 with small electric carts.",
            lead_body="Čistoća, the municipal waste company",
            start_date=dt.date(year + 1, 5, 1),
            end_date=dt.date(year + 2, 4, 30),
            cost_total=Decimal(95_000),
            funding=[
                {
                    "source": "Municipal waste company",
                    "status": FundingStatus.PLANNED,
                    "amount": Decimal(50_000),
                }
            ],
            goals=[goals[code] for code in ("11",) if code in goals],
        ),
        MeasureData(
            title="Two weeks in the partner city's service centre",
            objective=objectives[1],
            kind=MeasureKind.EXCHANGE,
            city_scope=CityScope.JOINT,
            description="Two officers of each city work in the other's service centre.",
        ),
    ]
