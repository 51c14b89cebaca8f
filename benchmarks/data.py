"""The data of the benchmarks: the programme, the demo cases, and as many rows as asked."""

import datetime as dt
import os
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from action_plans.models import FundingLine, Indicator, Measure, Plan
from applications.assessment.models import Assessment, Score
from applications.assessment.states import AssessmentStatus
from applications.models import Application, Assignment, Municipality, Submission
from applications.states import ApplicationStatus
from benchmarks.rows import connect, execute, multiply, table, take_stock
from benchmarks.sizes import Size
from core.kit.days import today
from core.kit.fingerprints import fingerprint
from core.post.models import Mail
from core.trail.models import AuditEvent, EventWords
from pairings.models import Milestone, Pairing, PairingMember
from pairings.states import PairingStatus, PartyAnswer
from programme.calls.models import Call
from programme.calls.states import MilestoneKind
from programme.models import Country, Theme, Topic
from programme.organisations.models import Membership, Organisation
from programme.organisations.states import MembershipRole
from programme.states import Origin, Side
from questionnaires.models import Response

MARK = "bench"
# What was sent is spread over these; each fifth application is accepted and may be paired.
STATUSES = (
    ApplicationStatus.SUBMITTED,
    ApplicationStatus.ELIGIBLE,
    ApplicationStatus.ACCEPTED,
    ApplicationStatus.RESERVE,
    ApplicationStatus.REJECTED,
)
ACCEPTED_AT = STATUSES.index(ApplicationStatus.ACCEPTED)
PARTNER = 10_000_000
MONTHS = 24


def build() -> None:
    """Make an empty database into a portal with real data and demo cases."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    with Path(os.devnull).open("w") as nowhere:
        call_command("load_programme", verbosity=0, stdout=nowhere)
        call_command("seed_demo", stage="plans", verbosity=0, stdout=nowhere)


def fill(size: Size) -> None:
    """Add rows until there are as many of each kind as the size says."""
    with transaction.atomic():
        add_applications(size.applications)
        add_pairings(size.pairings)
        add_measures(size.measures)
        add_mails(size.mails)
    take_stock()


def call_of_all() -> Call:
    """Return the call that takes all applications."""
    return Call.objects.filter(applications__isnull=False).latest("opens_at", "pk")


def series(first: int, until: int) -> str:
    """Return the SQL of the numbers from the first up to, not including, the other."""
    return f"generate_series({first}, {until - 1}) AS n"


def nth(ids: list[Any], number: str = "n") -> str:
    """Return the SQL that takes one of the keys after the other."""
    keys = ", ".join(f"'{key}'" if isinstance(key, str) else str(key) for key in ids)
    return f"(ARRAY[{keys}])[1 + ({number})::int % {len(ids)}]"


def add_applications(total: int) -> None:
    """Add sent applications until there are so many, spread over countries, themes, states."""
    have = Application.objects.exclude(status=ApplicationStatus.DRAFT).count()
    if have >= total:
        return
    # The public reads nothing of a demo's call.
    Call.objects.filter(pk=call_of_all().pk).update(origin=Origin.PORTAL)
    countries = list(Country.objects.filter(side=Side.EU).order_by("code"))
    add_organisations(Side.EU, countries, have, total)
    pattern = Application.objects.exclude(reference=None).earliest("pk")
    of_mark = f"slug LIKE '{MARK}-%%'".replace("%%", "%")
    rows = (
        f"(SELECT id AS organisation, slug, name, country_id AS country, "  # noqa: S608
        f"split_part(slug, '-', 2)::int AS n FROM {table(Organisation)} WHERE {of_mark} "
        f"AND split_part(slug, '-', 2)::int BETWEEN {have} AND {total - 1}) AS made"
    )
    multiply(
        pattern,
        rows,
        call_id=str(call_of_all().pk),
        organisation_id="made.organisation",
        draft_key="'draft-' || made.n",
        reference="'BENCH-' || lpad(made.n::text, 6, '0')",
        status=nth([status.value for status in STATUSES], "made.n"),
        submitted_at="now() - made.n * interval '1 minute'",
        search_text=(
            "lower(concat_ws(' ', 'BENCH-' || lpad(made.n::text, 6, '0'), made.name, "
            "pattern.contact_name, pattern.contact_email, pattern.deputy_name, "
            "pattern.deputy_email, pattern.signatory_name))"
        ),
        response_id="NULL",
        is_demo="false",
    )
    of_application = (
        f"(SELECT a.id AS application, made.* FROM {table(Application)} AS a "  # noqa: S608
        f"JOIN {rows} ON a.organisation_id = made.organisation) AS made"
    )
    sent = {"format": 1}
    submission = Submission.objects.filter(number=1).earliest("pk")
    # One text for all: only its presence counts here.
    multiply(
        submission,
        of_application,
        application_id="made.application",
        at="now() - made.n * interval '1 minute'",
        snapshot="'{\"format\": 1}'::jsonb",
        sha256=f"'{fingerprint(sent)}'",
    )
    multiply(
        Municipality.objects.filter(is_lead=True).earliest("pk"),
        of_application,
        application_id="made.application",
        name="made.name",
        search_name="lower(made.name)",
        country_id="made.country",
        population="100000 + made.n",
    )
    themes = list(Theme.objects.values_list("pk", flat=True))
    for extra in range(min(3, len(themes))):
        connect(
            Application.themes.through,
            of_application,
            application="made.application",
            theme=nth(themes, f"made.n + {extra}"),
        )
    partners = list(Country.objects.filter(side=Side.PARTNER).values_list("pk", flat=True))
    connect(
        Application.partner_countries.through,
        of_application,
        application="made.application",
        country=nth(partners, "made.n"),
    )
    event = AuditEvent.objects.filter(verb="application.submitted").earliest("pk")
    # Copies, so no chain that could be proved.
    multiply(
        event,
        of_application,
        at="now() - made.n * interval '1 minute'",
        target_id="made.application",
        number="1",
    )
    connect(
        EventWords,
        f"{table(AuditEvent)} AS record JOIN {of_application} "
        f"ON record.target_id = made.application AND record.target_type_id = {event.target_type_id}"
        f" LEFT JOIN {table(EventWords)} AS words ON words.event_id = record.id "
        f"WHERE words.event_id IS NULL",
        event="record.id",
        actor_salt="''",
        actor_name="'City of Bench'",
        salt="''",
        label="'BENCH-' || lpad(made.n::text, 6, '0')",
        reason="''",
        details="'{}'",
    )


def add_organisations(side: Side, countries: list[Country], first: int, until: int) -> None:
    """Add cities with a lead each; a partner's number starts at PARTNER."""
    model = Organisation.objects.filter(side=side, latitude__isnull=False)
    where = ", ".join(
        f"({row[0]}, {row[1]})" for row in model.values_list("latitude", "longitude")[:20]
    )
    places = model[:20].count()
    pattern = model.earliest("pk")
    multiply(
        pattern,
        f"{series(first, until)} JOIN (SELECT row_number() OVER () - 1 AS place, * "  # noqa: S608
        f"FROM (VALUES {where}) AS v (latitude, longitude)) AS v ON n % {places} = v.place",
        slug=f"'{MARK}-' || n",
        name=f"'City ' || md5(n::text)::varchar(6) || ' {MARK} ' || n",
        search_name=f"'city ' || md5(n::text)::varchar(6) || ' {MARK} ' || n",
        country_id=nth([country.pk for country in countries]),
        latitude="v.latitude + (n::bigint * 7919 % 500) / 100.0 - 2.5",
        longitude="v.longitude + (n::bigint * 104729 % 500) / 100.0 - 2.5",
        origin="'portal'",
        note="''",
    )
    person = User.objects.get(email="lead-dubrovnik@demo.example")
    multiply(
        person,
        series(first, until),
        email=f"'lead-{MARK}-' || n || '@city.example'",
        pseudonym="gen_random_uuid()",
        full_name="'Lead ' || n",
        search_name="'lead ' || n",
        is_demo="false",
    )
    made = (
        f"(SELECT u.id AS person, o.id AS organisation, u.email FROM {table(User)} AS u "  # noqa: S608
        f"JOIN {table(Organisation)} AS o ON u.email = 'lead-' || o.slug || '@city.example' "
        f"WHERE split_part(o.slug, '-', 2)::int BETWEEN {first} AND {until - 1} "
        f"AND o.slug LIKE '{MARK}-%') AS made"
    )
    membership = Membership.objects.filter(role=MembershipRole.LEAD).earliest("pk")
    multiply(membership, made, user_id="made.person", organisation_id="made.organisation")
    address = EmailAddress.objects.filter(verified=True).first()
    if address is not None:
        multiply(address, made, user_id="made.person", email="made.email")


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
    # Each number takes the next accepted application, so that no city is paired twice.
    made = (
        f"(SELECT numbered.n, numbered.application, numbered.eu, partner.id AS partner FROM "  # noqa: S608
        f"(SELECT a.id AS application, a.organisation_id AS eu, "
        f"{have} - 1 + row_number() OVER (ORDER BY a.id) AS n FROM {table(Application)} AS a "
        f"WHERE a.reference LIKE 'BENCH-%' AND a.status = 'accepted' AND NOT EXISTS "
        f"(SELECT 1 FROM {table(PairingMember)} AS m WHERE m.application_id = a.id)) AS numbered "
        f"JOIN {table(Organisation)} AS partner "
        f"ON partner.slug = '{MARK}-' || ({PARTNER} + numbered.n) "
        f"WHERE numbered.n < {total}) AS made"
    )
    ends = today() + dt.timedelta(days=600)
    execute(f"CREATE TEMPORARY TABLE bench_pairs ON COMMIT DROP AS SELECT * FROM {made}")  # noqa: S608
    multiply(
        running,
        "bench_pairs AS made",
        reference="'PAIR-BENCH-' || lpad(made.n::text, 5, '0')",
        slug=f"'{MARK}-' || made.n",
        call_id=str(call_of_all().pk),
        origin="'portal'",
        members_key="made.eu || '-' || made.partner",
        started_on="current_date - (made.n % 90)::int",
        ends_on=f"'{ends}'::date",
        created_at="now() - made.n * interval '1 hour'",
    )
    pairs = (
        f"(SELECT made.*, p.id AS pairing FROM bench_pairs AS made JOIN {table(Pairing)} AS p "  # noqa: S608
        f"ON p.slug = '{MARK}-' || made.n) AS made"
    )
    member = running.members.get(side=Side.EU)
    common = {
        "pairing_id": "made.pairing",
        "slot_id": "NULL",
        "answer": f"'{PartyAnswer.ACCEPTED}'",
    }
    multiply(
        member,
        pairs,
        **common,
        organisation_id="made.eu",
        application_id="made.application",
    )
    multiply(
        running.members.get(side=Side.PARTNER),
        pairs,
        **common,
        organisation_id="made.partner",
        application_id="NULL",
    )
    topics = list(Topic.objects.values_list("pk", flat=True))
    connect(Pairing.topics.through, pairs, pairing="made.pairing", topic=nth(topics, "made.n"))
    for number, milestone in enumerate(running.milestones.all()):
        multiply(
            milestone,
            pairs,
            pairing_id="made.pairing",
            due_on=f"current_date + ({20 + 60 * number} + made.n % 60)::int",
            done_at="NULL",
        )
    add_plans()


def add_plans() -> None:
    """Give each city of a running pairing its plan, as the sweep would."""
    pattern = Plan.objects.select_related("response").earliest("pk")
    last = Response.objects.aggregate(last=Max("pk"))["last"]
    lacking = (
        f"(SELECT m.id AS member, row_number() OVER (ORDER BY m.id) AS n "  # noqa: S608
        f"FROM {table(PairingMember)} AS m JOIN {table(Pairing)} AS p ON p.id = m.pairing_id "
        f"WHERE p.status = 'running' AND NOT EXISTS "
        f"(SELECT 1 FROM {table(Plan)} AS x WHERE x.member_id = m.id)) AS made"
    )
    execute(f"CREATE TEMPORARY TABLE bench_plans ON COMMIT DROP AS SELECT * FROM {lacking}")  # noqa: S608
    multiply(pattern.response, "bench_plans AS made")
    multiply(
        pattern,
        f"(SELECT made.member, r.id AS response FROM bench_plans AS made JOIN "  # noqa: S608
        f"(SELECT id, row_number() OVER (ORDER BY id) AS n FROM {table(Response)} "
        f"WHERE id > {last}) AS r ON r.n = made.n) AS made",
        reference="'LAP-BENCH-' || made.member",
        member_id="made.member",
        response_id="made.response",
        status="'draft'",
    )


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
    made = (
        f"(SELECT id AS measure, split_part(code, '.', 2)::int - 100 AS n "  # noqa: S608
        f"FROM {table(Measure)} WHERE plan_id = {plan.pk} AND code LIKE 'A1.___' "
        f"AND split_part(code, '.', 2)::int >= {100 + have}) AS made"
    )
    indicator = Indicator.objects.filter(measure__plan=plan).earliest("pk")
    funding = FundingLine.objects.filter(measure__plan=plan).earliest("pk")
    for _ in range(2):
        multiply(indicator, made, measure_id="made.measure")
        multiply(funding, made, measure_id="made.measure", amount="300 * (1 + made.n % 90)")


def demo_plan() -> Plan:
    """Return the plan that is written in."""
    return Plan.objects.filter(response__answers__isnull=False).earliest("pk")


def add_mails(total: int) -> None:
    """Fill the outbox: most are sent, a hundredth waits, a thousandth failed."""
    have = Mail.objects.count()
    if have >= total:
        return
    multiply(
        Mail.objects.exclude(kind="").earliest("pk"),
        series(have, total),
        recipient=f"'lead-{MARK}-' || n % 5000 || '@city.example'",
        subject="'What is due in week ' || n % 53 || ' of the pairing ' || n",
        message_id=f"'<{MARK}-' || n || '@localhost>'",
        status="CASE WHEN n % 1000 = 0 THEN 'failed' WHEN n % 100 = 0 THEN 'held' ELSE 'sent' END",
        created_at="now() - n * interval '3 minutes'",
        due_at="now() - n * interval '3 minutes'",
        sent_at="now() - n * interval '3 minutes'",
        leased_until="NULL",
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


def rank(call: Call, number: int) -> None:
    """Let a call that is assessed have so many applications more, each with scores handed in."""
    pattern = call.applications.filter(status=ApplicationStatus.ELIGIBLE).earliest("pk")
    criteria, sent = list(call.criteria.all()), pattern.submissions.latest("number")
    readers = list(pattern.assignments.values_list("assessor", flat=True))
    free = Organisation.objects.filter(slug__startswith=f"{MARK}-", side=Side.EU)
    cities = free.exclude(applications__call=call).order_by("pk")[:number]
    for place, city in enumerate(cities):
        made = Application.objects.create(
            call=call,
            organisation=city,
            status=ApplicationStatus.ELIGIBLE,
            reference=f"RANKED-{place:06d}",
            submitted_at=sent.at,
        )
        Submission.objects.create(
            application=made, number=1, at=sent.at, snapshot=sent.snapshot, rules=sent.rules
        )
        for reader in readers:
            assignment = Assignment.objects.create(application=made, assessor_id=reader)
            assessment = Assessment.objects.create(
                assignment=assignment, status=AssessmentStatus.HANDED_IN, handed_in_at=sent.at
            )
            Score.objects.bulk_create(
                Score(assessment=assessment, criterion=one, value=place % 10 / 2, sentence="So.")
                for one in criteria
            )
