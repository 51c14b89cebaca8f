"""Starting a draft and saving its pages."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from applications import services
from applications.models import Application
from applications.states import ApplicantKind, ApplicationStatus
from core.kit.errors import InvalidError, NotAllowedError, StaleError, WrongStateError
from core.trail.models import AuditEvent
from core.trail.selectors import events_of
from programme.organisations.states import MembershipRole, OrganisationKind
from questionnaires.models import Answer, CallQuestionnaire, Question
from questionnaires.states import Purpose
from tests.factories.accounts import UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    GroupApplicationFactory,
    MunicipalityFactory,
    SubmittedApplicationFactory,
)
from tests.factories.programme import (
    CallFactory,
    CityFactory,
    ClosedCallFactory,
    CountryFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
    ThemeFactory,
)
from tests.factories.questionnaires import TemplateVersionFactory

pytestmark = pytest.mark.django_db


def lead_of(organisation, role=MembershipRole.LEAD):
    return MembershipFactory(organisation=organisation, role=role).user


def test_start_makes_a_draft_with_the_seat_as_lead():
    city = CityFactory(name="Dubrovnik")
    organisation = OrganisationFactory(seat=city)
    call = CallFactory()
    version = TemplateVersionFactory()
    CallQuestionnaire.objects.create(call=call, purpose=Purpose.APPLICATION, version=version)
    person = lead_of(organisation)
    draft = services.start_application(call=call, organisation=organisation, by=person)
    assert draft.status == ApplicationStatus.DRAFT
    assert draft.reference is None
    assert draft.response.version == version
    assert (draft.contact_name, draft.contact_email) == (person.full_name, person.email)
    assert (draft.contact_position, draft.contact_phone) == (person.job_title, person.phone)
    lead = draft.municipalities.get()
    assert (lead.name, lead.city, lead.is_lead) == ("Dubrovnik", city, True)
    assert AuditEvent.objects.get().verb == "application.started"


def test_start_twice_is_one_draft():
    organisation = OrganisationFactory()
    call, person = CallFactory(), lead_of(organisation)
    first = services.start_application(call=call, organisation=organisation, by=person)
    again = services.start_application(call=call, organisation=organisation, by=person)
    assert again == first
    assert Application.objects.count() == 1


def test_start_again_after_withdrawing_makes_a_new_draft():
    organisation = OrganisationFactory()
    call, person = CallFactory(), lead_of(organisation)
    first = services.start_application(call=call, organisation=organisation, by=person)
    services.withdraw_application(application=first, by=person)
    again = services.start_application(call=call, organisation=organisation, by=person)
    assert again != first


def test_start_of_a_group_is_a_group():
    organisation = OrganisationFactory(kind=OrganisationKind.GROUP)
    draft = services.start_application(
        call=CallFactory(), organisation=organisation, by=lead_of(organisation)
    )
    assert draft.kind == ApplicantKind.GROUP


@pytest.mark.parametrize("role", [MembershipRole.VIEWER, None])
def test_start_is_refused_to_who_does_not_write(role):
    organisation = OrganisationFactory()
    person = lead_of(organisation, role) if role else UserFactory()
    with pytest.raises(NotAllowedError):
        services.start_application(call=CallFactory(), organisation=organisation, by=person)


def test_start_tells_a_region_where_to_go():
    CallFactory(title="Regions together", applicant_kinds=["region"])
    organisation = OrganisationFactory(kind=OrganisationKind.REGION)
    with pytest.raises(InvalidError) as refusal:
        services.start_application(
            call=CallFactory(), organisation=organisation, by=lead_of(organisation)
        )
    assert "You can apply to “Regions together”." in refusal.value.message


def test_start_is_refused_to_a_country_off_the_list():
    organisation = OrganisationFactory(country=CountryFactory(code="GB", name="United Kingdom"))
    with pytest.raises(InvalidError, match="United Kingdom: not on this call's list"):
        services.start_application(
            call=CallFactory(), organisation=organisation, by=lead_of(organisation)
        )


def test_start_is_refused_to_partner_cities():
    organisation = PartnerOrganisationFactory()
    with pytest.raises(InvalidError) as refusal:
        services.start_application(
            call=CallFactory(), organisation=organisation, by=lead_of(organisation)
        )
    assert refusal.value.code == "partner_side"


def test_start_is_refused_once_closed():
    organisation = OrganisationFactory()
    with pytest.raises(WrongStateError) as refusal:
        services.start_application(
            call=ClosedCallFactory(), organisation=organisation, by=lead_of(organisation)
        )
    assert refusal.value.code == "call_closed"


def contacts(application, person, **values):
    return services.save_contacts(
        application=application,
        by=person,
        **{
            "read_version": application.version,
            "contact_name": "Ana",
            "contact_email": "ana@city.example",
            "signatory_name": "The Mayor",
            **values,
        },
    )


def test_save_contacts_counts_the_version_and_feeds_the_search():
    application = ApplicationFactory()
    saved = contacts(application, lead_of(application.organisation))
    assert saved.version == application.version + 1
    assert "ana" in saved.search_text


def test_save_from_a_stale_page_is_refused_with_what_is_stored():
    application = ApplicationFactory()
    person = lead_of(application.organisation)
    contacts(application, person)
    with pytest.raises(StaleError) as refusal:
        contacts(application, person, contact_name="Luka")
    assert refusal.value.current["contact_name"] == "Ana"
    assert refusal.value.version == application.version + 1


def test_saving_the_same_twice_is_no_conflict():
    application = ApplicationFactory()
    person = lead_of(application.organisation)
    contacts(application, person)
    contacts(application, person)
    application.refresh_from_db()
    assert application.version == 2


def test_save_is_refused_once_closed_and_keeps_the_draft():
    application = ApplicationFactory()
    person = lead_of(application.organisation)
    late = application.call.closes_at + dt.timedelta(seconds=1)
    with time_machine.travel(late, tick=False), pytest.raises(WrongStateError) as refusal:
        contacts(application, person)
    assert "Your draft is kept" in refusal.value.message
    application.refresh_from_db()
    assert application.is_draft


def test_save_in_the_closing_second_is_in():
    application = ApplicationFactory()
    person = lead_of(application.organisation)
    moment = application.call.closes_at + dt.timedelta(microseconds=900_000)
    with time_machine.travel(moment, tick=False):
        assert contacts(application, person).contact_name == "Ana"


def test_save_is_refused_once_sent():
    application = SubmittedApplicationFactory()
    with pytest.raises(WrongStateError) as refusal:
        contacts(application, lead_of(application.organisation))
    assert refusal.value.code == "sent"


def test_save_is_refused_to_viewers():
    application = ApplicationFactory()
    with pytest.raises(NotAllowedError):
        contacts(application, lead_of(application.organisation, MembershipRole.VIEWER))


def applicant(application, person, kind):
    return services.save_applicant(
        application=application,
        kind=kind,
        exception_reason="Many visitors.",
        read_version=application.version,
        by=person,
    )


def test_save_applicant_keeps_kind_and_reason():
    application = ApplicationFactory()
    saved = applicant(application, lead_of(application.organisation), ApplicantKind.GROUP)
    assert (saved.kind, saved.exception_reason) == ("group", "Many visitors.")


def test_one_city_is_refused_while_several_are_named():
    application = GroupApplicationFactory()
    MunicipalityFactory(application=application)
    with pytest.raises(InvalidError) as refusal:
        applicant(application, lead_of(application.organisation), ApplicantKind.SINGLE)
    assert refusal.value.field == "kind"


def test_preferences_are_of_the_calls_lists():
    theme, other = ThemeFactory(), ThemeFactory()
    application = ApplicationFactory(call=CallFactory(themes=[theme]))
    person = lead_of(application.organisation)
    india = PartnerCountryFactory()
    saved = services.save_preferences(
        application=application,
        themes=[theme],
        partner_countries=[india],
        read_version=application.version,
        by=person,
    )
    assert list(saved.themes.all()) == [theme]
    assert list(saved.partner_countries.all()) == [india]
    with pytest.raises(InvalidError) as refusal:
        services.save_preferences(
            application=application,
            themes=[other],
            partner_countries=[],
            read_version=saved.version,
            by=person,
        )
    assert refusal.value.field == "themes"
    with pytest.raises(InvalidError) as refusal:
        services.save_preferences(
            application=application,
            themes=[theme],
            partner_countries=[CountryFactory()],
            read_version=saved.version,
            by=person,
        )
    assert refusal.value.field == "partner_countries"


def test_application_was_last_saved_with_its_newest_answer_or_detail():
    application = ApplicationFactory()
    assert Application.objects.with_last_saved().get().last_saved_at == application.saved_at
    answer = Answer.objects.create(
        response=application.response,
        question=Question.objects.filter(section__version=application.response.version).first(),
        saved_at=application.saved_at - dt.timedelta(days=1),
    )
    assert Application.objects.with_last_saved().get().last_saved_at == application.saved_at
    answer.saved_at = application.saved_at + dt.timedelta(days=1)
    answer.save()
    assert Application.objects.with_last_saved().get().last_saved_at == answer.saved_at


def test_section_is_saved_and_moves_the_saved_time():
    application = ApplicationFactory(saved_at=timezone.now() - dt.timedelta(days=1))
    before = application.saved_at
    saved = services.save_section(
        application=application,
        answers=[("why", "Because.", 0), ("where", "Here.", 0)],
        by=lead_of(application.organisation),
    )
    assert [answer.value for answer in saved.answers] == ["Because.", "Here."]
    assert Application.objects.with_last_saved().get().last_saved_at > before
    written = events_of(application).filter(verb="application.section_written")
    assert {event.details["section"] for event in written} == {"first", "second"}


def test_section_saved_as_it_stands_leaves_no_line():
    application = ApplicationFactory()
    person = lead_of(application.organisation)
    services.save_section(application=application, answers=[("why", "", 0)], by=person)
    assert not events_of(application).filter(verb="application.section_written").exists()


def test_section_from_a_stale_page_gives_both_texts():
    application = ApplicationFactory()
    person = lead_of(application.organisation)
    services.save_section(application=application, answers=[("why", "First.", 0)], by=person)
    saved = services.save_section(
        application=application, answers=[("why", "Second.", 0)], by=person
    )
    [conflict] = saved.conflicts
    assert (conflict.answer.value, conflict.mine) == ("First.", "Second.")


# Municipalities ---------------------------------------------------------------------


@pytest.fixture
def group():
    application = GroupApplicationFactory(lead={"name": "Dubrovnik", "population": 42_615})
    return application, lead_of(application.organisation)


def add(group, name="Župa Dubrovačka", **values):
    application, person = group
    return services.add_municipality(
        application=application,
        name=name,
        by=person,
        **{
            "population": 8_331,
            "population_year": 2011,
            "population_source": "census",
            **values,
        },
    )


def test_add_municipality(group):
    added = add(group)
    assert (added.name, added.population, added.is_lead) == ("Župa Dubrovačka", 8_331, False)
    assert added.country.code == "HR"
    assert "zupa dubrovacka" in Application.objects.get().search_text


@pytest.mark.parametrize("name", ["Dubrovnik", "  dubrovnik ", "DUBROVNÍK"])
def test_same_municipality_twice_is_refused_by_name(group, name):
    with pytest.raises(InvalidError, match="Dubrovnik is already named") as refusal:
        add(group, name)
    assert refusal.value.code == "same_municipality"


def test_same_city_under_another_name_is_refused(group):
    city = CityFactory(name="Mlini")
    add(group, "Župa Dubrovačka", city=city)
    with pytest.raises(InvalidError, match="Mlini is already named .* as Župa Dubrovačka"):
        add(group, "Mlini", city=city)


def test_member_of_another_country_is_refused_by_name(group):
    abroad = CountryFactory(code="ME", name="Montenegro")
    with pytest.raises(InvalidError) as refusal:
        add(group, "Herceg Novi", country=abroad)
    assert "Herceg Novi is in Montenegro and Dubrovnik in Croatia" in refusal.value.message
    assert refusal.value.field == "country"


def test_same_name_in_another_country_counts_as_another_place():
    spain, france = (
        CountryFactory(code="ES", name="Spain"),
        CountryFactory(code="FR", name="France"),
    )
    for country in (spain, france):
        organisation = OrganisationFactory(country=country)
        application = GroupApplicationFactory(
            organisation=organisation, lead={"name": f"Seat of {country}"}
        )
        add((application, lead_of(organisation)), "Valence", country=country)
    assert Application.objects.filter(municipalities__name="Valence").count() == 2


@pytest.mark.parametrize("year", [1989, 2999])
def test_year_of_the_figure_is_checked(group, year):
    with pytest.raises(InvalidError) as refusal:
        add(group, population_year=year)
    assert refusal.value.field == "population_year"


@pytest.mark.parametrize(("zone", "is_taken"), [("Asia/Tokyo", True), ("Europe/Lisbon", False)])
def test_year_of_the_figure_may_have_begun_where_the_city_is(group, zone, is_taken):
    group[0].organisation.time_zone = zone
    group[0].organisation.save(update_fields=["time_zone"])
    call = group[0].call
    call.opens_at = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
    call.closes_at = dt.datetime(2027, 2, 1, tzinfo=dt.UTC)
    call.save(update_fields=["opens_at", "closes_at"])

    with time_machine.travel("2026-12-31 18:00+00:00", tick=False):
        if is_taken:
            assert add(group, population_year=2027).population_year == 2027
        else:
            with pytest.raises(InvalidError):
                add(group, population_year=2027)


def test_one_city_takes_no_second_municipality():
    application = ApplicationFactory()
    with pytest.raises(InvalidError) as refusal:
        add((application, lead_of(application.organisation)))
    assert refusal.value.code == "one_city"


def test_edit_municipality(group):
    added = add(group)
    changed = services.edit_municipality(
        municipality=added, by=group[1], population=9_000, population_year=2021
    )
    assert (changed.population, changed.name) == (9_000, "Župa Dubrovačka")


def test_edit_to_the_name_of_another_is_refused(group):
    with pytest.raises(InvalidError, match="already named"):
        services.edit_municipality(municipality=add(group), by=group[1], name="Dubrovnik")


def test_edit_from_a_stale_page_is_refused(group):
    added = add(group)
    with pytest.raises(StaleError) as refusal:
        services.edit_municipality(
            municipality=added, by=group[1], read_version=1, population=9_000
        )
    assert refusal.value.current == {"population": 8_331}


def test_remove_municipality(group):
    services.remove_municipality(municipality=add(group), by=group[1])
    assert [m.name for m in group[0].municipalities.all()] == ["Dubrovnik"]


@pytest.mark.parametrize(
    "write",
    [
        lambda row, by: services.remove_municipality(municipality=row, by=by),
        lambda row, by: services.edit_municipality(municipality=row, by=by, name="Nin"),
        lambda row, by: services.make_lead(municipality=row, by=by),
    ],
)
def test_municipality_that_a_colleague_removed_is_told_kindly(group, write):
    second = add(group)
    services.remove_municipality(municipality=second, by=group[1])
    with pytest.raises(WrongStateError, match="has removed this"):
        write(second, group[1])


def test_lead_cannot_leave_before_another_leads(group):
    second = add(group)
    first = group[0].municipalities.get(name="Dubrovnik")
    with pytest.raises(InvalidError) as refusal:
        services.remove_municipality(municipality=first, by=group[1])
    assert "Dubrovnik leads the application." in refusal.value.message
    services.make_lead(municipality=second, by=group[1])
    services.remove_municipality(municipality=first, by=group[1])
    assert [(m.name, m.is_lead) for m in group[0].municipalities.all()] == [
        ("Župa Dubrovačka", True)
    ]
