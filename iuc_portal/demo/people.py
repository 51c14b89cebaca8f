"""Demo accounts; the sign-in page of a demo lists them."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from accounts.selectors import DEMO_PASSWORD
from accounts.services import create_person
from accounts.states import StaffRole
from programme.models import Country
from programme.organisations.models import DeskCountry, Membership, Organisation
from programme.organisations.states import MembershipRole

LEAD, EDITOR, VIEWER = MembershipRole.LEAD, MembershipRole.EDITOR, MembershipRole.VIEWER
DUBROVNIK = "Dubrovnik + Župa Dubrovačka"
PANAJI = "Panaji-Goa"


@dataclass(frozen=True)
class Person:
    """A demo account: staff when it has a staff role, else a member of an organisation."""

    login: str
    name: str
    staff_role: str = ""
    desk: tuple[str, ...] = ()
    organisation: str = ""
    role: str = LEAD

    @property
    def email(self) -> str:
        """Return the address; nobody outside can own it."""
        return f"{self.login}@demo.example"

    @property
    def words(self) -> str:
        """Return what the sign-in page says of a city user."""
        if not self.organisation:
            return ""
        return f"{MembershipRole(self.role).label}, {self.organisation}"


PEOPLE = [
    Person("coordinator", "Ilse Verbeek", StaffRole.COORDINATOR),
    Person("desk-india", "Meera Pillai", StaffRole.REGIONAL_DESK, desk=("IN",)),
    Person("assessor", "Marek Dvořák", StaffRole.ASSESSOR),
    Person("observer", "Nora Lindqvist", StaffRole.OBSERVER),
    Person("lead-dubrovnik", "Ana Kovačević", organisation=DUBROVNIK),
    Person("editor-dubrovnik", "Luka Perić", organisation=DUBROVNIK, role=EDITOR),
    Person("viewer-dubrovnik", "Petra Novak", organisation=DUBROVNIK, role=VIEWER),
    Person("lead-panaji", "Priya Naik", organisation=PANAJI),
    # Score beside the first, and confirm what the first has put right.
    Person("second-assessor", "Wouter Maes", StaffRole.ASSESSOR),
    Person("second-coordinator", "Lucía Herrero", StaffRole.COORDINATOR),
    Person("lead-rijeka", "Iva Marić", organisation="Rijeka"),
    Person("lead-malmo", "Karin Lindgren", organisation="Malmö"),
    Person("lead-parma", "Giulia Conti", organisation="Parma"),
    Person("lead-galati", "Andrei Popa", organisation="Galați"),
    Person("lead-almada", "Sofia Marques", organisation="Almada"),
    Person("lead-kochi", "Anil Menon", organisation="Kochi"),
    # Asks to speak for a city that has nobody yet, and is let in by nobody so far.
    Person("asks-murcia", "Elena Ruiz"),
    # Has registered what may be in the portal already; nobody has confirmed it.
    Person("registers-dubrovnik", "Mate Jurić"),
    # Registers a new group of municipalities.
    Person("lead-zadar", "Josip Babić"),
    # Registers a region, since a call is meant for it.
    Person("lead-liguria", "Chiara Parodi"),
]


def person(login: str) -> User:
    """Return a demo account by the first part of its address."""
    return User.objects.get(email=f"{login}@demo.example", is_demo=True)


def make_people() -> int:
    """Make the accounts that are missing; return how many."""
    known = set(User.objects.filter(is_demo=True).values_list("email", flat=True))
    missing = [entry for entry in PEOPLE if entry.email not in known]
    for entry in missing:
        _make(entry)
    return len(missing)


@transaction.atomic
def _make(entry: Person) -> None:
    # The address is known to be right: nobody could follow a link sent to it.
    user = create_person(
        email=entry.email,
        password=DEMO_PASSWORD,
        full_name=entry.name,
        job_title=entry.words[:150],
        staff_role=entry.staff_role,
        is_demo=True,
    )
    for country in Country.objects.filter(code__in=entry.desk):
        DeskCountry.objects.create(user=user, country=country)
    if entry.organisation:
        organisation = Organisation.objects.get(name=entry.organisation)
        Membership.objects.create(user=user, organisation=organisation, role=entry.role)
