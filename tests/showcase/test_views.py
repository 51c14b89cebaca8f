import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from programme.states import Origin
from tests.factories.accounts import ObserverFactory, UserFactory
from tests.factories.pairings import (
    MilestoneFactory,
    PairingFactory,
    PublishedPairingFactory,
    RunningPairingFactory,
)
from tests.factories.programme import (
    CallFactory,
    CityFactory,
    ClosedCallFactory,
    CountryFactory,
    DraftCallFactory,
    OrganisationFactory,
    PartnerOrganisationFactory,
    ThemeFactory,
    TopicFactory,
)
from tests.markup import squeezed

pytestmark = pytest.mark.django_db

TEXT_PAGES = ["about", "accessibility", "privacy", "cookies", "contact"]


def page_of(client, address, *args, status=200, **query):
    response = client.get(reverse(f"showcase:{address}", args=args), query)
    assert response.status_code == status
    return squeezed(response.content.decode())


def pairings(number):
    """Published pairings that differ in everything a row shows."""
    for _turn in range(number):
        PublishedPairingFactory(
            organisations=[
                OrganisationFactory(seat=CityFactory()),
                PartnerOrganisationFactory(seat=CityFactory()),
            ],
            topics=[TopicFactory(themes=[ThemeFactory()]), TopicFactory()],
        )


# Without data ------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["home", "calls", "pairings", *TEXT_PAGES])
def test_page_of_an_empty_portal_says_what_to_do(client, name):
    page = page_of(client, name)

    assert re.search(r"<h1[^>]*>", page)
    assert " style=" not in page


def test_empty_pairings_point_to_the_calls(client):
    page = page_of(client, "pairings")

    assert "No pairing has been published yet" in page
    assert reverse("showcase:calls") in page


def test_empty_calls_say_that_none_is_open(client):
    assert "No call is open at the moment" in page_of(client, "calls")


# Home --------------------------------------------------------------------------------
def test_home_shows_the_open_call_with_its_time(client):
    with time_machine.travel("2026-11-22T10:00:00+00:00", tick=False):
        call = CallFactory(
            title="City pairings with India",
            closes_at=dt.datetime(2026, 12, 12, 16, 0, tzinfo=dt.UTC),
        )
        page = page_of(client, "home")

    assert "City pairings with India" in page
    assert "12 December 2026, 17:00 Brussels time" in page
    assert reverse("showcase:check", args=[call.slug]) in page


def test_home_without_an_open_call_names_the_next(client):
    CallFactory(title="Next year", opens_at=timezone.now() + dt.timedelta(days=5))

    page = page_of(client, "home")

    assert "No call is open at the moment" in page
    assert "Next year" in page


def test_home_counts_from_the_data(client, lodz_and_panaji, genoa_and_rosario):
    page = page_of(client, "home")

    assert re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page) == [
        ("cities and groups of cities", "4"),
        ("pairings on this map", "2"),
        ("partner countries", "2"),
    ]
    assert page.count('class="map-arc"') == 2 + 2
    assert "Pairings of the day" in page
    assert "?theme=urban-mobility" in page


def test_home_shows_the_latest_once_there_are_dates(client):
    RunningPairingFactory(call__origin=Origin.PORTAL)

    assert "Latest pairings" in page_of(client, "home")


@pytest.mark.parametrize("number", [1, 3])
def test_home_query_count(client, django_assert_num_queries, number):
    pairings(number)
    with django_assert_num_queries(17):
        page_of(client, "home")
    with django_assert_num_queries(2):
        page_of(client, "home")


# Calls -------------------------------------------------------------------------------
def test_calls_list_open_coming_and_closed(client):
    CallFactory(title="Open one")
    CallFactory(title="Coming one", opens_at=timezone.now() + dt.timedelta(days=5))
    ClosedCallFactory(title="Closed one")
    DraftCallFactory(title="Draft one")

    page = page_of(client, "calls")

    titles = re.findall(r"(Open one|Coming one|Closed one|Draft one)</a>", page)
    assert titles == ["Open one", "Coming one", "Closed one"]


def test_calls_ask_for_each_of_several_open_calls(client):
    calls = CallFactory.create_batch(2)

    page = page_of(client, "calls")

    for call in calls:
        assert reverse("showcase:check", args=[call.slug]) in page


@pytest.mark.parametrize("number", [1, 3])
def test_calls_query_count(client, django_assert_num_queries, number):
    CallFactory.create_batch(number)
    ClosedCallFactory.create_batch(number)
    with django_assert_num_queries(4):
        page_of(client, "calls")


def test_call_page_shows_rules_and_lets_sign_in_first(client):
    call = CallFactory(description="First.\n\n<b>Second</b>")

    page = page_of(client, "call", call.slug)

    assert "More than 100,000 inhabitants" in page
    assert "&lt;b&gt;Second&lt;/b&gt;" in page
    start = reverse("applications:start", args=[call.slug])
    assert f"{reverse('account_login')}?next={start}" in page


def test_call_page_lets_a_signed_in_person_start(client, sign_in):
    call = CallFactory()
    sign_in(UserFactory())

    page = page_of(client, "call", call.slug)

    assert f'href="{reverse("applications:start", args=[call.slug])}"' in page
    assert "Start application" in page


def test_closed_call_page_has_no_start(client):
    page = page_of(client, "call", ClosedCallFactory().slug)

    assert "This call is closed" in page
    assert "applications/new" not in page


def test_coming_call_page_says_when_it_opens(client):
    call = CallFactory(opens_at=timezone.now() + dt.timedelta(days=5))

    page = page_of(client, "call", call.slug)

    assert "Opens on" in page
    assert "applications/new" not in page


@pytest.mark.parametrize("name", ["call", "check"])
def test_draft_call_is_not_found(client, name):
    page_of(client, name, DraftCallFactory().slug, status=404)


# Can my city apply? ------------------------------------------------------------------
def test_check_asks_its_questions(client):
    page = page_of(client, "check", CallFactory().slug)

    assert "Who would apply?" in page
    assert "What is looked at" in page


def test_check_answers_at_once_and_keeps_nothing(client):
    call = CallFactory()
    CountryFactory()

    response = client.get(
        reverse("showcase:check", args=[call.slug]),
        {"kind": "municipality", "name": "Split", "country": "HR", "population": "160,577"},
    )

    assert "Yes, Split can apply" in response.content.decode()
    assert "session" not in response.cookies
    assert not client.session.keys()


def test_check_tells_a_region_where_it_can_apply(client):
    call = CallFactory()
    other = CallFactory(title="For regions", applicant_kinds=["region"])

    page = page_of(client, "check", call.slug, kind="region", name="Istria", country="HR")

    assert "No, a region cannot apply here" in page
    assert reverse("showcase:call", args=[other.slug]) in page


def test_check_with_a_bad_number_keeps_what_was_typed(client):
    page = page_of(
        client,
        "check",
        CallFactory().slug,
        kind="municipality",
        name="Split",
        country="HR",
        population="1e6",
    )

    assert "<title>Error: Can my city apply?" in page
    assert 'value="1e6"' in page
    assert 'value="Split"' in page
    assert "for example 104500" in page


def test_check_shows_markup_as_text(client):
    page = page_of(
        client,
        "check",
        CallFactory().slug,
        kind="municipality",
        name="<script>alert(1)</script>\u202e",
        country="HR",
        population="200000",
    )

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "Yes, &lt;script" in page


# Pairings ----------------------------------------------------------------------------
def test_pairings_have_an_arc_and_a_row_each(client, lodz_and_panaji, genoa_and_rosario):
    page = page_of(client, "pairings")

    assert page.count('class="map-arc"') == 2
    assert re.findall(r'<tr data-pair="([^"]+)"', page) == ["genoa-rosario", "lodz-panaji-goa"]
    assert re.search(
        r'<a class="map-pair" href="/pairings/lodz-panaji-goa/"[^>]*'
        r'aria-label="Łódź and Panaji-Goa, about [\d,]+ km apart"',
        page,
    )
    assert "CC BY 4.0" in page


def test_pairings_offer_each_filter_to_be_taken_away(client, lodz_and_panaji, genoa_and_rosario):
    page = page_of(client, "pairings", q="Lodz", europe="PL", page=2)

    assert re.findall(r'<a class="tag-remove" href="([^"]*)">', page) == ["?europe=PL", "?q=Lodz"]


def test_pairings_find_without_accents(client, lodz_and_panaji, genoa_and_rosario):
    page = page_of(client, "pairings", q="Lodz")

    assert re.findall(r'<tr data-pair="([^"]+)"', page) == ["lodz-panaji-goa"]
    assert "1 pairing fits." in page
    assert "/pairings.csv?q=Lodz" in page


def test_pairings_none_found_offers_all(client, lodz_and_panaji):
    page = page_of(client, "pairings", q="nowhere")

    assert "No pairing fits all of these filters" in page
    assert "Show all pairings" in page


def test_pairings_bad_filter_is_named_and_left_out(client, lodz_and_panaji):
    page = page_of(client, "pairings", partner="XX")

    assert "<title>Error: " in page
    assert "This is not in the list" in page
    assert "lodz-panaji-goa" in page


def test_pairings_sort_turns_round(client, lodz_and_panaji, genoa_and_rosario):
    page = page_of(client, "pairings", sort="distance")

    assert 'class="number" aria-sort="ascending"' in page
    assert "sort=-distance" in page


def test_pairings_pages_hold_twenty(client):
    PublishedPairingFactory.create_batch(21)

    assert page_of(client, "pairings").count("<tr data-pair") == 20
    assert page_of(client, "pairings", page="2").count("<tr data-pair") == 1
    assert page_of(client, "pairings", page="nonsense").count("<tr data-pair") == 20


@pytest.mark.parametrize("number", [1, 3])
def test_pairings_query_count(client, django_assert_num_queries, number):
    pairings(number)
    with django_assert_num_queries(15):
        page_of(client, "pairings")
    with django_assert_num_queries(1):
        page_of(client, "pairings")


def test_pairing_page_of_a_published_record_invents_nothing(client, lodz_and_panaji):
    page = page_of(client, "pairing", "lodz-panaji-goa")

    assert "As the programme published it" in page
    assert "Their clocks now" in page
    assert "Milestones" not in page
    assert "Started" not in page


def test_pairing_page_of_a_running_pairing_shows_its_milestones(client):
    pairing = RunningPairingFactory(started_on=dt.date(2026, 5, 1))
    MilestoneFactory(pairing=pairing, title="First study tour", due_on=dt.date(2026, 8, 1))

    page = page_of(client, "pairing", pairing.slug)

    assert "First study tour" in page
    assert "1 August 2026" in page
    assert "1 May 2026" in page
    assert "As the programme published it" not in page


def test_pairing_page_of_a_trio_shows_three_cities(client):
    pairing = PublishedPairingFactory(
        organisations=[
            OrganisationFactory(),
            PartnerOrganisationFactory(),
            PartnerOrganisationFactory(latitude=35.0, longitude=139.0),
        ]
    )

    page = page_of(client, "pairing", pairing.slug)

    assert page.count('<article class="city-card">') == 3
    assert page.count('class="map-arc"') == 2


def test_pairing_page_of_an_overtaken_record_leads_on(client, lodz_and_panaji):
    organisations = [member.organisation for member in lodz_and_panaji.members.all()]
    running = RunningPairingFactory(organisations=organisations)

    response = client.get(reverse("showcase:pairing", args=["lodz-panaji-goa"]))

    assert response.url == reverse("showcase:pairing", args=[running.slug])


def test_pairing_page_shows_reference_figures_as_hints(client):
    city = CityFactory(name="Dubrovnik", reference_population=26_922)
    pairing = PublishedPairingFactory(
        organisations=[OrganisationFactory(seat=city), PartnerOrganisationFactory()]
    )

    page = page_of(client, "pairing", pairing.slug)

    assert '<span class="number">26,922</span> in Dubrovnik' in page
    assert "a hint" in page


@pytest.mark.parametrize("status", ["proposed", "accepted", "declined", "cancelled"])
def test_pairing_page_of_what_is_not_public_is_not_found(client, status):
    page_of(client, "pairing", PairingFactory(status=status).slug, status=404)


@pytest.mark.parametrize("number", [1, 3])
def test_pairing_page_query_count(client, django_assert_num_queries, lodz_and_panaji, number):
    pairings(number)
    with django_assert_num_queries(8):
        page_of(client, "pairing", "lodz-panaji-goa")
    with django_assert_num_queries(7):
        page_of(client, "pairing", "lodz-panaji-goa")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("pairings_csv", "text/csv; charset=utf-8"),
        ("pairings_json", "application/json"),
        ("pairings_geojson", "application/geo+json"),
    ],
)
def test_download_follows_the_filters(client, lodz_and_panaji, genoa_and_rosario, name, kind):
    response = client.get(reverse(f"showcase:{name}"), {"partner": "AR"})

    text = response.content.decode()
    assert response["Content-Type"] == kind
    assert "Rosario" in text
    assert "Panaji" not in text


# Texts -------------------------------------------------------------------------------
def test_cookies_name_the_three(client, settings):
    page = page_of(client, "cookies")

    for name in (
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
    ):
        assert f'<th scope="row">{name}</th>' in page


def test_contact_shows_the_address_of_the_settings(client, settings):
    settings.CONTACT_EMAIL = "unit@iuc.example"

    assert "mailto:unit@iuc.example" in page_of(client, "contact")


def test_public_page_sets_only_the_cookie_of_forms(client, settings, lodz_and_panaji):
    for name in ("home", "pairings", *TEXT_PAGES):
        cookies = client.get(reverse(f"showcase:{name}")).cookies
        assert set(cookies) <= {settings.CSRF_COOKIE_NAME}, name


def test_staff_preview_a_draft_call(sign_in):
    call = DraftCallFactory()
    client = sign_in(ObserverFactory())
    html = client.get(reverse("showcase:call", args=[call.slug])).content.decode()
    assert "Draft, seen by staff alone" in html
    assert "Back to the editor" in html
