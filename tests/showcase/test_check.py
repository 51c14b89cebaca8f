import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from applications.selectors import call_rules
from showcase.check import answer
from tests.factories.accounts import CoordinatorFactory
from tests.factories.programme import CallFactory, ClosedCallFactory, DraftCallFactory

pytestmark = pytest.mark.django_db


def ask(call, **typed):
    data = {
        "kind": "municipality",
        "name": "Dubrovnik",
        "members": [],
        "country": "HR",
        "population": 100_001,
    } | typed
    name = "Croatia" if data["country"] == "HR" else "Another country"
    return answer(call, call_rules(call), data, country_name=name, now=timezone.now())


def states(result):
    return [line.state for line in result.lines]


def test_city_above_the_line_can_apply():
    result = ask(CallFactory())

    assert result.state == "yes"
    assert result.title == "Yes, Dubrovnik can apply"
    assert result.can_start
    assert states(result) == ["yes", "yes", "yes", "yes"]
    assert result.lines[2].text == "1 above the line. 100,000 exactly would not be enough."


def test_city_of_exactly_the_minimum_needs_a_person():
    result = ask(CallFactory(), population=100_000)

    assert result.state == "ask"
    assert result.lines[2].state == "ask"
    assert result.lines[2].text.startswith("1 more would be needed.")
    assert result.can_start


def test_exactly_the_minimum_is_enough_when_the_call_is_not_strict():
    assert ask(CallFactory(min_population_strict=False), population=100_000).state == "yes"


def test_call_without_minimum_takes_any_city():
    assert ask(CallFactory(min_population=None), population=1).state == "yes"


def test_group_is_counted_together_and_told_of_the_letters():
    result = ask(
        CallFactory(), kind="group", members=["Župa dubrovačka", "Konavle"], population=50_000
    )

    assert result.state == "ask"
    assert result.lines[0].said == "Group of 3"
    assert [line.title for line in result.lines][3] == "Commitment of each other municipality"
    assert "each of the 2 others" in result.lines[3].text


def test_region_is_told_that_it_cannot_apply_here():
    result = ask(CallFactory(), kind="region", name="Emilia-Romagna", population=None)

    assert result.state == "no"
    assert result.is_region
    assert result.title == "No, a region cannot apply here"
    assert states(result) == ["no", "yes", "na", "yes"]
    assert not result.can_start


def test_region_can_apply_to_a_call_for_regions():
    call = CallFactory(applicant_kinds=["region"], min_population=None)

    result = ask(call, kind="region", name="Emilia-Romagna", population=None)

    assert result.state == "yes"
    assert result.lines[0].text == "Regions and provinces can apply."


def test_city_cannot_apply_to_a_call_for_regions():
    result = ask(CallFactory(applicant_kinds=["region"]))

    assert result.state == "no"
    assert result.title == "No, Dubrovnik cannot apply to this call"


def test_metropolitan_body_not_named_in_the_call_needs_a_person():
    result = ask(CallFactory(applicant_kinds=["municipality"]), kind="metropolitan")

    assert result.state == "ask"
    assert result.text == "The rules alone do not answer this. The coordination unit decides."


def test_country_off_the_list_cannot_apply():
    result = ask(CallFactory(), country="other")

    assert result.state == "no"
    assert result.lines[1].state == "no"


def test_closed_call_is_told():
    result = ask(ClosedCallFactory())

    assert result.state == "no"
    assert result.title == "No, this call is closed"
    assert result.lines[-1].said == "Closed"


def test_coming_call_says_come_back():
    call = CallFactory(opens_at=timezone.now() + dt.timedelta(days=3))

    result = ask(call)

    assert result.state == "yes"
    assert result.title == "Yes, Dubrovnik can apply once the call opens"
    assert not result.can_start


def test_closing_second_is_in():
    call = CallFactory(
        opens_at=dt.datetime(2026, 10, 1, tzinfo=dt.UTC),
        closes_at=dt.datetime(2026, 12, 12, 16, 0, 0, tzinfo=dt.UTC),
    )

    with time_machine.travel("2026-12-12T16:00:00.900+00:00", tick=False):
        assert ask(call).state == "yes"
    with time_machine.travel("2026-12-12T16:00:01+00:00", tick=False):
        assert ask(call).state == "no"


def test_partner_city_is_judged_by_the_rules_of_its_side():
    call = CallFactory(applicant_side="both")
    data = {"kind": "municipality", "name": "Panaji", "members": [], "country": "IN"}
    rules = call_rules(call, "partner")
    result = answer(
        call, rules, data | {"population": None}, country_name="India", now=timezone.now()
    )

    assert result.state == "yes"
    assert states(result) == ["yes", "yes", "na", "yes"]
    assert "No number of inhabitants is asked" in result.lines[2].text


@pytest.mark.parametrize(("side", "offered"), [("eu", False), ("partner", True), ("both", True)])
def test_check_offers_the_countries_of_a_side_that_applies(client, side, offered):
    call = CallFactory(applicant_side=side)
    page = client.get(f"/calls/{call.slug}/check/").content.decode()
    assert ("India" in page) is offered


def test_check_asks_a_partner_city_for_no_figure(client):
    call = CallFactory(applicant_side="both")
    asked = {"kind": "municipality", "name": "Panaji", "country": "IN", "population": ""}
    page = client.get(f"/calls/{call.slug}/check/", asked).content.decode()
    assert "Yes, Panaji can apply" in page
    page = client.get(f"/calls/{call.slug}/check/", asked | {"country": "HR"}).content.decode()
    assert "Yes, Panaji can apply" not in page


def test_call_for_regions_asks_about_a_region(client):
    call = CallFactory(applicant_kinds=["region"], min_population=None)
    asked = {"kind": "region", "name": "Liguria", "country": "HR"}
    page = client.get(f"/calls/{call.slug}/check/", asked).content.decode()
    assert "Can my region apply?" in page
    assert "Yes, Liguria can apply" in page
    page = client.get(f"/calls/{call.slug}/").content.decode()
    assert "Can my region apply?" in page
    assert "Can my city apply?" not in page


def test_page_says_that_partner_cities_apply(client):
    page = client.get(f"/calls/{CallFactory(applicant_side='both').slug}/").content.decode()
    assert "The authority that governs a city of India." in page
    page = client.get(f"/calls/{CallFactory().slug}/").content.decode()
    assert "The authority that governs a city of" not in page


def test_staff_try_the_check_of_a_draft_as_its_cities_will(client, settings):
    settings.DEMO = True
    call = DraftCallFactory()
    country = call.eligible_countries.first()
    url = reverse("showcase:check", args=[call.slug])
    assert client.get(url).status_code == 404
    client.force_login(CoordinatorFactory())
    typed = {
        "kind": "municipality",
        "country": country.code,
        "population": "150000",
        "name": "Rijeka",
    }
    page = client.get(url, typed).content.decode()
    assert "Yes, Rijeka can apply once the call opens" in page
    edit = client.get(reverse("calls:staff_call", args=[call.slug])).content.decode()
    assert url in edit
