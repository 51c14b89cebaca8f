"""The data of the benchmarks: the programme, the demo cases, and as many applications as asked."""

import os
from datetime import timedelta
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone

from applications.models import Application, Municipality, Submission
from applications.states import ApplicationStatus
from core.kit.fingerprints import fingerprint
from core.kit.text import fold
from programme.calls.models import Call
from programme.models import Country, Theme
from programme.organisations.models import Organisation
from programme.states import Side

STATUSES = (
    ApplicationStatus.SUBMITTED,
    ApplicationStatus.ELIGIBLE,
    ApplicationStatus.ACCEPTED,
    ApplicationStatus.RESERVE,
    ApplicationStatus.REJECTED,
)
THEMES_EACH = 3
MARK = "Bench"


def build() -> None:
    """Make an empty database into a portal with real data and demo cases."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    with Path(os.devnull).open("w") as nowhere:
        call_command("load_programme", verbosity=0, stdout=nowhere)
        call_command("seed_demo", stage="plans", verbosity=0, stdout=nowhere)


def fill_applications(total: int) -> None:
    """Add sent applications until there are so many, spread over countries, themes, states."""
    have = Application.objects.exclude(status=ApplicationStatus.DRAFT).count()
    wanted = range(have, total)
    call = Call.objects.filter(applications__isnull=False).order_by("-opens_at").first()
    countries = list(Country.objects.order_by("code"))
    organisations = Organisation.objects.bulk_create(
        Organisation(
            slug=f"bench-{number}",
            name=f"{MARK} {number}",
            search_name=fold(f"{MARK} {number}"),
            side=Side.EU,
            country=countries[number % len(countries)],
        )
        for number in wanted
    )
    now = timezone.now()
    applications = Application.objects.bulk_create(
        Application(
            call=call,
            organisation=organisation,
            reference=f"BENCH-{number:06d}",
            status=STATUSES[number % len(STATUSES)],
            submitted_at=now - timedelta(minutes=number),
            contact_name="Ana Kovačević",
            contact_email="ana@city.example",
            search_text=fold(organisation.name),
        )
        for number, organisation in zip(wanted, organisations, strict=True)
    )
    # One text for all: only its presence counts here, and `bulk_create` passes by `save`.
    sent = {"format": 1}
    Submission.objects.bulk_create(
        Submission(
            application=application,
            number=1,
            at=application.submitted_at,
            snapshot=sent,
            sha256=fingerprint(sent),
        )
        for application in applications
    )
    Municipality.objects.bulk_create(
        Municipality(
            application=application,
            name=application.organisation.name,
            search_name=fold(application.organisation.name),
            country=application.organisation.country,
            is_lead=True,
            population=100_000 + number,
            population_year=2021,
            population_source="Bureau of Statistics",
        )
        for number, application in enumerate(applications)
    )
    add_choices(applications, countries)


def add_choices(applications: list[Application], countries: list[Country]) -> None:
    """Give each application its themes and a partner country."""
    themes = list(Theme.objects.all())
    partners = [country for country in countries if country.side == Side.PARTNER]
    to_theme, to_country = Application.themes.through, Application.partner_countries.through
    to_theme.objects.bulk_create(
        to_theme(application_id=application.pk, theme_id=themes[(number + extra) % len(themes)].pk)
        for number, application in enumerate(applications)
        for extra in range(min(THEMES_EACH, len(themes)))
    )
    to_country.objects.bulk_create(
        to_country(application_id=application.pk, country_id=partners[number % len(partners)].pk)
        for number, application in enumerate(applications)
    )
