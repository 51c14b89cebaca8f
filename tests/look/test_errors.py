"""The pages that say that something failed."""

import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from tests.factories.accounts import UserFactory


def failing(error):
    def view(request):
        raise error

    return view


def form_page(request):
    return HttpResponse("saved")


urlpatterns = [
    path("fails/400/", failing(SuspiciousOperation("odd"))),
    path("fails/403/", failing(PermissionDenied)),
    path("fails/403/why/", failing(PermissionDenied("Only <the> lead may submit. Ask Luka."))),
    path("fails/500/", failing(ValueError("secret detail"))),
    path("fails/503/", failing(OperationalError("no connection"))),
    path("form/", form_page),
    path("accounts/form/", form_page),
    path("", include("iuc_portal.urls")),
]
handler400 = "iuc_portal.views.bad_request"
handler403 = "iuc_portal.views.permission_denied"
handler404 = "iuc_portal.views.page_not_found"
handler500 = "iuc_portal.views.server_error"

pytestmark = pytest.mark.urls(__name__)


def page(address, *, user=None):
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user, backend="accounts.backends.PersonBackend")
    response = client.get(address)
    return response, response.content.decode()


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/fails/400/", 400, "Request not understood"),
        ("/fails/403/", 403, "Not for this account"),
        ("/nowhere/", 404, "Page not found"),
        ("/fails/500/", 500, "Something went wrong"),
        ("/fails/503/", 503, "A short pause"),
    ],
)
def test_error_page_has_status_title_and_a_way_on(db, address, status, title):
    response, html = page(address)
    assert response.status_code == status
    assert f"<title>{title} | International Urban Cooperation</title>" in html
    assert f"Error {status}" in html
    assert html.count("<h1>") == 1
    assert 'class="link-arrow" href="/"' in html


def test_forbidden_page_gives_the_reason_as_text(db):
    _response, html = page("/fails/403/why/")
    assert "Only &lt;the&gt; lead may submit. Ask Luka." in html


def test_forbidden_page_says_who_is_signed_in(db):
    _response, html = page("/fails/403/", user=UserFactory(email="ana@city.example"))
    assert "You are signed in as ana@city.example." in html


@pytest.mark.parametrize("address", ["/fails/500/", "/fails/503/"])
def test_server_error_reference_stands_in_the_log(caplog, address):
    _response, html = page(address)
    [reference] = re.findall(r"E-[0-9A-F]{8}", html)
    assert f"Error page {reference} for GET {address}" in caplog.text
    assert "secret detail" not in html


def test_server_error_asks_no_database():
    # Without the db mark any query would fail the test.
    response, _html = page("/fails/500/")
    assert response.status_code == 500


def test_pause_says_when_to_come_back():
    response, _html = page("/fails/503/")
    assert response["Retry-After"] == "30"


def test_server_error_survives_a_broken_page(monkeypatch):
    def broken(*args):
        raise ValueError

    monkeypatch.setattr("iuc_portal.views.loader.render_to_string", broken)
    response, text = page("/fails/500/")
    assert response.status_code == 500
    assert re.fullmatch(r"Error 500, reference E-[0-9A-F]{8}\.", text)


def typed(path="/form/", **fields):
    client = Client(enforce_csrf_checks=True)
    response = client.post(path, fields)
    return response, response.content.decode()


def test_stale_form_shows_what_was_typed(db):
    response, html = typed(full_name="Ana <i>K</i>", story="Line one\nLine two")
    assert response.status_code == 403
    assert "Nothing was sent or saved." in html
    assert "<h3>Full name</h3>" in html
    assert "Ana &lt;i&gt;K&lt;/i&gt;</p>" in html
    assert "Line one\nLine two</p>" in html
    # All of it, to be copied.
    copied = "Full name\nAna &lt;i&gt;K&lt;/i&gt;\n\nStory\nLine one\nLine two</textarea>"
    assert copied in html
    assert 'href="/form/"' in html


@pytest.mark.parametrize("name", ["password", "password1", "csrfmiddlewaretoken", "client_secret"])
def test_stale_form_shows_no_secret(db, name):
    _response, html = typed(**{name: "pair-of-cities", "city": "Dubrovnik"})
    assert "Dubrovnik" in html
    assert "pair-of-cities" not in html


def test_code_is_a_secret_where_people_sign_in_alone(db):
    _response, signing_in = typed(path="/accounts/form/", code="123456", city="Dubrovnik")
    _response, elsewhere = typed(code="AMERICAS", city="Dubrovnik")

    assert "Dubrovnik" in signing_in
    assert "123456" not in signing_in
    assert "AMERICAS</p>" in elsewhere


@pytest.mark.parametrize(
    "name", ["version", "version_challenge", "place_challenge_1", "x-TOTAL_FORMS"]
)
def test_stale_form_shows_only_what_was_typed(db, name):
    response, _html = typed(**{name: "17", "city": "Dubrovnik"})
    assert [(one.label, one.mine) for one in response.context["answers"]] == [("City", "Dubrovnik")]


def test_stale_form_without_answers_offers_the_page_again(db):
    response, html = typed()
    assert response.status_code == 403
    assert "What you typed" not in html
    assert "Open the page again" in html
