"""The open interface: one answer for page and program."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.factories.programme import (
    CallFactory,
    ClosedCallFactory,
    CountryFactory,
    DraftCallFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return CallFactory(slug="india-2026", eligible_countries=[CountryFactory()])


def ask(client, query, slug="india-2026"):
    return client.get(f"/api/v1/calls/{slug}/eligibility?{query}")


def outcomes(response):
    return {row["key"]: row["outcome"] for row in response.json()["criteria"]}


@pytest.mark.parametrize(
    ("query", "verdict", "population"),
    [
        ("kind=municipality&country=HR&population=120000", "eligible", "pass"),
        ("kind=municipality&country=hr&population=1,20,000", "eligible", "pass"),
        ("kind=municipality&country=HR&population=100000", "needs_review", "fail"),
        ("kind=municipality&country=HR&population=100001", "eligible", "pass"),
        ("kind=municipality&country=HR", "needs_review", "human"),
        ("kind=municipality&country=CH&population=120000", "not_eligible", "pass"),
        ("kind=metropolitan&country=HR&population=120000", "eligible", "pass"),
        ("kind=region&country=HR&population=120000", "not_eligible", "pass"),
        ("kind=group&country=HR&population=60000&population=50000", "eligible", "pass"),
        ("kind=group&country=HR&population=60000&population=40000", "needs_review", "fail"),
        ("kind=group&country=HR&population=120000", "eligible", "pass"),
        ("kind=group&country=HR&population=&population=50000", "needs_review", "human"),
        ("kind=group&country=HR", "needs_review", "human"),
    ],
)
def test_verdict(query, verdict, population, call, client):
    response = ask(client, query)
    assert response.status_code == 200
    assert response.json()["verdict"] == verdict
    assert outcomes(response)["population"] == population
    assert list(outcomes(response)) == ["kind", "population", "country", "in_time"]
    assert all(row["reason"].strip() for row in response.json()["criteria"])


def test_lead_without_a_figure_is_named_as_missing(call, client):
    response = ask(client, "kind=group&country=HR&population=&population=50000")
    reasons = {row["key"]: row["reason"] for row in response.json()["criteria"]}
    assert "of municipality 1 is missing" in reasons["population"]


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("country=HR&population=1", "kind", "one of municipality, group"),
        ("kind=city&country=HR", "kind", "one of municipality, group"),
        ("kind=other&country=HR", "kind", "one of municipality, group"),
        ("kind=municipality&population=1", "country", "code of two letters"),
        ("kind=municipality&country=Croatia", "country", "code of two letters"),
        ("kind=municipality&country=XX", "country", "code of two letters"),
        ("kind=municipality&country=HR&population=many", "population", "digits 0 to 9"),
        ("kind=municipality&country=HR&population=1e6", "population", "digits 0 to 9"),
        ("kind=municipality&country=HR&population=-5", "population", "digits 0 to 9"),
        ("kind=municipality&country=HR&population=0", "population", "cannot be 0"),
        ("kind=municipality&country=HR&population=99999999999", "population", "50 million"),
        ("kind=municipality&country=HR&population=1&population=2", "population", "Only a group"),
        ("kind=group&country=HR&population=1&population=x", "population", "digits 0 to 9"),
        ("kind=group&country=HR" + "&population=1" * 101, "population", "at most 100"),
        ("kind=group&country=HR&population=%00", "population", "in digits"),
    ],
)
def test_bad_value_gives_422_with_the_reason(query, field, words, call, client):
    response = ask(client, query)
    assert response.status_code == 422
    [wrong] = response.json()["detail"]
    assert wrong["loc"] == ["query", field]
    assert words in wrong["msg"]


def test_all_that_is_wrong_is_said_at_once(call, client):
    response = ask(client, "population=x")
    assert {wrong["loc"][1] for wrong in response.json()["detail"]} == {
        "kind",
        "country",
        "population",
    }


def test_unknown_and_unpublished_calls_are_404_in_json(client):
    DraftCallFactory(slug="draft")
    for slug in ("draft", "nowhere"):
        response = ask(client, "kind=municipality&country=HR", slug)
        assert response.status_code == 404
        assert response.json()["detail"].endswith(".")


def test_closed_call_takes_nobody(client):
    ClosedCallFactory(slug="india-2026", eligible_countries=[CountryFactory()])
    response = ask(client, "kind=municipality&country=HR&population=120000")
    assert response.json()["verdict"] == "not_eligible"
    assert outcomes(response)["in_time"] == "fail"


def test_coming_call_is_judged_by_all_but_the_time(client):
    opens = timezone.now() + dt.timedelta(days=3)
    CallFactory(slug="india-2026", opens_at=opens, eligible_countries=[CountryFactory()])
    response = ask(client, "kind=municipality&country=HR&population=120000")
    assert response.json()["verdict"] == "eligible"


def test_any_site_reads_it_and_no_cookie_is_set(call, client):
    for query in ("kind=municipality&country=HR", "kind=nonsense"):
        response = ask(client, query)
        assert response["Access-Control-Allow-Origin"] == "*"
        assert not response.cookies
        assert response["Content-Type"].startswith("application/json")


def test_nothing_but_reading_is_answered(call, client):
    for method in ("post", "put", "delete", "patch"):
        response = getattr(client, method)("/api/v1/calls/india-2026/eligibility")
        assert response.status_code == 405


def test_who_asks_too_often_waits(call, client, settings):
    settings.OPEN_API_RATE = "2/m/ip"
    cache.clear()
    query = "kind=municipality&country=HR"
    assert [ask(client, query).status_code for _turn in range(3)] == [200, 200, 429]
    response = ask(client, query)
    assert response.json()["detail"].startswith("Too many questions")
    assert int(response["Retry-After"]) > 0


def test_interface_describes_itself(client):
    schema = client.get("/api/v1/openapi.json").json()
    operation = schema["paths"]["/api/v1/calls/{slug}/eligibility"]["get"]
    assert {"200", "404", "422", "429"} <= {str(code) for code in operation["responses"]}
    names = {parameter["name"] for parameter in operation["parameters"]}
    assert names == {"slug", "kind", "country", "population"}
    assert client.get("/api/v1/").json()["openapi"].endswith("/api/v1/openapi.json")


def test_answer_takes_few_queries(call, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        ask(client, "kind=municipality&country=HR&population=120000")


@pytest.mark.parametrize(
    ("side", "country", "verdict", "words"),
    [
        ("eu", "IN", "not_eligible", "Partner cities do not apply to this call"),
        ("both", "IN", "eligible", "No number of inhabitants is asked"),
        ("both", "HR", "needs_review", "is missing"),
        ("partner", "IN", "eligible", "No number of inhabitants is asked"),
        ("partner", "HR", "not_eligible", "This call is for the partner side alone"),
    ],
)
def test_each_side_is_judged_by_its_own_rules(client, side, country, verdict, words):
    CallFactory(slug="india-2026", applicant_side=side)
    answer = ask(client, f"kind=municipality&country={country}").json()
    assert answer["verdict"] == verdict
    assert words in " ".join(row["reason"] for row in answer["criteria"])
