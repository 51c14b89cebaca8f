import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.states import StaffRole
from core.trail.selectors import events_of
from programme.calls.models import Call
from programme.calls.states import CallStatus
from programme.organisations.models import Organisation
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
    UserFactory,
)
from tests.factories.calls import ready_call
from tests.factories.programme import (
    CallFactory,
    CityFactory,
    CountryFactory,
    DraftCallFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
    StrandFactory,
)
from tests.programme.test_call_forms import typed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


def url(name, *args):
    room = "calls" if "call" in name else "organisations"
    return reverse(f"{room}:{name}", args=args)


@pytest.fixture
def staff(sign_in):
    """A client signed in as a coordinator."""
    return sign_in(CoordinatorFactory())


# Calls ------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
def test_call_list_asks_the_same_number_of_queries(staff, rows, django_assert_max_num_queries):
    CallFactory.create_batch(rows)
    staff.get(url("staff_calls"))
    with django_assert_max_num_queries(11):
        assert staff.get(url("staff_calls")).status_code == 200


def test_call_list_without_calls_says_what_to_do(staff):
    assert "No call yet" in staff.get(url("staff_calls")).content.decode()


def test_new_call_ticks_no_part_off(staff):
    html = staff.get(url("staff_call_new")).content.decode()
    parts = html.partition('<nav class="contents"')[2].partition("</nav>")[0]
    assert "#basics" in parts
    assert "<svg" not in parts


def test_call_is_drafted(staff):
    response = staff.post(url("staff_call_new"), typed())
    call = Call.objects.get()
    assert response["Location"] == url("staff_call", call.slug)
    assert call.status == CallStatus.DRAFT


def test_call_with_errors_is_shown_again_with_what_was_typed(staff):
    data = typed(title="", summary="<i>Two sentences</i>", min_population="1e6")
    response = staff.post(url("staff_call_new"), data)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Enter the title of the call." in html
    assert "&lt;i&gt;Two sentences&lt;/i&gt;" in html
    assert "<title>Error:" in html
    assert 'href="#id_min_population"' in html


def test_call_in_a_skipped_hour_is_shown_again(staff):
    data = typed(opens_day="2026-03-29", opens_time="02:30")
    html = staff.post(url("staff_call_new"), data).content.decode()
    assert "does not exist" in html
    assert 'value="02:30"' in html


def test_call_in_a_doubled_hour_shows_the_question(staff):
    data = typed(opens_day="2026-10-25", opens_time="02:30")
    html = staff.post(url("staff_call_new"), data).content.decode()
    assert "The second time, in winter time (UTC+1)" in html


def test_code_of_another_call_is_refused_at_its_field(staff):
    CallFactory(code="C2C-2026")
    response = staff.post(url("staff_call_new"), typed())
    assert response.status_code == 422
    assert "Another call has the code C2C-2026" in response.content.decode()


def test_stale_call_is_shown_with_what_was_typed(staff):
    call = DraftCallFactory(version=5)
    data = typed(code=call.code, title="Typed in vain?", version="4")
    response = staff.post(url("staff_call", call.slug), data)
    html = response.content.decode()
    assert response.status_code == 409
    assert "This call was saved while you were editing" in html
    assert 'value="Typed in vain?"' in html
    assert 'name="version" value="5"' in html


def test_stale_call_names_no_reason_as_stored(staff):
    call = CallFactory(version=5)
    data = typed(strand=call.strand_id, code=call.code, title="Mine", version="4", reason="Wider.")
    html = staff.post(url("staff_call", call.slug), data).content.decode()
    stale = html.split("Saved now, where it differs", 1)[1].split("Change your text", 1)[0]
    assert call.title in stale
    assert "Why does the call change?" not in stale


def test_stale_call_that_is_sent_again_is_saved(staff):
    call = DraftCallFactory(version=5)
    data = typed(code=call.code, title="Compared by now", version="4")
    staff.post(url("staff_call", call.slug), data)
    response = staff.post(url("staff_call", call.slug), data | {"version": "5"})
    assert response.status_code == 302
    call.refresh_from_db()
    assert (call.title, call.version) == ("Compared by now", 6)


def test_published_call_asks_for_a_reason(staff):
    call = CallFactory()
    data = typed(strand=call.strand_id, version="1")
    response = staff.post(url("staff_call", call.slug), data)
    assert response.status_code == 422
    assert "Say why the published call changes." in response.content.decode()
    response = staff.post(url("staff_call", call.slug), data | {"reason": "Decided."})
    assert response.status_code == 302
    assert events_of(call).first().reason == "Decided."


def test_observer_reads_a_call_and_cannot_save(sign_in):
    call = CallFactory()
    client = sign_in(ObserverFactory())
    html = client.get(url("staff_call", call.slug)).content.decode()
    assert "disabled" in html
    assert "Save the changes" not in html
    assert client.post(url("staff_call", call.slug), typed()).status_code == 403


@pytest.mark.parametrize("factory", [DeskFactory, AssessorFactory, ObserverFactory])
def test_only_coordinators_draft_calls(sign_in, factory):
    assert sign_in(factory()).get(url("staff_call_new")).status_code == 403


def test_publishing_asks_first(staff):
    call = ready_call()
    page = url("staff_call_publish", call.slug)
    assert "Everybody can read the call" in staff.get(page).content.decode()
    staff.post(page)
    call.refresh_from_db()
    assert call.status == CallStatus.PUBLISHED
    assert staff.get(page).status_code == 302


def test_unready_call_lists_what_is_to_do(staff):
    call = DraftCallFactory()
    page = url("staff_call_publish", call.slug)
    assert "Some things are still to do" in staff.get(page).content.decode()
    response = staff.post(page, follow=True)
    assert "cannot be published yet" in response.content.decode()
    call.refresh_from_db()
    assert call.status == CallStatus.DRAFT


def test_editor_draws_the_phases(staff):
    call = ready_call()
    call.decisions_on = call.closes_at.date() + dt.timedelta(days=40)
    call.save()
    assert "Check and assessment" in staff.get(url("staff_call", call.slug)).content.decode()


# People -----------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
def test_people_list_asks_the_same_number_of_queries(staff, rows, django_assert_max_num_queries):
    for _row in range(rows):
        DeskFactory(countries=[PartnerCountryFactory()])
        MembershipFactory()
    staff.get(url("staff_people"), {"role": "all"})
    with django_assert_max_num_queries(13):
        assert staff.get(url("staff_people"), {"role": "all"}).status_code == 200


def test_people_list_shows_staff_unless_asked_for_others(staff):
    city = UserFactory(full_name="Ana Kovačević")
    page = url("staff_people")
    assert city not in staff.get(page).context["page"]
    assert city in staff.get(page, {"role": "city"}).context["page"]
    assert city in staff.get(page, {"q": "ana kova"}).context["page"]
    assert city in staff.get(page, {"q": "kovacevic"}).context["page"]
    assert "Nobody matches" in staff.get(page, {"q": "nobody@"}).content.decode()


def test_people_are_sorted_by_name_whatever_the_accents(staff):
    for name in ("Zora", "Šime", "Ana", "Åsa", "Tom"):
        ObserverFactory(full_name=name)
    shown = [str(person) for person in staff.get(url("staff_people")).context["page"]]
    assert [name for name in shown if len(name) < 5] == ["Ana", "Åsa", "Šime", "Tom", "Zora"]


def test_rights_are_given(staff):
    india, person = PartnerCountryFactory(), UserFactory()
    data = {"role": StaffRole.REGIONAL_DESK, "countries": [india.pk]}
    assert staff.post(url("staff_person", person.pk), data).status_code == 302
    person.refresh_from_db()
    assert person.staff_role == StaffRole.REGIONAL_DESK
    assert [row.country for row in person.desk_countries.all()] == [india]


def test_desk_without_countries_is_refused(staff):
    person = UserFactory()
    data = {"role": StaffRole.REGIONAL_DESK}
    response = staff.post(url("staff_person", person.pk), data)
    assert "Choose at least one country of the desk." in response.content.decode()


def test_countries_go_with_the_role(staff):
    desk = DeskFactory(countries=[PartnerCountryFactory()])
    staff.post(url("staff_person", desk.pk), {"role": StaffRole.OBSERVER})
    assert not desk.desk_countries.exists()
    verbs = set(events_of(desk).values_list("verb", flat=True))
    assert verbs == {"person.role_set", "person.countries_set"}


def test_last_coordinator_reads_why_the_role_stays(sign_in):
    coordinator = CoordinatorFactory()
    page = url("staff_person", coordinator.pk)
    response = sign_in(coordinator).post(page, {"role": "none"})
    assert response.status_code == 409
    assert "is the last coordinator" in response.content.decode()


def test_account_is_closed_with_a_reason_and_opened_again(staff):
    person = UserFactory()
    page = url("staff_person_deactivate", person.pk)
    assert staff.get(page).status_code == 200
    assert staff.post(page, {"reason": ""}).status_code == 422
    assert staff.post(page, {"reason": "Left the city."}).status_code == 302
    assert not User.objects.get(pk=person.pk).is_active
    assert "closed to sign-in" in staff.get(url("staff_person", person.pk)).content.decode()
    staff.post(url("staff_person_reactivate", person.pk))
    assert User.objects.get(pk=person.pk).is_active


def test_last_coordinator_cannot_be_closed(sign_in):
    coordinator = CoordinatorFactory()
    page = url("staff_person_deactivate", coordinator.pk)
    response = sign_in(coordinator).post(page, {"reason": "x"}, follow=True)
    assert "is the last coordinator" in response.content.decode()


# Organisations ----------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
def test_organisation_list_asks_the_same_number_of_queries(
    staff, rows, django_assert_max_num_queries
):
    for _row in range(rows):
        MembershipFactory()
    staff.get(url("staff_organisations"))
    with django_assert_max_num_queries(12):
        assert staff.get(url("staff_organisations")).status_code == 200


def test_organisation_list_finds_without_accents(staff):
    lodz = OrganisationFactory(name="Łódź")
    OrganisationFactory(name="Zadar")
    page = staff.get(url("staff_organisations"), {"q": "Lodz"}).context["page"]
    assert list(page) == [lodz]


@pytest.mark.parametrize(
    ("name", "wrong"), [("staff_organisations", "side"), ("staff_people", "role")]
)
def test_wrong_filter_is_named_and_leaves_the_others_on(staff, name, wrong):
    OrganisationFactory(name="Zadar")
    lodz = OrganisationFactory(name="Łódź")
    page = staff.get(url(name), {wrong: "mars", "q": "Lodz"})
    html = page.content.decode()
    assert html.count("This is not in the list. Choose one of the entries shown.") == 1
    assert "<title>Error: " in " ".join(html.split()).replace("<title> ", "<title>")
    assert list(page.context["page"]) == ([lodz] if name == "staff_organisations" else [])
    # Nothing else is on, yet the mistake can be taken out.
    assert staff.get(url(name), {wrong: "mars"}).context["is_on"]


@pytest.mark.parametrize("rows", [1, 3])
def test_organisation_page_asks_the_same_number_of_queries(
    staff, rows, django_assert_max_num_queries
):
    organisation = OrganisationFactory()
    MembershipFactory.create_batch(rows, organisation=organisation)
    page = url("staff_organisation", organisation.slug)
    staff.get(page)
    with django_assert_max_num_queries(17):
        assert staff.get(page).status_code == 200


def test_assessor_sees_no_organisations(sign_in):
    client = sign_in(AssessorFactory())
    assert client.get(url("staff_organisations")).status_code == 403
    page = url("staff_organisation", OrganisationFactory().slug)
    assert client.get(page).status_code == 403


def test_desk_invites_a_first_lead(sign_in, mailoutbox):
    goa = PartnerOrganisationFactory()
    client = sign_in(DeskFactory(countries=[goa.country]))
    page = url("staff_organisation", goa.slug)
    assert "Invite a lead" in client.get(page).content.decode()
    client.post(url("staff_organisation_lead", goa.slug), {"email": "lead@goa.example"})
    assert mailoutbox[0].to == ["lead@goa.example"]


def test_desk_invites_nobody_elsewhere(sign_in):
    client = sign_in(DeskFactory(countries=[PartnerCountryFactory()]))
    organisation = OrganisationFactory()
    page = url("staff_organisation_lead", organisation.slug)
    assert client.post(page, {"email": "x@city.example"}).status_code == 403
    assert not organisation.invitations.exists()


@pytest.mark.parametrize("email", ["", "nobody"])
def test_bad_address_of_a_lead_is_shown_again(staff, email):
    organisation = OrganisationFactory()
    page = url("staff_organisation_lead", organisation.slug)
    response = staff.post(page, {"email": email})
    assert response.status_code == 422
    assert "One answer needs your attention" in response.content.decode()
    assert not organisation.invitations.exists()


def test_invited_lead_is_not_invited_twice(staff):
    page = url("staff_organisation_lead", OrganisationFactory().slug)
    assert staff.post(page, {"email": "x@city.example"}).status_code == 302
    response = staff.post(page, {"email": "x@city.example"})
    assert response.status_code == 422
    assert "has an open invitation" in response.content.decode()


@pytest.mark.parametrize(
    ("capacity", "status", "stored"),
    [("3", 302, 3), ("21", 422, 2), ("-1", 422, 2), ("x", 422, 2), ("", 422, 2)],
)
def test_capacity_is_set_or_refused(staff, capacity, status, stored):
    organisation = OrganisationFactory(capacity=2)
    page = url("staff_organisation_capacity", organisation.slug)
    response = staff.post(page, {"capacity": capacity})
    assert response.status_code == status
    assert ("Type a whole number from 0 to 20." in response.content.decode()) is (status == 422)
    organisation.refresh_from_db()
    assert (organisation.capacity, organisation.slots.count()) == (stored, stored)


def test_staff_register_any_kind_of_body(staff):
    CityFactory(name="Zadar")
    data = {"city": "zadar", "name": "Zadar County", "kind": "region"}
    response = staff.post(url("staff_organisation_new"), data)
    organisation = Organisation.objects.get()
    assert response["Location"] == url("staff_organisation", organisation.slug)
    assert not organisation.memberships.exists()


def test_staff_are_told_of_an_organisation_that_exists(staff):
    OrganisationFactory(name="Zadar County", country=CountryFactory())
    data = {"city": "x", "country": "HR", "name": "Zadar county", "kind": "region"}
    response = staff.post(url("staff_organisation_new"), data)
    assert response.status_code == 422
    html = response.content.decode()
    assert "Is it one of these?" in html
    assert "Zadar County" in html
    again = staff.post(url("staff_organisation_new"), data | {"differs_because": "The old one."})
    assert again.status_code == 302


def test_strand_of_a_call_is_shown(staff):
    call = CallFactory(strand=StrandFactory(code="covenant", name="Covenant"))
    assert "Covenant" in staff.get(url("staff_call", call.slug)).content.decode()


def test_desk_reads_at_the_field_that_a_country_is_of_another_desk(sign_in):
    india = PartnerCountryFactory()
    japan = PartnerCountryFactory(code="JP", name="Japan")
    client = sign_in(DeskFactory(countries=[india]))
    data = {"city": "Pune", "name": "City of Pune", "kind": "municipality"}
    url = reverse("organisations:staff_organisation_new")

    refused = client.post(url, data | {"country": japan.pk})
    assert refused.status_code == 422
    assert "Japan is not a country of your desk." in refused.context["form"].errors["country"][0]
    assert client.post(url, data | {"country": india.pk}).status_code == 302
