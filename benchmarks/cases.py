"""What is measured. A case prepares its data and returns the request to repeat."""

from html.parser import HTMLParser
from itertools import count

from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.states import StaffRole
from action_plans.models import Plan
from applications.models import Application
from applications.states import ApplicationStatus
from benchmarks.data import fill_applications
from benchmarks.harness import Action, case

SECTION = "challenge"
VERSION = "version_"


def client_of(person: User) -> Client:
    """Return a client that is signed in."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(person, backend="accounts.backends.PersonBackend")
    return client


def coordinator() -> Client:
    """Return the client of a coordinator."""
    return client_of(User.objects.filter(staff_role=StaffRole.COORDINATOR).earliest("pk"))


def getting(client: Client, address: str) -> Action:
    """Return the action that opens a page and insists on it."""

    def get() -> None:
        answer = client.get(address)
        expect(answer.status_code, 200, address)

    return get


def expect(status: int, wanted: int, address: str) -> None:
    """Refuse to measure an error page."""
    if status != wanted:
        message = f"{address} answered {status} instead of {wanted}."
        raise RuntimeError(message)


@case("staff list of 50 rows, 100 applications", most_queries=15)
def staff_list_of_hundred() -> Action:
    fill_applications(100)
    return getting(coordinator(), reverse("applications:staff_list"))


@case("public pairings page, table and map")
def public_pairings() -> Action:
    return getting(Client(SERVER_NAME="localhost"), reverse("showcase:pairings"))


@case("application page, staff")
def application_page() -> Action:
    application = Application.objects.filter(
        is_demo=True, status=ApplicationStatus.SUBMITTED
    ).earliest("pk")
    return getting(
        coordinator(), reverse("applications:staff_detail", args=[application.reference])
    )


@case("plan section, save while typing")
def section_save() -> Action:
    plan = Plan.objects.filter(response__answers__isnull=False).earliest("pk")
    writer = User.objects.filter(
        memberships__organisation=plan.member.organisation, memberships__role="lead"
    ).earliest("pk")
    client = client_of(writer)
    page = reverse("action_plans:section", args=[plan.reference, SECTION])
    save = reverse("action_plans:section_save", args=[plan.reference, SECTION])
    read = fields_of(client.get(page).content.decode())
    rounds = count()

    def post() -> None:
        number = next(rounds)
        answer = client.post(save, typed_on(read, number))
        expect(answer.status_code, 200, save)

    return post


def typed_on(read: dict[str, str], number: int) -> dict[str, str]:
    """Return the fields after that many saves, with something new in every text."""
    texts = {name.removeprefix(VERSION) for name in read if name.startswith(VERSION)}
    sent = dict(read)
    for name in texts:
        sent[name] = f"{read[name].strip()} {number}"
        sent[VERSION + name] = str(int(read[VERSION + name]) + number)
    return sent


@case("staff list of 50 rows, 10,000 applications", most_queries=15)
def staff_list_of_ten_thousand() -> Action:
    fill_applications(10_000)
    return getting(coordinator(), reverse("applications:staff_list"))


class FieldReader(HTMLParser):
    """Collects what a browser would send of a page's text fields and hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        name = facts.get("name") or ""
        if tag == "textarea" and name:
            self._area = name
            self.fields[name] = ""
        elif tag == "input" and name and facts.get("type") in {"hidden", "text"}:
            self.fields[name] = facts.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data


def fields_of(html: str) -> dict[str, str]:
    """Return the fields of a page with their values."""
    reader = FieldReader()
    reader.feed(html)
    return reader.fields
