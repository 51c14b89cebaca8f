"""The plan that is written in, and its measures."""

from action_plans.models import FundingLine, Indicator, Measure, Plan
from benchmarks.data.common import gathered, nth, series
from benchmarks.rows import multiply, table


def demo_plan() -> Plan:
    """Return the plan that is written in."""
    return Plan.objects.filter(response__answers__isnull=False).earliest("pk")


def add_measures(total: int) -> None:
    """Give the demo plan so many measures, with indicators and money."""
    plan = demo_plan()
    have = plan.measures.count()
    if have >= total:
        return
    pattern = plan.measures.exclude(start_date=None).earliest("pk")
    multiply(
        pattern,
        series(have, total),
        code="'A1.' || (100 + n)",
        title="'Shade and water on square ' || n",
        objective_id=nth(list(plan.objectives.values_list("pk", flat=True))),
        start_date="current_date + (n % 300)::int",
        end_date="current_date + (n % 300 + 30 + n % 200)::int",
        cost_total="1000 * (1 + n % 90)",
    )
    found = (
        f"SELECT id AS measure, split_part(code, '.', 2)::int - 100 AS n "  # noqa: S608
        f"FROM {table(Measure)} WHERE plan_id = {plan.pk} AND code LIKE 'A1.___' "
        f"AND split_part(code, '.', 2)::int >= {100 + have}"
    )
    indicator = Indicator.objects.filter(measure__plan=plan).earliest("pk")
    funding = FundingLine.objects.filter(measure__plan=plan).earliest("pk")
    with gathered("bench_measures", found) as made:
        for _ in range(2):
            multiply(indicator, made, measure_id="made.measure")
            multiply(funding, made, measure_id="made.measure", amount="300 * (1 + made.n % 90)")
