"""A call for regions, from registering to the decision."""

import pytest
from django.urls import reverse

from applications import services
from applications.selectors import eligibility_of, facts_of, rules_of
from applications.selectors.tasks import tasks_of
from applications.states import ApplicantKind, ApplicationStatus, DecisionOutcome, Declaration
from core.kit.errors import InvalidError
from programme.organisations.services import confirm_organisation, create_organisation
from programme.organisations.states import OrganisationKind
from questionnaires.services import load_templates
from questionnaires.states import Purpose
from tests.factories.accounts import AssessorFactory, CoordinatorFactory, UserFactory
from tests.factories.applications import ChallengeFactory, StakeholderFactory
from tests.factories.programme import (
    CallFactory,
    CityFactory,
    ClosedCallFactory,
    CountryFactory,
    DraftCallFactory,
    MembershipFactory,
    OrganisationFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db
REGION = OrganisationKind.REGION


def call_for_regions(factory=CallFactory, **values):
    values = {"applicant_kinds": [REGION.value], "min_population": None, **values}
    return factory(**values)


def register(**values):
    values = {"by": UserFactory(), "name": "Liguria", "kind": REGION, **values}
    return create_organisation(country=CountryFactory(), **values)


@pytest.mark.parametrize("factory", [ClosedCallFactory, DraftCallFactory])
def test_region_registers_only_while_a_call_is_meant_for_it(factory):
    call_for_regions(factory)
    with pytest.raises(InvalidError) as refusal:
        register()
    assert refusal.value.code == "kind_not_eligible"
    call_for_regions()
    assert register().kind == REGION
    with pytest.raises(InvalidError):
        register(kind=OrganisationKind.OTHER)


def test_region_registers_from_the_page_without_a_city(sign_in):
    call_for_regions()
    person = UserFactory()
    data = {"kind": "region", "name": "Liguria", "country": CountryFactory().pk}
    answer = sign_in(person).post(reverse("organisations:new_organisation"), data)
    assert answer.status_code == 302
    organisation = person.memberships.get().organisation
    assert (organisation.name, organisation.cities.count()) == ("Liguria", 0)


def test_region_is_one_applicant_without_figure_and_city(sign_in):
    region = OrganisationFactory(name="Madrid", kind=REGION, seat=CityFactory(name="Madrid"))
    lead = MembershipFactory(organisation=region).user
    call = call_for_regions(min_population=None)
    draft = services.start_application(call=call, organisation=region, by=lead)
    row = draft.municipalities.get()
    assert (draft.kind, row.name, row.city) == (ApplicantKind.SINGLE, "Madrid", None)
    assert tasks_of(draft, facts_of(draft), rules_of(draft))[0].missing == ()
    client = sign_in(lead)
    url = reverse("applications:applicant", args=[draft.key])
    page = client.get(url).content.decode()
    assert "Your region" in page
    assert "One city" not in page
    assert "exception" not in page
    answer = client.post(url, {"version": draft.version})
    assert answer.status_code == 302
    edit = reverse("applications:municipality_edit", args=[draft.key, row.pk])
    typed = {"version": draft.version, "name": "Madrid", "country": region.country_id}
    assert client.post(edit, typed).status_code == 302
    row.refresh_from_db()
    assert (row.population, row.city) == (None, None)


def test_call_that_sets_a_minimum_asks_regions_for_it():
    region = OrganisationFactory(kind=REGION)
    draft = services.start_application(
        call=call_for_regions(min_population=500_000),
        organisation=region,
        by=MembershipFactory(organisation=region).user,
    )
    assert "needs a figure" in tasks_of(draft, facts_of(draft), rules_of(draft))[0].missing[0]


def answers_to(response):
    """Return a valid answer to every question that is always asked."""
    found = []
    for section in response.version.sections.all():
        for question in section.questions.filter(condition_question=""):
            value = {
                "long_text": "Some words.",
                "short_text": "Some words.",
                "number": 3,
                "yes_no": "no",
                "choice": question.options and question.options[1]["value"],
                "multi_choice": question.options and [question.options[0]["value"]],
            }[question.kind]
            found.append((question.key, value, 0))
    return found


def test_region_from_registering_to_the_decision(sign_in, mailoutbox):
    call, coordinator = call_for_regions(), CoordinatorFactory()
    call.themes.set([ThemeFactory()])
    version = load_templates()["application-region"]
    call.questionnaires.create(purpose=Purpose.APPLICATION, version=version)
    lead = UserFactory()
    region = register(by=lead)
    draft = services.start_application(call=call, organisation=region, by=lead)
    services.save_section(application=draft, answers=answers_to(draft.response), by=lead)
    draft.refresh_from_db()
    services.save_contacts(
        application=draft,
        read_version=draft.version,
        by=lead,
        signatory_name="Maria Rossi",
        deputy_name="Luca Bianchi",
        deputy_email="luca@liguria.example",
    )
    draft.refresh_from_db()
    services.save_preferences(
        application=draft,
        themes=call.themes.all(),
        partner_countries=[],
        read_version=draft.version,
        by=lead,
    )
    StakeholderFactory(application=draft)
    ChallengeFactory(application=draft, topic__theme=call.themes.get())
    confirm_organisation(organisation=region, by=coordinator)
    draft.refresh_from_db()
    page = sign_in(lead).get(reverse("applications:check", args=[draft.key])).content.decode()
    assert "A region" in page
    shown = [line for line in page.splitlines() if "<input" not in line]
    assert not [line for line in shown if "municipalit" in line.lower()]
    assert "No number of inhabitants yet" not in page
    sent = services.submit_application(application=draft, by=lead, declared=set(Declaration.values))
    assert all(row.is_met for row in eligibility_of(sent))
    assert "One region" in [row.result.sentence for row in eligibility_of(sent)]
    services.decide_eligibility(application=sent, eligible=True, by=coordinator)
    services.assign_assessor(application=sent, assessor=AssessorFactory(), by=coordinator)
    decided = services.decide_application(
        application=sent, outcome=DecisionOutcome.ACCEPT, reason="Strong chains.", by=coordinator
    )
    assert decided.status == ApplicationStatus.ACCEPTED
    assert "Your region is chosen" in mailoutbox[-1].body
