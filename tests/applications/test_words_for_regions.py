"""No page and no mail calls a region a city, on its whole way."""

import re
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from applications import services
from applications.models import Application
from applications.states import DecisionOutcome, Declaration
from core.post.models import Mail
from programme.organisations.services import confirm_organisation, create_organisation
from programme.organisations.states import OrganisationKind
from questionnaires.services import load_templates
from questionnaires.states import Purpose
from reminders.services import queue_reminders
from tests.applications.test_regions import answers_to, call_for_regions
from tests.factories.accounts import AssessorFactory, CoordinatorFactory, UserFactory
from tests.factories.applications import ChallengeFactory, ClarificationFactory, StakeholderFactory
from tests.factories.programme import CallDocumentFactory, CountryFactory, ThemeFactory
from tests.markup import Links

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CITY = re.compile(
    r".{0,60}\b(?:cit(?:y|ies)|municipalit(?:y|ies))\b(?!\.example).{0,40}", re.IGNORECASE
)
# What is said of others, and of all the kinds that there are.
MEANT = re.compile(
    "cities apply to the city-to-city calls|Cities of it need not be named|City or region"
    "|Whoever it was: a city, a region, a network"
    "|Municipality Group of municipalities Metropolitan authority or association"
    "|One city A group of municipalities A metropolitan authority or an association of "
    "municipalities|The city, or the one that leads the group|Other municipalities of the group"
)


class Words(HTMLParser):
    """What a page says in its title and its own part."""

    def __init__(self, html):
        super().__init__()
        self.said, self._inside = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag in {"main", "title", "script"}:
            self._inside.append(tag)

    def handle_endtag(self, tag):
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data):
        if self._inside and self._inside[-1] != "script":
            self.said += data.split()


class Reader:
    """Somebody who reads pages, and notes each that speaks of a city."""

    def __init__(self, person):
        self.client, self.found, self.read = Client(), [], 0
        self.client.force_login(person, backend="accounts.backends.PersonBackend")

    def look(self, *addresses, below=None):
        """Read pages, and all that they lead to below an address."""
        waiting, met = list(addresses), set()
        while waiting:
            address = waiting.pop()
            if address in met:
                continue
            met.add(address)
            answer = self.client.get(address, follow=True)
            if not answer.headers["Content-Type"].startswith("text/html"):
                continue
            self.read += 1
            html = answer.content.decode()
            said = MEANT.sub("", " ".join(Words(html).said))
            self.found += [f"{address}: {found}" for found in CITY.findall(said)]
            if below:
                waiting += [one for one in Links(html, address).found if one.startswith(below)]

    def look_at(self, application):
        base = reverse("applications:detail", args=[application.key])
        self.look(base, below=base)


def again(application):
    return Application.objects.get(pk=application.pk)


def fill_in(draft, lead):
    call = draft.call
    services.save_section(application=draft, answers=answers_to(draft.response), by=lead)
    services.save_contacts(
        application=draft,
        read_version=again(draft).version,
        by=lead,
        signatory_name="Maria Rossi",
        deputy_name="Luca Bianchi",
        deputy_email="luca@liguria.example",
    )
    services.save_preferences(
        application=draft,
        themes=call.themes.all(),
        partner_countries=[],
        read_version=again(draft).version,
        by=lead,
    )
    StakeholderFactory(application=draft)
    ChallengeFactory(application=draft, topic__theme=call.themes.get())
    call.documents.all().delete()


@pytest.fixture
def call():
    call = call_for_regions(title="Regions for innovation", strand__name="Inter-regional")
    call.themes.set([ThemeFactory()])
    call.commitments.create(text="Cooperate with the paired region.", order=1)
    CallDocumentFactory(call=call)
    version = load_templates()["application-region"]
    call.questionnaires.create(purpose=Purpose.APPLICATION, version=version)
    return call


def test_no_page_and_no_mail_calls_a_region_a_city(call, settings):
    settings.DEMO = True
    coordinator, lead = CoordinatorFactory(), UserFactory()
    region = create_organisation(
        by=lead, name="Liguria", kind=OrganisationKind.REGION, country=CountryFactory()
    )
    own, staff = Reader(lead), Reader(coordinator)
    asked = f"?kind=region&name=Liguria&country={region.country.code}"
    check = reverse("showcase:check", args=[call.slug])
    home, mine = reverse("homes:workspace"), reverse("applications:mine")
    own.look(reverse("showcase:call", args=[call.slug]), check, f"{check}{asked}", home, mine)
    own.look(reverse("applications:start", args=[call.slug]))

    draft = services.start_application(call=call, organisation=region, by=lead)
    own.look_at(draft)
    fill_in(draft, lead)
    confirm_organisation(organisation=region, by=coordinator)
    own.look(reverse("applications:check", args=[draft.key]), home)
    queue_reminders(now=call.closes_at)

    sent = services.submit_application(
        application=again(draft), by=lead, declared=set(Declaration.values)
    )
    ClarificationFactory(application=sent)
    own.look_at(sent)
    console = reverse("applications:staff_detail", args=[sent.reference])
    staff.look(console, below=console)
    services.decide_eligibility(application=sent, eligible=True, by=coordinator)
    services.assign_assessor(application=sent, assessor=AssessorFactory(), by=coordinator)
    copy = services.reopen_application(application=sent, by=lead)
    own.look(reverse("applications:detail", args=[copy.key]))
    services.drop_changes(application=copy, by=lead)
    services.decide_application(
        application=sent, outcome=DecisionOutcome.ACCEPT, reason="Strong.", by=coordinator
    )
    own.look(home, mine, reverse("organisations:team", args=[region.slug]))
    own.look_at(sent)
    staff.look(console, below=console)

    assert own.read > 35
    assert staff.read > 8
    mails = [(one.subject, one.body) for one in mail.outbox]
    mails += Mail.objects.values_list("subject", "text")
    assert len(mails) > 4
    in_mails = [found for one in mails for found in CITY.findall(" ".join(" ".join(one).split()))]
    assert [*own.found, *staff.found, *in_mails] == []
