"""Cities with a lead each."""

from allauth.account.models import EmailAddress

from accounts.models import User
from benchmarks.data.common import MARK, gathered, nth, series
from benchmarks.rows import multiply, table
from programme.models import Country
from programme.organisations.models import Membership, Organisation
from programme.organisations.states import MembershipRole
from programme.states import Side

# A partner's number starts here.
PARTNER = 10_000_000


def add_organisations(side: Side, countries: list[Country], first: int, until: int) -> None:
    """Add cities with these numbers, spread over the countries and around those that are there."""
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
    add_leads(first, until)


def add_leads(first: int, until: int) -> None:
    """Give each of these cities a person who leads it."""
    multiply(
        User.objects.get(email="lead-dubrovnik@demo.example"),
        series(first, until),
        email=f"'lead-{MARK}-' || n || '@city.example'",
        pseudonym="gen_random_uuid()",
        full_name="'Lead ' || n",
        search_name="'lead ' || n",
        is_demo="false",
    )
    found = (
        f"SELECT u.id AS person, o.id AS organisation, u.email FROM {series(first, until)} "  # noqa: S608
        f"JOIN {table(Organisation)} AS o ON o.slug = '{MARK}-' || n "
        f"JOIN {table(User)} AS u ON u.email = 'lead-{MARK}-' || n || '@city.example'"
    )
    membership = Membership.objects.filter(role=MembershipRole.LEAD).earliest("pk")
    address = EmailAddress.objects.filter(verified=True).first()
    with gathered("bench_leads", found) as made:
        multiply(membership, made, user_id="made.person", organisation_id="made.organisation")
        if address is not None:
            multiply(address, made, user_id="made.person", email="made.email")
