"""Applications that were sent, with all that a list and a page show of them."""

from accounts.models import User
from accounts.states import StaffRole
from applications.casework.models import CaseOwner, Seen, StaffTag, Tagging
from applications.models import Application, Assignment, Municipality, Submission
from applications.states import ApplicationStatus
from benchmarks.data.common import MARK, call_of_all, gathered, nth
from benchmarks.data.organisations import add_organisations
from benchmarks.rows import connect, multiply, table
from core.kit.fingerprints import fingerprint
from core.trail.models import AuditEvent, EventWords
from programme.calls.models import Call
from programme.models import City, Country, Theme
from programme.organisations.models import Organisation
from programme.states import Origin, Side

# What was sent is spread over these; each fifth application is accepted and may be paired.
STATUSES = (
    ApplicationStatus.SUBMITTED,
    ApplicationStatus.ELIGIBLE,
    ApplicationStatus.ACCEPTED,
    ApplicationStatus.RESERVE,
    ApplicationStatus.REJECTED,
)
REFERENCE = "'BENCH-' || lpad(made.n::text, 6, '0')"
SENT_AT = "now() - made.n * interval '1 minute'"


def add_applications(total: int) -> None:
    """Add sent applications until there are so many, spread over countries, themes, states."""
    have = Application.objects.exclude(status=ApplicationStatus.DRAFT).count()
    if have >= total:
        return
    # The public reads nothing of a demo's call.
    Call.objects.filter(pk=call_of_all().pk).update(origin=Origin.PORTAL)
    countries = list(Country.objects.filter(side=Side.EU).order_by("code"))
    add_organisations(Side.EU, countries, have, total)
    # Each at a place of its own, as far as there are any: none is applied for twice.
    cities = (
        f"SELECT o.id AS organisation, o.name, o.country_id AS country, n, place.id AS city "  # noqa: S608
        f"FROM generate_series({have}, {total - 1}) AS n "
        f"JOIN {table(Organisation)} AS o ON o.slug = '{MARK}-' || n "
        f"LEFT JOIN (SELECT id, row_number() OVER (ORDER BY id DESC) AS n FROM {table(City)}) "
        f"AS place USING (n)"
    )
    with gathered("bench_cities", cities) as made:
        _add_rows(made)
        sent = (
            f"SELECT a.id AS application, made.* FROM {made} "  # noqa: S608
            f"JOIN {table(Application)} AS a ON a.reference = {REFERENCE}"
        )
        with gathered("bench_sent", sent) as applications:
            _add_contents(applications)
            _add_wishes(applications)
            _add_records(applications)
            _add_casework(applications)


def _add_rows(made: str) -> None:
    multiply(
        Application.objects.exclude(reference=None).earliest("pk"),
        made,
        call_id=str(call_of_all().pk),
        organisation_id="made.organisation",
        draft_key="'draft-' || made.n",
        reference=REFERENCE,
        status=nth([status.value for status in STATUSES], "made.n"),
        submitted_at=SENT_AT,
        search_text=(
            f"lower(concat_ws(' ', {REFERENCE}, made.name, "
            "pattern.contact_name, pattern.contact_email, pattern.deputy_name, "
            "pattern.deputy_email, pattern.signatory_name))"
        ),
        response_id="NULL",
        is_demo="false",
    )


def _add_contents(made: str) -> None:
    # One text for all: only its presence counts here.
    multiply(
        Submission.objects.filter(number=1).earliest("pk"),
        made,
        application_id="made.application",
        at=SENT_AT,
        snapshot="'{\"format\": 1}'::jsonb",
        sha256=f"'{fingerprint({'format': 1})}'",
    )
    multiply(
        Municipality.objects.filter(is_lead=True).earliest("pk"),
        made,
        application_id="made.application",
        city_id="made.city",
        name="made.name",
        search_name="lower(made.name)",
        country_id="made.country",
        population="100000 + made.n",
    )


def _add_wishes(made: str) -> None:
    themes = list(Theme.objects.values_list("pk", flat=True))
    for extra in range(min(3, len(themes))):
        connect(
            Application.themes.through,
            made,
            application="made.application",
            theme=nth(themes, f"made.n + {extra}"),
        )
    partners = list(Country.objects.filter(side=Side.PARTNER).values_list("pk", flat=True))
    connect(
        Application.partner_countries.through,
        made,
        application="made.application",
        country=nth(partners, "made.n"),
    )


def _add_records(made: str) -> None:
    event = AuditEvent.objects.filter(verb="application.submitted").earliest("pk")
    # Copies, so no chain that could be proved.
    multiply(event, made, at=SENT_AT, target_id="made.application", number="1")
    connect(
        EventWords,
        f"{made} JOIN {table(AuditEvent)} AS record ON record.target_id = made.application "
        f"AND record.target_type_id = {event.target_type_id}",
        event="record.id",
        actor_salt="''",
        actor_name="'City of Bench'",
        salt="''",
        label=REFERENCE,
        reason="''",
        details="'{}'",
    )


def _add_casework(made: str) -> None:
    """Let somebody look after each, with two tags; what is read has two assessors."""
    owners = _people(StaffRole.COORDINATOR, StaffRole.REGIONAL_DESK)
    owned = CaseOwner.objects.earliest("pk")
    multiply(owned, made, application_id="made.application", owner_id=nth(owners, "made.n"))
    tags = list(StaffTag.objects.order_by("pk").values_list("pk", flat=True))
    borne = Tagging.objects.earliest("pk")
    readers, reading = _people(StaffRole.ASSESSOR), Assignment.objects.earliest("pk")
    judged = f"{made} WHERE made.n % {len(STATUSES)} > 0"
    read = f"(SELECT * FROM {judged}) AS made"  # noqa: S608
    for extra in range(2):
        number = f"made.n + {extra}"
        multiply(borne, made, application_id="made.application", tag_id=nth(tags, number))
        multiply(reading, read, application_id="made.application", assessor_id=nth(readers, number))
    connect(Seen, made, application="made.application", person=str(owners[0]), at="now()")


def _people(*roles: StaffRole) -> list[int]:
    people = User.objects.filter(staff_role__in=roles, is_active=True).order_by("pk")
    return list(people.values_list("pk", flat=True))
