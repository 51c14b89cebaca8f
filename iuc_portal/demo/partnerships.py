"""Who works on it with the demo cities, and who backs them."""

import datetime as dt

from django.core.files.base import ContentFile

from accounts.models import User
from applications.models import Application, OnlineInvitation
from applications.services import (
    add_and_ask,
    add_letter,
    add_stakeholder,
    edit_stakeholder,
    write_letter,
)
from applications.states import StakeholderKind
from core.kit.days import today
from iuc_portal.demo.texts import letter
from programme.organisations.models import hash_of, new_token

COUNTY = "Dubrovnik-Neretva County (demo)"
CHAMBER = "Chamber of Commerce (demo)"

# Kind, name and role of those that every city names.
COMMON = (
    (StakeholderKind.ACADEMIA, "University, urban planning (demo)", "Data and students."),
    (StakeholderKind.COMMUNITY, "Residents' panel (demo)", "Meets every month and is answered."),
)


def name_partnership(application: Application, lead: User) -> None:
    """Name who works on it with a city, with the letter of one of them."""
    for kind, name, role in COMMON:
        first = add_stakeholder(
            application=_fresh(application), kind=kind, name=name, role=role, by=lead
        )
        if kind == StakeholderKind.ACADEMIA:
            add_letter(
                stakeholder=first,
                upload=ContentFile(letter(name), name="letter-demo.pdf"),
                signed_by_name="Vera Demo",
                signed_by_office="Dean",
                signed_on=today() - dt.timedelta(days=9),
                by=lead,
            )


def ask_county(application: Application, lead: User) -> None:
    """Name a county that cannot apply itself, and ask it for its letter."""
    add_and_ask(
        application=_fresh(application),
        kind=StakeholderKind.REGION,
        name=COUNTY,
        role="Runs the buses between the towns, and backs the city as a supporter.",
        contact_email="office@county.example",
        by=lead,
    )


def back_online(application: Application, lead: User) -> None:
    """Let a chamber write its letter behind a link; the city then puts its spelling right."""
    chamber = add_and_ask(
        application=_fresh(application),
        kind=StakeholderKind.BUSINESS,
        name=CHAMBER.replace("mm", "m"),
        role="Brings the owners of the blocks where the water stands.",
        contact_email="office@chamber.example",
        by=lead,
    )
    # Nobody opens the mails of the demo: its office has a token of its own.
    token = new_token()
    OnlineInvitation.objects.filter(stakeholder=chamber).update(token_hash=hash_of(token))
    write_letter(
        token=token,
        name="Nils Demo",
        office="Managing director",
        statement="We bring forty owners to the table, and one day a week of our planner.",
    )
    chamber.refresh_from_db()
    edit_stakeholder(stakeholder=chamber, by=lead, name=CHAMBER)


def _fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)
