"""The city's pages: one request per outcome."""

import datetime as dt
import errno
import re
from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from applications import services
from applications.forms.city import ContactsForm, MunicipalityForm
from applications.models import Application, Commitment
from applications.services import decide_eligibility
from core.files.models import StoredFile
from programme.calls.models import ReferenceCounter
from programme.models import CityName
from programme.organisations.models import Organisation
from programme.organisations.states import MembershipRole, OrganisationKind, Standing
from programme.places import name_key
from tests.factories.accounts import CoordinatorFactory, UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    CommitmentFactory,
    CriterionRulingFactory,
    GroupApplicationFactory,
    MunicipalityFactory,
    SubmittedApplicationFactory,
)
from tests.factories.files import PDF, StoredFileFactory
from tests.factories.programme import (
    CallCommitmentFactory,
    CallFactory,
    CityFactory,
    ClosedCallFactory,
    CountryFactory,
    DraftCallFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db

HOSTILE = "<b>Žu\u202epa</b> & {{7*7}} 🏖"


@pytest.fixture
def enter(sign_in):
    """Sign in as a member of the application's organisation."""

    def member(application, role=MembershipRole.LEAD):
        person = MembershipFactory(
            organisation=application.organisation,
            role=role,
            user__email="ana@city.example",
        ).user
        return sign_in(person)

    return member


def at(name, application, *more):
    return reverse(f"applications:{name}", args=[application.key, *more])


def page(client, url_name, application, *more):
    return client.get(at(url_name, application, *more))


def post(client, url_name, application, *more, **data):
    return client.post(at(url_name, application, *more), data)


def closing_soon():
    """A call that closes before the session does."""
    return CallFactory(closes_at=timezone.now().replace(microsecond=0) + dt.timedelta(hours=1))


def text(response):
    return response.content.decode()


# List and start ---------------------------------------------------------------------


def test_mine_lists_own_applications_and_open_calls(sign_in):
    call = CallFactory(title="City pairings")
    ClosedCallFactory(title="Long ago")
    application = ApplicationFactory(call=call)
    ApplicationFactory(organisation__name="Somewhere else")
    person = MembershipFactory(organisation=application.organisation).user
    words = text(sign_in(person).get(reverse("applications:mine")))
    assert application.organisation.name in words
    assert "Apply to City pairings" in words
    assert "Long ago" not in words
    assert "Somewhere else" not in words


def test_mine_of_a_newcomer_says_what_to_do(sign_in):
    words = text(sign_in(UserFactory()).get(reverse("applications:mine")))
    assert "No application yet" in words
    assert "No call is open now" in words


@pytest.mark.parametrize("number", [1, 3])
def test_mine_takes_the_same_queries_for_one_and_three(number, sign_in, django_assert_num_queries):
    organisation = OrganisationFactory()
    for _ in range(number):
        ApplicationFactory(organisation=organisation)
    client = sign_in(MembershipFactory(organisation=organisation).user)
    # Session, applications, what is passed on, expressions of interest, open calls, the menu.
    with django_assert_num_queries(6):
        assert client.get(reverse("applications:mine")).status_code == 200


def start(client, call, organisation=None):
    url = reverse("applications:start", args=[call.slug])
    return client.post(url, {"organisation": organisation.pk}) if organisation else client.get(url)


def test_start_leads_to_the_task_list(sign_in):
    organisation, call = OrganisationFactory(), CallFactory()
    client = sign_in(MembershipFactory(organisation=organisation).user)
    assert organisation.name in text(start(client, call))
    response = start(client, call, organisation)
    assert response.url == at("detail", Application.objects.get())


def test_search_for_ones_city_begins_with_the_name_that_was_checked(sign_in):
    url = reverse("applications:start", args=[CallFactory().slug])
    asked = {"kind": "municipality", "name": "Żory", "population": "60000"}
    page = sign_in(UserFactory()).get(url, asked).content.decode()
    assert f'{reverse("organisations:find")}?q=%C5%BBory"' in page


def test_start_offers_registration_to_who_has_no_city(sign_in):
    words = text(start(sign_in(UserFactory()), CallFactory()))
    assert "First, name your city" in words
    assert reverse("organisations:new_organisation") in words


def test_start_tells_a_region_where_it_can_apply(sign_in):
    CallFactory(title="Regions together", applicant_kinds=["region"])
    region = OrganisationFactory(kind=OrganisationKind.REGION)
    client = sign_in(MembershipFactory(organisation=region).user)
    response = start(client, CallFactory(), region)
    assert response.status_code == 422
    assert "You can apply to “Regions together”." in text(response)
    assert not Application.objects.exists()


def test_start_says_before_that_the_call_is_for_others(sign_in):
    call = CallFactory(applicant_kinds=["region"])
    words = text(start(sign_in(MembershipFactory().user), call))
    assert "Municipalities cannot apply to this call." in words
    assert "Start the application" not in words
    assert reverse("showcase:calls") in words


def test_what_was_begun_is_gone_on_with_and_not_applied_for_again(enter):
    application = ApplicationFactory()
    client = enter(application)
    for url in (
        reverse("applications:mine"),
        reverse("applications:start", args=[application.call.slug]),
    ):
        words = text(client.get(url))
        assert "Go on with your draft" in words
        assert f'href="{at("detail", application)}"' in words
        assert "Start the application" not in words
    apply = reverse("applications:start", args=[application.call.slug])
    assert apply not in text(client.get(reverse("applications:mine")))


def test_figure_without_source_and_year_is_asked_for_these_alone(enter):
    application = ApplicationFactory()
    lead = application.municipalities.get()
    application.municipalities.update(
        population=150_000, population_year=None, population_source=""
    )
    client = enter(application)
    words = text(page(client, "applicant", application))
    assert "You can still apply" not in words
    assert f"Add source and year of {lead.name}" in words
    overview = text(page(client, "detail", application))
    assert f"The number of inhabitants of {lead.name} needs a source and a year." in overview


def test_start_for_a_foreign_organisation_is_no_choice(sign_in):
    MembershipFactory(user=(person := UserFactory()))
    response = start(sign_in(person), CallFactory(), OrganisationFactory())
    assert not Application.objects.exists()
    assert response.status_code == 422
    assert "<title>Error: " in text(response)


def test_start_of_a_closed_call_says_when_it_was_open(sign_in):
    client = sign_in(MembershipFactory().user)
    assert "takes no applications now" in text(start(client, ClosedCallFactory()))


def test_start_of_a_draft_call_does_not_exist(sign_in):
    assert start(sign_in(UserFactory()), DraftCallFactory()).status_code == 404


# Task list --------------------------------------------------------------------------


def test_task_list_says_what_is_missing(enter):
    application = GroupApplicationFactory()
    MunicipalityFactory(application=application, name="Župa Dubrovačka")
    words = text(page(enter(application), "detail", application))
    assert "4 of 8 sections complete" in words
    assert "Opens when sections 1 to 7 are complete." in words
    assert "Not yet open" in words
    assert "Župa Dubrovačka has not committed yet." in words
    assert "Not complete yet" in words
    assert "Not started" in words


@pytest.mark.parametrize("number", [1, 3])
def test_task_list_takes_the_same_queries_for_one_and_three_municipalities(
    number, enter, django_assert_num_queries
):
    application = GroupApplicationFactory()
    for _ in range(number):
        MunicipalityFactory(application=application)
    client = enter(application)
    with django_assert_num_queries(9):
        assert page(client, "detail", application).status_code == 200


@pytest.mark.parametrize(
    ("name", "most"),
    # All that is sent stands on the last one.
    [("detail", 15), ("applicant", 15), ("contacts", 15), ("preferences", 15), ("check", 15)],
)
def test_pages_of_a_draft_take_few_queries(name, most, enter, django_assert_max_num_queries):
    application = ApplicationFactory(themes=[ThemeFactory()])
    client = enter(application)
    # What the questionnaire asks is read once.
    page(client, name, application)
    with django_assert_max_num_queries(most):
        assert page(client, name, application).status_code == 200


def test_draft_address_leads_to_the_reference_once_sent(enter):
    application = SubmittedApplicationFactory()
    response = enter(application).get(reverse("applications:detail", args=[application.draft_key]))
    assert response.url == at("detail", application)


def test_task_list_of_a_closed_call_keeps_the_draft(enter):
    application = ApplicationFactory(call=ClosedCallFactory())
    words = text(page(enter(application), "detail", application))
    assert "The call is closed" in words
    assert "Your draft is kept" in words


# Editing ----------------------------------------------------------------------------


def contacts(**values):
    return {
        "version": 1,
        "contact_name": "Ana",
        "contact_email": "ana@city.example",
        "deputy_name": "Iva",
        "deputy_email": "iva@city.example",
        "signatory_name": "The Mayor",
        **values,
    }


def test_contacts_are_saved_and_lead_on(enter):
    application = ApplicationFactory()
    response = post(enter(application), "contacts", application, **contacts())
    assert response.url == at("section", application, "first")
    application.refresh_from_db()
    assert application.contact_name == "Ana"


def test_contacts_refused_keep_what_was_typed(enter):
    application = ApplicationFactory()
    response = post(
        enter(application), "contacts", application, **contacts(contact_email="ana at city")
    )
    words = text(response)
    assert response.status_code == 422
    assert "<title>Error: " in words
    assert 'value="ana at city"' in words
    assert "This is not an e-mail address." in words


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"deputy_email": "ANA@city.example"}, "deputy_email"),
        ({"deputy_name": "ana"}, "deputy_name"),
    ],
)
def test_second_contact_is_another_person(typed, field, enter):
    application = ApplicationFactory()
    response = post(enter(application), "contacts", application, **contacts(**typed))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    application.refresh_from_db()
    assert application.version == 1


def test_contacts_can_be_saved_before_a_second_one_is_found(enter):
    application = ApplicationFactory()
    client = enter(application)
    post(client, "contacts", application, **contacts(deputy_name="", deputy_email=""))
    words = text(client.get(at("detail", application)))
    assert "Name a second contact with an e-mail address" in words


def test_stale_contacts_show_both_versions_and_can_be_saved_again(enter):
    application = ApplicationFactory()
    client = enter(application)
    post(client, "contacts", application, **contacts(contact_name="Luka"))
    response = post(client, "contacts", application, **contacts(contact_name="Mara"))
    words = text(response)
    assert response.status_code == 409
    assert "Luka" in words
    assert 'value="Mara"' in words
    assert 'name="version" value="2"' in words
    again = post(client, "contacts", application, **contacts(contact_name="Mara", version=2))
    assert again.status_code == 302


def test_closed_call_keeps_what_was_typed(enter):
    application = ApplicationFactory(call=ClosedCallFactory())
    response = post(
        enter(application), "contacts", application, **contacts(contact_name="Typed late")
    )
    words = text(response)
    assert response.status_code == 409
    assert "The call closed on" in words
    assert 'value="Typed late"' in words
    application.refresh_from_db()
    assert application.contact_name == "Ana Kovačević"


@pytest.mark.parametrize("name", ["detail", "contacts"])
def test_closed_call_is_closed_on_its_day_and_not_until_it(enter, name):
    application = ApplicationFactory(call=ClosedCallFactory())
    words = re.sub(r"<[^>]+>", "", text(page(enter(application), name, application)))
    line = " ".join(words.split("Closed")[1].split())
    assert line.startswith("· ")
    assert "until" not in line[:40]


def test_call_that_is_over_took_applications(enter):
    application = ApplicationFactory(call=ClosedCallFactory())
    client = enter(application)
    address = reverse("applications:start", args=[application.call.slug])
    assert "It took applications from" in text(client.get(address))


def test_nothing_is_too_few_before_anything_is_typed(enter):
    application = ApplicationFactory(lead={"population": None})
    client = enter(application)
    words = text(page(client, "applicant", application))
    assert "No number of inhabitants yet" in words
    assert "Numbers still missing" in words
    for said_too_early in (
        "Below the rule",
        "more are needed",
        "0</span> inhabitants",
        "exception and",
    ):
        assert said_too_early not in words
    assert "No number of inhabitants yet" in text(page(client, "check", application))
    assert "staff decide on your exception" not in text(page(client, "check", application))


def test_part_of_the_numbers_is_not_below_the_rule(enter):
    application = GroupApplicationFactory(lead={"population": 50_000})
    MunicipalityFactory(application=application, population=None)
    words = text(page(enter(application), "applicant", application))
    assert "Numbers still missing" in words
    assert "Below the rule" not in words


def test_page_that_was_sent_meanwhile_gives_back_what_was_typed(enter):
    application = SubmittedApplicationFactory()
    response = post(
        enter(application), "contacts", application, **contacts(contact_name="Typed late")
    )
    assert response.status_code == 409
    assert "has been sent and takes no more changes" in text(response)
    assert 'value="Typed late"' in text(response)


def test_hostile_text_is_shown_as_text(enter):
    application = ApplicationFactory()
    client = enter(application)
    post(client, "contacts", application, **contacts(contact_name=HOSTILE))
    words = text(page(client, "check", application))
    assert "&lt;b&gt;Župa&lt;/b&gt; &amp; {{7*7}} 🏖" in words
    assert "\u202e" not in words


def test_ten_thousand_characters_are_refused_with_the_limit(enter):
    application = ApplicationFactory()
    response = post(
        enter(application), "contacts", application, **contacts(contact_name="x" * 10_000)
    )
    assert "at most 150 characters; you have 10000" in text(response)


def test_viewers_read_but_do_not_edit(enter):
    application = ApplicationFactory()
    client = enter(application, MembershipRole.VIEWER)
    assert page(client, "detail", application).status_code == 200
    assert page(client, "contacts", application).status_code == 403
    assert post(client, "contacts", application, **contacts()).status_code == 403


@pytest.mark.parametrize(
    ("role", "edits", "withdraws"),
    [("lead", True, True), ("editor", True, False), ("viewer", False, False)],
)
def test_draft_offers_only_what_the_person_may_do(enter, role, edits, withdraws):
    application = ApplicationFactory()
    client = enter(application, role)
    tasks, answers = (text(page(client, name, application)) for name in ("detail", "check"))
    team = reverse("organisations:team", args=[application.organisation.slug])
    for name in ("applicant", "contacts", "preferences"):
        assert (at(name, application) in tasks) is edits
        assert (at(name, application) in answers) is edits
    assert at("check", application) in tasks
    assert (at("withdraw", application) in tasks) is withdraws
    assert (f'{team}">' in tasks.split('class="people"')[1]) is withdraws


def test_member_removed_meanwhile_finds_nothing(enter):
    application = ApplicationFactory()
    client = enter(application)
    application.organisation.memberships.all().delete()
    before = application.contact_name
    assert post(client, "contacts", application, **contacts()).status_code == 404
    application.refresh_from_db()
    assert application.contact_name == before


def test_edit_pages_of_what_was_sent_lead_to_it(enter):
    application = SubmittedApplicationFactory()
    client = enter(application)
    for name in ("applicant", "contacts", "preferences", "municipality_add", "check"):
        assert page(client, name, application).url == at("detail", application)


def test_applicant_page_shows_total_rule_and_hint(enter):
    city = CityFactory(
        name="Dubrovnik", reference_population=26_922, reference_source="GeoNames, undated"
    )
    application = GroupApplicationFactory(
        lead={"name": "Dubrovnik", "population": 42_615, "city": city}
    )
    MunicipalityFactory(application=application, name="Župa Dubrovačka", population=8_331)
    words = text(page(enter(application), "applicant", application))
    for part in (
        '<span class="number">50,946</span> inhabitants',
        "49,055 more are needed",
        "For comparison: 26,922 in Dubrovnik (GeoNames, undated)",
        "Not asked yet",
        "Make lead",
    ):
        assert part in words


@pytest.mark.parametrize("number", [1, 3])
def test_applicant_page_takes_the_same_queries_for_one_and_three_members(
    number, enter, django_assert_num_queries
):
    application = GroupApplicationFactory()
    for _ in range(number):
        CommitmentFactory(municipality__application=application)
    client = enter(application)
    # Two of them look whether another application names the same places.
    with django_assert_num_queries(15):
        assert page(client, "applicant", application).status_code == 200


def test_applicant_page_counts_one_and_shows_no_year_as_a_dash(enter):
    application = GroupApplicationFactory(
        lead={"name": "Dubrovnik", "population": 100_000, "population_year": None}
    )
    words = text(page(enter(application), "applicant", application))
    assert "1 more is needed." in words
    assert "None" not in words


def test_applicant_choice_can_stay_on_the_page(enter):
    application = ApplicationFactory()
    response = post(enter(application), "applicant", application, kind="group", version=1, stay="1")
    assert response.url == at("applicant", application)
    application.refresh_from_db()
    assert application.kind == "group"


def municipality(**values):
    return {
        "name": "Župa Dubrovačka",
        "country": "HR",
        "population": "8 331",
        "population_year": "2011",
        "population_source": "Census",
        **values,
    }


def test_municipality_is_added(enter):
    application = GroupApplicationFactory()
    response = post(enter(application), "municipality_add", application, **municipality())
    added = application.municipalities.get(is_lead=False)
    assert response.url == f"{at('applicant', application)}#m{added.pk}"
    assert (added.name, added.population) == ("Župa Dubrovačka", 8_331)


def test_saving_the_applicant_adds_the_municipality_that_was_typed(enter):
    application = GroupApplicationFactory()
    client, sent = enter(application), {"kind": "group", "version": application.version}
    wrong = post(client, "applicant", application, **municipality(population="many"), **sent)
    assert wrong.status_code == 422
    assert "Not added yet: Župa Dubrovačka" in text(wrong)
    assert 'value="2011"' in text(wrong)
    assert post(client, "applicant", application, **municipality(), **sent).status_code == 302
    assert application.municipalities.get(is_lead=False).name == "Župa Dubrovačka"
    # Nothing is added for a country alone, which is filled in.
    assert post(client, "applicant", application, country="HR", **sent).status_code == 302


def test_chosen_place_brings_its_country_and_hint(enter):
    application = GroupApplicationFactory()
    city = CityFactory(name="Mlini")
    post(
        enter(application),
        "municipality_add",
        application,
        **municipality(name="Mlini", city_id=city.pk),
    )
    assert application.municipalities.get(is_lead=False).city == city


def test_place_that_the_name_does_not_say_is_not_taken(enter):
    application = GroupApplicationFactory()
    city = CityFactory(name="Mlini")
    post(enter(application), "municipality_add", application, **municipality(city_id=city.pk))
    assert application.municipalities.get(is_lead=False).city is None


@pytest.mark.parametrize(
    ("typed", "name", "is_chosen"),
    [
        ("Santa Cruz de la Sierra", "Santa Cruz de la Sierra", False),
        ("Santa Cru", "Santa Cru", False),
        ("santa crúz", "Santa Cruz", True),
    ],
)
def test_place_is_stored_as_it_was_typed_unless_it_is_the_chosen_one(typed, name, is_chosen, enter):
    application = GroupApplicationFactory()
    city = CityFactory(name="Santa Cruz")
    sent = municipality(name=typed, city_id=city.pk)
    post(enter(application), "municipality_add", application, **sent)
    added = application.municipalities.get(is_lead=False)
    assert (added.name, added.city == city) == (name, is_chosen)


@pytest.fixture
def lisbon():
    city = CityFactory(name="Lisbon", reference_population=517_802)
    for name in ("Lisboa", "里斯本"):
        CityName.objects.create(city=city, name=name, search_name=name_key(name))
    return city


@pytest.mark.parametrize("name", ["Lisbon", "LISBOA", "里斯本"])
def test_group_refuses_a_place_under_another_of_its_names(name, lisbon, enter):
    application = GroupApplicationFactory()
    client = enter(application)
    post(client, "municipality_add", application, **municipality(name="Lisboa"))
    assert application.municipalities.get(is_lead=False).city == lisbon
    response = post(client, "municipality_add", application, **municipality(name=name))
    assert "is already named in this application" in text(response)
    assert application.municipalities.count() == 2


def test_place_of_the_same_name_counts_once_its_province_is_added(lisbon, enter):
    application = GroupApplicationFactory()
    client = enter(application)
    post(client, "municipality_add", application, **municipality(name="Lisboa"))
    post(client, "municipality_add", application, **municipality(name="Lisboa, Zadar County"))
    assert application.municipalities.get(name="Lisboa, Zadar County").city is None


def test_other_name_of_the_chosen_place_stays_as_it_was_typed(lisbon, enter):
    application = GroupApplicationFactory()
    sent = municipality(name="Lisboa", city_id=lisbon.pk)
    post(enter(application), "municipality_add", application, **sent)
    added = application.municipalities.get(is_lead=False)
    assert (added.name, added.city) == ("Lisboa", lisbon)


def test_name_that_several_places_have_is_no_place_until_one_is_chosen(enter):
    application = GroupApplicationFactory()
    first, _second = CityFactory(name="Castro"), CityFactory(name="Castro")
    client = enter(application)
    post(client, "municipality_add", application, **municipality(name="Castro"))
    added = application.municipalities.get(is_lead=False)
    assert added.city is None
    application.refresh_from_db()
    sent = municipality(name="Castro", city_id=first.pk, version=application.version)
    post(client, "municipality_edit", application, added.pk, **sent)
    added.refresh_from_db()
    assert added.city == first


def test_lead_without_a_figure_is_missing_and_not_counted(enter):
    application = GroupApplicationFactory(lead={"population": None, "name": "Dubrovnik"})
    client = enter(application)
    post(client, "municipality_add", application, **municipality())
    html = text(client.get(at("applicant", application)))
    assert "So far:" in html
    assert "more are needed" not in html
    assert "The number of inhabitants of Dubrovnik is missing." in html


@pytest.mark.parametrize("typed", ["1e6", "-1", "1２3", "100.5", "1,00"])
def test_population_that_cannot_be_read_is_refused_and_kept(typed, enter):
    application = GroupApplicationFactory()
    response = post(
        enter(application), "municipality_add", application, **municipality(population=typed)
    )
    assert response.status_code == 422
    assert "104500" in text(response)
    assert f'value="{typed}"' in text(response)
    assert application.municipalities.count() == 1


@pytest.mark.parametrize("typed", ["100000", "100 000", "100\u00a0000", "100,000", "100.000"])
def test_population_is_never_another_number(typed, enter):
    application = GroupApplicationFactory()
    post(enter(application), "municipality_add", application, **municipality(population=typed))
    assert application.municipalities.get(is_lead=False).population == 100_000


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": "DUBROVNIK"}, "Dubrovnik is already named"),
        ({"name": "Dubrоvnik"}, "Dubrovnik is already named"),
        ({"name": "Herceg Novi", "country": "ME"}, "are of one country"),
        ({"population_year": "11"}, "four digits"),
        ({"population_year": "1812"}, "lies between 1990 and"),
        ({"name": ""}, 'href="#id_name"'),
        ({"population": ""}, 'href="#id_population"'),
    ],
)
def test_municipality_refused_says_why_and_keeps_the_rest(values, words, enter):
    montenegro = CountryFactory(code="ME", name="Montenegro")
    call = CallFactory(eligible_countries=[CountryFactory(), montenegro])
    application = GroupApplicationFactory(call=call, lead={"name": "Dubrovnik"})
    response = post(enter(application), "municipality_add", application, **municipality(**values))
    assert words in text(response)
    assert 'value="Census"' in text(response)


def test_municipality_is_changed(enter):
    application = GroupApplicationFactory()
    member = MunicipalityFactory(application=application)
    client = enter(application)
    assert "60,000" in text(page(client, "municipality_edit", application, member.pk))
    post(
        client,
        "municipality_edit",
        application,
        member.pk,
        **municipality(version=1, population="9.000"),
    )
    member.refresh_from_db()
    assert member.population == 9_000


def test_municipality_is_removed_after_asking(enter):
    application = GroupApplicationFactory()
    member = MunicipalityFactory(application=application, name="Konavle")
    client = enter(application)
    assert "Remove Konavle?" in text(page(client, "municipality_remove", application, member.pk))
    post(client, "municipality_remove", application, member.pk)
    assert application.municipalities.count() == 1


def test_lead_is_not_removed(enter):
    application = GroupApplicationFactory()
    lead = application.municipalities.get()
    client = enter(application)
    post(client, "municipality_remove", application, lead.pk)
    assert "Make another municipality the lead first" in text(
        page(client, "applicant", application)
    )


def test_municipality_of_another_application_is_not_found(enter):
    application, other = GroupApplicationFactory(), MunicipalityFactory()
    client = enter(application)
    for name in ("municipality_edit", "municipality_remove", "commitment_add"):
        assert page(client, name, application, other.pk).status_code == 404
    assert post(client, "make_lead", application, other.pk).status_code == 404


def test_another_municipality_leads(enter):
    application = GroupApplicationFactory()
    member = MunicipalityFactory(application=application)
    post(enter(application), "make_lead", application, member.pk)
    member.refresh_from_db()
    assert member.is_lead


def test_every_form_of_the_applicant_page_can_be_sent(enter):
    application = GroupApplicationFactory()
    MunicipalityFactory(application=application)
    text = page(enter(application), "applicant", application).content.decode()
    forms = re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL)
    assert any("/lead/" in form for form in forms)
    assert [form for form in forms if "csrfmiddlewaretoken" not in form] == []


def letter(content=PDF, name="Pismo “namjere”.pdf"):
    return {
        "file": SimpleUploadedFile(name, content),
        "signed_by_name": "Silvio",
        "signed_by_office": "Head",
        "signed_on": "2.3.2026",
    }


def test_letter_is_uploaded_and_handed_out_as_a_download(enter):
    application = GroupApplicationFactory()
    member = MunicipalityFactory(application=application)
    client = enter(application)
    assert post(client, "commitment_add", application, member.pk, **letter()).status_code == 302
    response = page(client, "commitment_file", application, member.pk)
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Pismo%20")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_page_of_a_letter_opens_without_errors(enter):
    application = GroupApplicationFactory()
    member = MunicipalityFactory(application=application)
    response = page(enter(application), "commitment_add", application, member.pk)
    assert not response.context["form"].is_bound
    assert "data-error-summary" not in response.content.decode()


def test_letter_is_kept_when_another_field_is_wrong(enter):
    application = GroupApplicationFactory()
    member = MunicipalityFactory(application=application)
    client = enter(application)
    response = post(
        client, "commitment_add", application, member.pk, **{**letter(), "signed_on": "soon"}
    )
    assert "is kept. Choose a file only to send another one." in text(response)
    held = response.context["form"]["held"].value()

    again = {**letter(), "held": held}
    del again["file"]
    assert post(client, "commitment_add", application, member.pk, **again).status_code == 302
    assert Commitment.objects.get(municipality=member).file.key == held


def test_letter_that_another_person_holds_is_not_taken(enter):
    application = GroupApplicationFactory()
    member = MunicipalityFactory(application=application)
    foreign = StoredFileFactory(by=UserFactory())
    data = {**letter(), "held": foreign.key}
    del data["file"]
    response = post(enter(application), "commitment_add", application, member.pk, **data)
    assert "Choose the file with the signed letter." in text(response)
    assert not Commitment.objects.exists()


def test_letter_that_waited_too_long_is_asked_for_again(enter, monkeypatch):
    application = GroupApplicationFactory()
    member = MunicipalityFactory(application=application)
    add_commitment = services.add_commitment

    def swept_just_before(**values):
        StoredFile.objects.all().delete()
        return add_commitment(**values)

    monkeypatch.setattr(services, "add_commitment", swept_just_before)

    response = post(enter(application), "commitment_add", application, member.pk, **letter())

    assert "The file you had chosen waited too long and is gone." in text(response)
    assert 'value="Silvio"' in text(response)
    assert "is kept" not in text(response)
    assert not response.context["form"]["held"].value()
    assert not Commitment.objects.exists()


def test_full_disk_is_told_and_loses_nothing(enter, monkeypatch, settings):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    application = GroupApplicationFactory()
    member = MunicipalityFactory(application=application)
    client = enter(application)
    monkeypatch.setattr(Path, "rename", full)
    response = post(client, "commitment_add", application, member.pk, **letter())
    assert "The portal could not keep the file" in text(response)
    assert 'value="Silvio"' in text(response)
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"<html>", "This is not a PDF, PNG, JPEG or P7M file."),
        (PDF + b"x" * 3000, "The file has 0.1 MB; at most"),
    ],
)
def test_other_files_are_refused_with_what_to_send(content, words, enter, settings):
    settings.UPLOAD_MAX_BYTES = 2000
    application = GroupApplicationFactory()
    member = MunicipalityFactory(application=application)
    response = post(enter(application), "commitment_add", application, member.pk, **letter(content))
    assert response.status_code == 422
    assert words in text(response)
    assert 'value="Silvio"' in text(response)


def test_letter_is_hidden_from_others_and_from_staff_before_sending(enter, sign_in, settings):
    settings.DEMO = True  # Staff need no second factor.
    letter_on_file = CommitmentFactory(municipality__application=GroupApplicationFactory())
    application = letter_on_file.municipality.application
    arguments = ("commitment_file", application, letter_on_file.municipality_id)
    assert page(enter(application), *arguments).status_code == 200
    for person in (UserFactory(), CoordinatorFactory(), MembershipFactory().user):
        assert page(sign_in(person), *arguments).status_code == 404


def test_missing_file_is_not_found(enter, settings):
    commitment = CommitmentFactory(municipality__application=GroupApplicationFactory())
    default_storage.delete(commitment.file.path)
    application = commitment.municipality.application
    response = page(enter(application), "commitment_file", application, commitment.municipality_id)
    assert response.status_code == 404


def test_preferences_are_saved(enter):
    theme, india = ThemeFactory(), PartnerCountryFactory()
    application = ApplicationFactory(call=CallFactory(themes=[theme]))
    response = post(
        enter(application),
        "preferences",
        application,
        themes=[theme.pk],
        partner_countries=[india.pk],
        version=1,
    )
    assert response.url == at("profile", application)
    assert list(application.themes.all()) == [theme]


def test_what_a_call_stops_to_offer_reopens_the_draft_and_says_so(enter):
    kept, gone, india = ThemeFactory(), ThemeFactory(name="Ports"), PartnerCountryFactory()
    call = CallFactory(themes=[kept, gone], partner_countries=[india])
    application = ApplicationFactory(call=call, topic=False)
    client = enter(application)
    wishes = {"themes": [gone.pk], "partner_countries": [india.pk]}
    post(client, "preferences", application, version=1, **wishes)
    call.themes.remove(gone)
    call.partner_countries.remove(india)
    for name in ("detail", "preferences", "check"):
        assert "no longer offers “Ports”" in text(page(client, name, application))
    assert f"no longer offers “{india.name}”" in text(page(client, "preferences", application))
    post(client, "preferences", application, version=2, themes=[kept.pk])
    assert "no longer offers" not in text(page(client, "detail", application))
    assert list(application.themes.all()) == [kept]
    assert not application.partner_countries.exists()


def test_call_that_stops_to_offer_themes_reopens_the_draft(enter):
    gone = ThemeFactory(name="Ports")
    call = CallFactory(themes=[gone])
    application = ApplicationFactory(call=call)
    application.themes.add(gone)
    call.themes.clear()
    client = enter(application)
    assert "no longer offers “Ports”" in text(page(client, "detail", application))
    assert post(client, "preferences", application, version=1).status_code == 302
    assert not application.themes.exists()


# The call's own questions -----------------------------------------------------------


def answers(**values):
    return {"why": "Because.", "version_why": 0, "more": "", "version_more": 0, **values}


def test_section_is_saved_and_leads_on(enter):
    application = ApplicationFactory()
    response = post(enter(application), "section", application, "first", **answers())
    assert response.url == at("stakeholders", application)


def test_section_with_gaps_saves_the_rest_and_names_them(enter):
    application = ApplicationFactory()
    response = post(
        enter(application),
        "section",
        application,
        "first",
        **answers(why="", more="Something."),
    )
    assert "<title>Error: " in text(response)
    assert 'href="#id_why"' in text(response)
    [answer] = application.response.answers.all()
    assert answer.value == "Something."
    assert 'name="version_more" value="1"' in text(response)


def test_section_from_a_stale_page_shows_both_texts_and_saves_the_choice(enter):
    application = ApplicationFactory()
    client = enter(application)
    post(client, "section", application, "first", **answers(why="Mine was first."))
    response = post(client, "section", application, "first", **answers(why="Mine is newer."))
    assert response.status_code == 409
    assert "Mine was first." in text(response)
    assert "Mine is newer." in text(response)
    decided = post(
        client,
        "section",
        application,
        "first",
        do="mine",
        mine_why="Mine is newer.",
        base_why="",
        version_why=1,
        result_why="",
    )
    assert decided.url == at("section", application, "first")
    assert application.response.answers.get().value == "Mine is newer."


def test_section_of_a_closed_call_keeps_what_was_typed(enter):
    application = ApplicationFactory(call=ClosedCallFactory())
    response = post(
        enter(application), "section", application, "first", **answers(why="Typed late.")
    )
    assert response.status_code == 409
    assert "Typed late." in text(response)
    assert not application.response.answers.exists()


def test_unknown_section_is_not_found(enter):
    application = ApplicationFactory()
    client = enter(application)
    assert page(client, "section", application, "nowhere").status_code == 404
    assert post(client, "section_save", application, "nowhere").status_code == 404


def test_autosave_answers_with_the_new_versions(enter):
    application = ApplicationFactory()
    response = post(enter(application), "section_save", application, "first", **answers())
    data = response.json()
    assert response.status_code == 200
    assert "Saved" in data["html"]
    assert 'name="version_why" value="1"' in data["swap"]["answer-versions"]


def test_autosave_takes_few_queries_however_many_applications(enter, django_assert_num_queries):
    application = ApplicationFactory()
    client = enter(application)
    post(client, "section_save", application, "first", **answers(why="First."))
    for version, number in ((1, 0), (2, 3)):
        ApplicationFactory.create_batch(number, call=application.call)
        sent = answers(why=f"Text {version}.") | {"version_why": version}

        with django_assert_num_queries(8):
            response = post(client, "section_save", application, "first", **sent)

        assert response.status_code == 200
        assert application.response.answers.get().version == version + 1


def test_autosave_of_a_too_long_answer_saves_all(enter):
    application = ApplicationFactory()
    response = post(
        enter(application), "section_save", application, "first", **answers(more="x" * 1001)
    )
    assert "1 answer to put right" in response.json()["html"]
    stored = {a.question.key: a.value for a in application.response.answers.all()}
    assert stored == {"why": "Because.", "more": "x" * 1001}


def test_autosave_from_a_stale_page_is_a_conflict(enter):
    application = ApplicationFactory()
    client = enter(application)
    post(client, "section_save", application, "first", **answers(why="First."))
    response = post(client, "section_save", application, "first", **answers(why="Second."))
    assert response.status_code == 409
    assert "See both texts" in response.json()["html"]
    assert 'name="version_why" value="0"' in response.json()["swap"]["answer-versions"]
    assert application.response.answers.get().value == "First."


def test_autosave_after_closing_says_so(enter):
    application = ApplicationFactory(call=closing_soon())
    client = enter(application)
    late = application.call.closes_at + dt.timedelta(seconds=1)
    with time_machine.travel(late, tick=False):
        response = post(client, "section_save", application, "first", **answers())
    assert response.status_code == 410
    assert "Your draft is kept" in response.json()["html"]


def test_autosave_after_sending_says_so(enter):
    application = ApplicationFactory()
    client = enter(application)
    Application.objects.filter(pk=application.pk).update(
        status="submitted", reference="C2C-9", submitted_at=application.created_at
    )
    response = post(client, "section_save", application, "first", **answers())
    assert response.status_code == 410
    assert "has been sent" in response.json()["html"]


# Check and send ---------------------------------------------------------------------


@pytest.fixture
def complete(enter):
    """A draft with nothing missing, and the client of its lead."""
    application = ApplicationFactory(call=closing_soon())
    CallCommitmentFactory(call=application.call, text="Sign the agreement.")
    client = enter(application)
    person = application.organisation.memberships.get().user
    services.save_section(
        application=application,
        answers=[("why", "Because.", 0), ("where", "Here.", 0)],
        by=person,
    )
    return application, client


DECLARED = {"correct": "on", "commitments": "on", "people": "on"}


def declared(client, application):
    """Return what the page of the answers sends, as its reader saw them."""
    form = page(client, "check", application).context["form"]
    return DECLARED | {name: form[name].value() for name in ("shown", "rows")}


def test_check_page_shows_everything_with_links_to_change_it(complete):
    application, client = complete
    words = text(page(client, "check", application))
    for part in ("Because.", "120,000 inhabitants, declared", "Send the application"):
        assert part in words
    assert at("section", application, "first") in words


def test_what_waits_for_the_unit_is_said_before_anything_is_declared(complete):
    application, client = complete
    own = Organisation.objects.filter(pk=application.organisation_id)
    own.update(standing=Standing.TO_CONFIRM)
    for name in ("applications:detail", "applications:check"):
        words = client.get(reverse(name, args=[application.key])).content.decode()
        assert "has not confirmed yet" in words
        assert reverse("applications:extension", args=[application.key]) in words
        assert "declare and send it" not in words
        assert "Send the application" not in words
        assert "Ready to send" not in words
    assert "has not confirmed yet" in client.get(reverse("homes:workspace")).content.decode()


def test_check_page_of_a_gap_says_what_is_missing(enter):
    application = ApplicationFactory()
    words = text(page(enter(application), "check", application))
    assert "Not ready to send" in words
    assert "“Why?” has no answer yet." in words
    assert "Send the application" not in words


def test_check_page_tells_an_editor_who_sends(complete, sign_in):
    application, _client = complete
    editor = MembershipFactory(
        organisation=application.organisation, role=MembershipRole.EDITOR
    ).user
    assert "Only a lead of your organisation can send" in text(
        page(sign_in(editor), "check", application)
    )


def test_sending_needs_the_declarations(complete):
    application, client = complete
    response = post(client, "submit", application, correct="on")
    assert "Accept what those who are chosen commit to." in text(response)
    application.refresh_from_db()
    assert application.is_draft


def test_sending_ten_times_lands_on_one_receipt(complete, mailoutbox):
    application, client = complete
    values = declared(client, application)
    urls = {post(client, "submit", application, **values).url for _ in range(10)}
    application.refresh_from_db()
    assert urls == {at("sent", application)}
    assert [mail.to[0] for mail in mailoutbox] == ["ana@city.example", "iva@city.example"]
    assert ReferenceCounter.objects.get(prefix=application.call.code).last == 1
    words = text(client.get(urls.pop()))
    assert application.reference in words
    assert "A receipt is on its way to ana@city.example, iva@city.example." in words


def test_what_a_colleague_changed_meanwhile_is_shown_before_it_is_sent(complete):
    application, client = complete
    seen = declared(client, application)
    services.save_section(
        application=application,
        answers=[("why", "For another reason.", 1)],
        by=application.organisation.memberships.get().user,
    )
    response = post(client, "submit", application, **seen)
    assert response.status_code == 409
    words = text(response)
    assert "Nothing is sent yet" in words
    assert words.count("Changed just now") == 1
    assert "For another reason." in words
    assert "checked" not in words
    application.refresh_from_db()
    assert application.is_draft
    form = response.context["form"]
    again = DECLARED | {name: form[name].value() for name in ("shown", "rows")}
    assert post(client, "submit", application, **again).status_code == 302
    application.refresh_from_db()
    assert "For another reason." in str(application.submissions.get().snapshot)


def test_nothing_is_sent_that_was_not_shown(complete):
    application, client = complete
    assert post(client, "submit", application, **DECLARED).status_code == 409
    application.refresh_from_db()
    assert application.is_draft


def test_sending_late_is_refused_and_keeps_the_draft(complete):
    application, client = complete
    with time_machine.travel(application.call.closes_at + dt.timedelta(seconds=1), tick=False):
        response = post(client, "submit", application, **DECLARED)
    assert response.status_code == 409
    assert "The call closed on" in text(response)
    application.refresh_from_db()
    assert application.is_draft


def test_sending_with_a_gap_is_refused_by_name(enter):
    application = ApplicationFactory()
    response = post(enter(application), "submit", application, **DECLARED)
    assert response.status_code == 422
    assert "“Why?” has no answer yet." in text(response)


def test_fields_nobody_asked_for_are_ignored(complete):
    application, client = complete
    values = declared(client, application)
    post(client, "submit", application, **values, status="accepted", reference="X-1")
    application.refresh_from_db()
    assert application.status == "submitted"
    assert application.reference == f"{application.call.code}-0001"


def test_what_was_sent_can_be_read(complete):
    application, client = complete
    post(client, "submit", application, **declared(client, application))
    application.refresh_from_db()
    words = text(page(client, "detail", application))
    assert "Sent, being checked" in words
    assert "Because." in words


def test_released_reason_is_shown_and_another_is_not(enter):
    application = SubmittedApplicationFactory()
    CriterionRulingFactory(application=application, reason="Shown.", released=True)
    CriterionRulingFactory(application=application, criterion="room", reason="Hidden.")
    client = enter(application)
    assert "Shown." not in text(page(client, "detail", application))
    decide_eligibility(application=application, eligible=True, by=CoordinatorFactory())
    words = text(page(client, "detail", application))
    assert "Shown." in words
    assert "Hidden." not in words


def test_receipt_of_a_draft_leads_to_the_draft(enter):
    application = ApplicationFactory()
    assert page(enter(application), "sent", application).url == at("detail", application)


def test_withdrawing_asks_and_then_does_it(enter):
    application = SubmittedApplicationFactory()
    client = enter(application)
    assert "Withdraw this application?" in text(page(client, "withdraw", application))
    response = post(client, "withdraw", application, reason="No staff.")
    assert response.url == at("detail", application)
    application.refresh_from_db()
    assert application.status == "withdrawn"


def test_withdrawing_a_decided_application_is_refused(enter):
    application = SubmittedApplicationFactory(status="accepted")
    client = enter(application)
    assert page(client, "withdraw", application).url == at("detail", application)
    response = post(client, "withdraw", application)
    assert response.status_code == 409
    assert "has been decided" in text(response)


@pytest.mark.parametrize(("role", "offered"), [("lead", True), ("viewer", False)])
def test_withdrawing_is_offered_to_who_may_do_it(enter, role, offered):
    application = SubmittedApplicationFactory()
    client = enter(application, role)
    for name in ("detail", "sent"):
        assert (at("withdraw", application) in text(page(client, name, application))) is offered


def test_address_beyond_what_is_stored_is_refused_in_words():
    """PostgreSQL would refuse it with an error page."""
    application = ApplicationFactory()
    values = {"contact_email": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.example"}
    assert "254" in ContactsForm(values).errors["contact_email"][0]
    form = MunicipalityForm(application, values)
    assert "254" in form.errors["contact_email"][0]
