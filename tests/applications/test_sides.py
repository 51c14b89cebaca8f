"""Calls that open for a side: who starts, by which rules, with which questions and wishes."""

import pytest
from django.urls import reverse

from applications import services
from applications.models import Application
from applications.selectors import call_rules, eligibility_of, facts_of, open_calls_for, rules_of
from applications.selectors.profile import offered_countries
from applications.selectors.tasks import tasks_of
from applications.states import ApplicationStatus, Criterion, Outcome
from core.kit.errors import InvalidError
from programme.calls.selectors import NewRules, rules_impact
from programme.calls.states import ApplicantSide
from programme.organisations.states import MembershipRole, OrganisationKind
from programme.states import Side
from questionnaires.states import Purpose
from tests.factories.accounts import DeskFactory, UserFactory
from tests.factories.applications import ApplicationFactory, SubmittedApplicationFactory
from tests.factories.programme import (
    CallFactory,
    CountryFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
)
from tests.factories.questionnaires import TemplateVersionFactory

pytestmark = pytest.mark.django_db

EU, PARTNER, BOTH = ApplicantSide.EU, ApplicantSide.PARTNER, ApplicantSide.BOTH


def lead_of(organisation, role=MembershipRole.LEAD):
    return MembershipFactory(organisation=organisation, role=role).user


def start(call, organisation):
    return services.start_application(
        call=call, organisation=organisation, by=lead_of(organisation)
    )


def questionnaire(call, purpose):
    version = TemplateVersionFactory(template__purpose=purpose)
    call.questionnaires.create(purpose=purpose, version=version)
    return version


@pytest.mark.parametrize(
    ("side", "factory", "starts"),
    [
        (EU, OrganisationFactory, True),
        (EU, PartnerOrganisationFactory, False),
        (PARTNER, OrganisationFactory, False),
        (PARTNER, PartnerOrganisationFactory, True),
        (BOTH, OrganisationFactory, True),
        (BOTH, PartnerOrganisationFactory, True),
    ],
)
def test_call_is_started_by_the_side_it_opens_for(side, factory, starts):
    call, organisation = CallFactory(applicant_side=side), factory()
    if starts:
        assert start(call, organisation).status == ApplicationStatus.DRAFT
        return
    with pytest.raises(InvalidError) as refusal:
        start(call, organisation)
    assert refusal.value.code == f"{organisation.side}_side"
    assert not Application.objects.exists()


def test_partner_city_outside_the_partner_countries_cannot_start():
    japan = PartnerCountryFactory(code="JP", name="Japan")
    with pytest.raises(InvalidError, match="Japan: not on this call's list") as refusal:
        start(CallFactory(applicant_side=BOTH), PartnerOrganisationFactory(country=japan))
    assert refusal.value.code == "cannot_apply_country"


@pytest.mark.parametrize(
    ("own", "factory", "asked"),
    [
        (True, OrganisationFactory, Purpose.APPLICATION),
        (True, PartnerOrganisationFactory, Purpose.PARTNER_APPLICATION),
        (False, PartnerOrganisationFactory, Purpose.APPLICATION),
    ],
)
def test_each_side_is_asked_its_own_questions(own, factory, asked):
    call = CallFactory(applicant_side=BOTH)
    versions = {Purpose.APPLICATION: questionnaire(call, Purpose.APPLICATION)}
    if own:
        purpose = Purpose.PARTNER_APPLICATION
        versions[purpose] = questionnaire(call, purpose)
    assert start(call, factory()).response.version == versions[asked]


def test_rules_of_the_partner_side_ask_for_its_countries_and_no_inhabitants():
    call = CallFactory(applicant_side=BOTH)
    europe, partners = call_rules(call), call_rules(call, Side.PARTNER)
    assert (europe.countries, europe.min_population) == ({"HR"}, 100_000)
    assert (partners.countries, partners.min_population) == ({"IN"}, None)
    assert europe.takes_side
    assert partners.takes_side
    assert not call_rules(CallFactory(), Side.PARTNER).takes_side


def test_partner_city_lacks_no_number_of_inhabitants():
    draft = start(CallFactory(applicant_side=PARTNER), PartnerOrganisationFactory())
    applicant = tasks_of(draft, facts_of(draft), rules_of(draft))[0]
    assert applicant.missing == ()
    draft = start(CallFactory(), OrganisationFactory())
    applicant = tasks_of(draft, facts_of(draft), rules_of(draft))[0]
    assert "needs a figure" in applicant.missing[0]


def test_partner_city_wishes_for_countries_of_europe():
    call = CallFactory(applicant_side=BOTH)
    draft = ApplicationFactory(call=call, organisation=PartnerOrganisationFactory())
    by = lead_of(draft.organisation)
    croatia, india = CountryFactory(), PartnerCountryFactory()
    assert list(offered_countries(draft)) == [croatia]
    values = {"application": draft, "themes": [], "read_version": draft.version, "by": by}
    with pytest.raises(InvalidError):
        services.save_preferences(partner_countries=[india], **values)
    services.save_preferences(partner_countries=[croatia], **values)
    task = next(t for t in tasks_of(draft, facts_of(draft), rules_of(draft)) if "pref" in t.key)
    assert task.missing == ()


def test_sent_application_of_a_partner_city_is_judged_by_the_rules_of_its_side():
    call = CallFactory(applicant_side=PARTNER)
    application = SubmittedApplicationFactory(
        call=call,
        organisation=PartnerOrganisationFactory(),
        lead={"population": None, "population_year": None, "population_source": ""},
    )
    call.applicant_side = EU
    call.save()
    found = {row.result.key: row.result for row in eligibility_of(application)}
    assert found[Criterion.COUNTRY].outcome == Outcome.PASS
    assert found[Criterion.POPULATION].outcome == Outcome.PASS
    assert "partner side" in found[Criterion.POPULATION].sentence


def test_draft_of_a_side_that_was_closed_says_so():
    call = CallFactory(applicant_side=BOTH)
    draft = ApplicationFactory(call=call, organisation=PartnerOrganisationFactory())
    call.applicant_side = EU
    call.save()
    found = {row.result.key: row.result for row in eligibility_of(draft)}
    assert found[Criterion.COUNTRY].outcome == Outcome.FAIL
    assert "Partner cities do not apply to this call" in found[Criterion.COUNTRY].sentence


def test_impact_counts_drafts_of_a_side_that_goes():
    call = CallFactory(applicant_side=BOTH)
    ApplicationFactory(call=call)
    draft = ApplicationFactory(call=call, organisation=PartnerOrganisationFactory())
    draft.partner_countries.set([CountryFactory()])
    kept = {
        "themes": [],
        "partner_countries": list(call.partner_countries.all()),
        "eligible_countries": list(call.eligible_countries.all()),
        "applicant_kinds": call.applicant_kinds,
        "min_population": call.min_population,
        "strict": True,
        "takes_part_once": call.takes_part_once,
    }
    same = rules_impact(call, NewRules(applicant_side=BOTH, **kept))
    assert not same.touches_drafts
    gone = rules_impact(call, NewRules(applicant_side=EU, **kept))
    assert [(row.words, row.drafts) for row in gone.found] == [
        ("A side may apply no more: cannot be sent", 1)
    ]
    less = rules_impact(call, NewRules(applicant_side=BOTH, **kept | {"eligible_countries": []}))
    assert ("The country Croatia goes: chosen anew by partner cities in", 1) in [
        (row.words, row.drafts) for row in less.found
    ]


@pytest.mark.parametrize(
    ("side", "kinds", "organisation", "offered"),
    [
        (EU, ["municipality"], OrganisationFactory, True),
        (PARTNER, ["municipality"], OrganisationFactory, False),
        (BOTH, ["municipality"], PartnerOrganisationFactory, True),
        (EU, ["municipality"], PartnerOrganisationFactory, False),
        (EU, ["region"], OrganisationFactory, False),
    ],
)
def test_open_calls_are_those_that_suit(side, kinds, organisation, offered):
    call = CallFactory(applicant_side=side, applicant_kinds=kinds)
    person = lead_of(organisation(), MembershipRole.EDITOR)
    assert list(open_calls_for(person)) == ([call] if offered else [])


def test_open_calls_of_a_region_are_those_for_regions():
    region = OrganisationFactory(kind=OrganisationKind.REGION)
    CallFactory()
    call = CallFactory(applicant_kinds=["region"])
    assert list(open_calls_for(lead_of(region))) == [call]


def test_who_writes_for_nobody_yet_is_offered_all_open_calls():
    CallFactory(applicant_side=PARTNER)
    CallFactory()
    assert open_calls_for(UserFactory()).count() == 2


def test_start_page_says_why_none_of_ones_organisations_applies(sign_in):
    call = CallFactory()
    person = lead_of(PartnerOrganisationFactory())
    page = sign_in(person).get(reverse("applications:start", args=[call.slug]))
    assert "Partner cities do not apply to this call" in page.content.decode()


def test_partner_city_starts_from_the_page(sign_in):
    call, organisation = CallFactory(applicant_side=BOTH), PartnerOrganisationFactory()
    client = sign_in(lead_of(organisation))
    url = reverse("applications:start", args=[call.slug])
    assert organisation.name in client.get(url).content.decode()
    answer = client.post(url, {"organisation": organisation.pk})
    draft = Application.objects.get()
    assert answer["Location"] == reverse("applications:detail", args=[draft.key])


@pytest.mark.parametrize(
    ("country", "wishes", "reached"),
    [("IN", [], True), ("IN", ["HR"], True), ("JP", [], False), ("JP", ["HR"], False)],
)
def test_desk_reaches_what_partner_cities_of_its_countries_sent(country, wishes, reached):
    desk = DeskFactory()
    desk.desk_countries.create(country=PartnerCountryFactory())
    home = PartnerCountryFactory(code=country, name=country)
    application = SubmittedApplicationFactory(
        call=CallFactory(applicant_side=BOTH), organisation=PartnerOrganisationFactory(country=home)
    )
    application.partner_countries.set([CountryFactory(code=code) for code in wishes])
    assert Application.objects.reached_by(desk).exists() is reached
