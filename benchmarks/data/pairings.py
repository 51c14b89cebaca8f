"""Running pairings with milestones and plans, and what their cities owe."""

import datetime as dt

from django.db.models import Max

from action_plans.models import Plan
from applications.models import Application
from benchmarks.data.common import MARK, call_of_all, gathered, nth, series
from benchmarks.data.organisations import PARTNER, add_organisations
from benchmarks.rows import connect, execute, multiply, table, take_stock
from core.kit.days import today
from pairings.models import Milestone, Pairing, PairingMember
from pairings.states import PairingStatus, PartyAnswer
from programme.calls.states import MilestoneKind
from programme.models import Country, Topic
from programme.organisations.models import Organisation
from programme.states import Side
from questionnaires.models import Response


def add_pairings(total: int) -> None:
    """Add running pairings of accepted applications, with milestones and plans."""
    have = Pairing.objects.public().count()
    if have >= total:
        return
    add_organisations(
        Side.PARTNER,
        list(Country.objects.filter(side=Side.PARTNER).order_by("code")),
        PARTNER + have,
        PARTNER + total,
    )
    running = Pairing.objects.filter(status=PairingStatus.RUNNING).earliest("pk")
    with gathered("bench_pairs", _pairs(have, total)) as made:
        _add_rows(running, made)
        pairings = (
            f"SELECT made.*, p.id AS pairing FROM {made} JOIN {table(Pairing)} AS p "  # noqa: S608
            f"ON p.slug = '{MARK}-' || made.n"
        )
        with gathered("bench_pairings", pairings) as paired:
            _add_members(running, paired)
            _add_contents(running, paired)
    add_plans()


def _pairs(have: int, total: int) -> str:
    """Return the SQL that gives each number the next accepted application: none is paired twice."""
    return (
        f"SELECT numbered.n, numbered.application, numbered.eu, partner.id AS partner FROM "  # noqa: S608
        f"(SELECT a.id AS application, a.organisation_id AS eu, "
        f"{have} - 1 + row_number() OVER (ORDER BY a.id) AS n FROM {table(Application)} AS a "
        f"WHERE a.reference LIKE 'BENCH-%' AND a.status = 'accepted' AND NOT EXISTS "
        f"(SELECT 1 FROM {table(PairingMember)} AS m WHERE m.application_id = a.id)) AS numbered "
        f"JOIN {table(Organisation)} AS partner "
        f"ON partner.slug = '{MARK}-' || ({PARTNER} + numbered.n) "
        f"WHERE numbered.n < {total}"
    )


def _add_rows(running: Pairing, made: str) -> None:
    multiply(
        running,
        made,
        reference="'PAIR-BENCH-' || lpad(made.n::text, 5, '0')",
        slug=f"'{MARK}-' || made.n",
        call_id=str(call_of_all().pk),
        origin="'portal'",
        members_key="made.eu || '-' || made.partner",
        started_on="current_date - (made.n % 90)::int",
        ends_on=f"'{today() + dt.timedelta(days=600)}'::date",
        created_at="now() - made.n * interval '1 hour'",
    )


def _add_members(running: Pairing, made: str) -> None:
    sides = {Side.EU: ("made.eu", "made.application"), Side.PARTNER: ("made.partner", "NULL")}
    for side, (organisation, application) in sides.items():
        multiply(
            running.members.get(side=side),
            made,
            pairing_id="made.pairing",
            slot_id="NULL",
            answer=f"'{PartyAnswer.ACCEPTED}'",
            organisation_id=organisation,
            application_id=application,
        )


def _add_contents(running: Pairing, made: str) -> None:
    topics = list(Topic.objects.values_list("pk", flat=True))
    connect(Pairing.topics.through, made, pairing="made.pairing", topic=nth(topics, "made.n"))
    for number, milestone in enumerate(running.milestones.all()):
        multiply(
            milestone,
            made,
            pairing_id="made.pairing",
            due_on=f"current_date + ({20 + 60 * number} + made.n % 60)::int",
            done_at="NULL",
        )


def add_plans() -> None:
    """Give each city of a running pairing its plan, as the sweep would."""
    pattern = Plan.objects.select_related("response").earliest("pk")
    last = Response.objects.aggregate(last=Max("pk"))["last"]
    lacking = (
        f"SELECT m.id AS member, row_number() OVER (ORDER BY m.id) AS n "  # noqa: S608
        f"FROM {table(PairingMember)} AS m JOIN {table(Pairing)} AS p ON p.id = m.pairing_id "
        f"WHERE p.status = 'running' AND NOT EXISTS "
        f"(SELECT 1 FROM {table(Plan)} AS x WHERE x.member_id = m.id)"
    )
    with gathered("bench_plans", lacking) as made:
        multiply(pattern.response, made)
        multiply(
            pattern,
            f"(SELECT made.member, r.id AS response FROM {made} JOIN "  # noqa: S608
            f"(SELECT id, row_number() OVER (ORDER BY id) AS n FROM {table(Response)} "
            f"WHERE id > {last}) AS r ON r.n = made.n) AS made",
            reference="'LAP-BENCH-' || made.member",
            member_id="made.member",
            response_id="made.response",
            status="'draft'",
        )


def add_duties(total: int) -> None:
    """Let the cities of the running pairings owe so many reports, none of them soon.

    One in fifty is late, and its cities have been told: the worst that stays for years.
    """
    running = Pairing.objects.filter(status=PairingStatus.RUNNING)
    pairings = running.count()
    # Each is owed by both cities.
    each = -(-total // (2 * pairings))
    pattern = Milestone.objects.filter(pairing__in=running).earliest("pk")
    multiply(
        pattern,
        f"(SELECT p.id AS pairing, n FROM {table(Pairing)} AS p, {series(0, each)} "  # noqa: S608
        f"WHERE p.status = 'running') AS made",
        pairing_id="made.pairing",
        key=f"'{MARK}-' || made.n",
        title="'Progress report ' || made.n",
        kind=f"'{MilestoneKind.REPORT}'",
        due_on="current_date + CASE WHEN (made.pairing + made.n) % 50 = 0 THEN -30 "
        "ELSE (30 + made.n % 600)::int END",
        done_at="NULL",
    )
    take_stock()


def remove_duties() -> None:
    """Take the reports of `add_duties` away: other pages would show them."""
    execute(f"DELETE FROM {table(Milestone)} WHERE key LIKE '{MARK}-%'")  # noqa: S608
