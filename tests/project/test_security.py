"""What holds for every address: headers, sizes, impossible values, and the way in."""

import pytest
from django.conf import settings as project_settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError
from django.test import Client
from django.urls import reverse

from accounts.services import create_person
from iuc_portal.middleware import ImpossibleValuesMiddleware
from tests.factories.accounts import CoordinatorFactory
from tests.factories.programme import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_attempts():
    """The limits count in the cache, which tests share."""
    cache.clear()


PASSWORD = "a-long-enough-password"


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password was hashed."""

    algorithm = "counting"
    count = 0

    def encode(self, password, salt):
        CountingHasher.count += 1
        return super().encode(password, salt)


def sign_in_by_page(client, email, password=PASSWORD, url="/accounts/login/"):
    return client.post(url, {"login": email, "username": email, "password": password})


def is_signed_in(client):
    return SESSION_KEY in client.session


# The way in ---------------------------------------------------------------------------


def test_sign_in_of_the_admin_leads_to_the_one_with_second_factor(client):
    """Django's own form asks for the password alone, as often as one likes."""
    create_person(
        email="root@example.org",
        full_name="Root",
        password=PASSWORD,
        is_staff=True,
        is_superuser=True,
    )
    response = sign_in_by_page(client, "root@example.org", url="/admin/login/?next=/admin/")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=%2Fadmin%2F"
    assert not is_signed_in(client)


def test_demo_account_signs_in_to_a_demo(client, settings):
    settings.DEMO = True
    create_person(email="d@demo.example", full_name="D", password=PASSWORD, is_demo=True)
    assert sign_in_by_page(client, "d@demo.example").status_code == 302
    assert is_signed_in(client)


def test_demo_account_is_closed_once_the_portal_is_no_demo(client, settings):
    settings.DEMO = False
    create_person(email="d@demo.example", full_name="D", password=PASSWORD, is_demo=True)
    sign_in_by_page(client, "d@demo.example")
    assert not is_signed_in(client)


def test_session_of_a_demo_account_ends_with_the_demo(sign_in, settings):
    settings.DEMO = True
    person = create_person(email="d@demo.example", full_name="D", is_demo=True)
    client = sign_in(person)
    assert client.get(reverse("accounts:account")).status_code == 200
    settings.DEMO = False
    assert client.get(reverse("accounts:account")).status_code == 302


def test_signing_in_changes_the_session_id(client):
    create_person(email="ana@example.org", full_name="Ana", password=PASSWORD)
    client.get("/accounts/login/")
    client.cookies[project_settings.SESSION_COOKIE_NAME] = "a" * 32
    sign_in_by_page(client, "ana@example.org")
    assert is_signed_in(client)
    assert client.cookies[project_settings.SESSION_COOKIE_NAME].value != "a" * 32


def test_new_password_ends_other_sessions(client):
    person = create_person(email="ana@example.org", full_name="Ana", password=PASSWORD)
    other = Client()
    sign_in_by_page(other, "ana@example.org")
    assert other.get(reverse("accounts:account")).status_code == 200
    person.set_password("quite-another-password")
    person.save()
    assert other.get(reverse("accounts:account")).status_code == 302


def test_password_is_tried_a_few_times_only(client):
    create_person(email="ana@example.org", full_name="Ana", password=PASSWORD)
    for _attempt in range(5):
        sign_in_by_page(client, "ana@example.org", "wrong")
    page = sign_in_by_page(client, "ana@example.org").content.decode()
    assert "Too many attempts" in page
    assert not is_signed_in(client)


def test_nobody_locks_another_one_out(client):
    create_person(email="ana@example.org", full_name="Ana", password=PASSWORD)
    stranger = Client(REMOTE_ADDR="192.0.2.1")
    for _attempt in range(6):
        sign_in_by_page(stranger, "ana@example.org", "wrong")
    sign_in_by_page(stranger, "ana@example.org")
    assert not is_signed_in(stranger)
    sign_in_by_page(client, "ana@example.org")
    assert is_signed_in(client)


def test_signing_up_tells_by_no_clock_who_has_an_account(client, settings):
    """Hashing the password takes most of the time: it is done once for either."""
    settings.PASSWORD_HASHERS = ["tests.project.test_security.CountingHasher"]
    create_person(email="ana@example.org", full_name="Ana")
    counts = []
    for email in ("ana@example.org", "new@example.org"):
        CountingHasher.count = 0
        response = client.post(
            "/accounts/signup/", {"email": email, "full_name": "N", "password1": PASSWORD}
        )
        assert response["Location"] == reverse("account_email_verification_sent")
        counts.append(CountingHasher.count)
    assert counts[0] == counts[1] > 0


def test_limit_follows_the_visitor_behind_a_proxy(client, settings):
    """Else one visitor would lock all others out."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    create_person(email="ana@example.org", full_name="Ana", password=PASSWORD)
    for number in range(12):
        client.post(
            "/accounts/login/",
            {"login": f"x{number}@example.org", "password": "wrong"},
            headers={"X-Forwarded-For": "192.0.2.1"},
        )
    client.post(
        "/accounts/login/",
        {"login": "ana@example.org", "password": PASSWORD},
        headers={"X-Forwarded-For": "192.0.2.2"},
    )
    assert is_signed_in(client)


@pytest.mark.parametrize("target", ["//evil.example", "https:evil", "\\\\evil", "/\\evil.example"])
def test_signing_in_never_leaves_the_portal(client, target):
    create_person(email="ana@example.org", full_name="Ana", password=PASSWORD)
    response = client.post(
        "/accounts/login/", {"login": "ana@example.org", "password": PASSWORD, "next": target}
    )
    assert response["Location"] == reverse("accounts:after_sign_in")


@pytest.mark.parametrize(
    "name", ["homes:workspace", "pairings:mine", "action_plans:mine", "applications:mine"]
)
def test_staff_without_second_factor_are_led_to_it_everywhere(sign_in, settings, name):
    settings.DEMO = False
    response = sign_in(CoordinatorFactory()).get(reverse(name))
    assert response.status_code == 302
    assert response["Location"] == reverse("mfa_index")


def test_staff_without_second_factor_change_no_team(sign_in, settings):
    settings.DEMO = False
    organisation = OrganisationFactory()
    MembershipFactory(organisation=organisation)
    response = sign_in(CoordinatorFactory()).post(
        reverse("organisations:invite", args=[organisation.slug]),
        {"email": "me@example.org", "role": "lead"},
    )
    assert response["Location"] == reverse("mfa_index")
    assert not organisation.invitations.exists()


@pytest.mark.parametrize("name", ["mfa_index", "showcase:privacy", "account_logout"])
def test_staff_without_second_factor_reach_what_they_need(sign_in, settings, name):
    settings.DEMO = False
    assert sign_in(CoordinatorFactory()).get(reverse(name)).status_code == 200


# Headers ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/nope", "/health/live", "/static/css/tokens.css"])
def test_every_answer_carries_the_security_headers(client, settings, path):
    settings.DEBUG = False
    response = client.get(path)
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_static_files_come_after_the_content_security_policy():
    """In the tests no file is collected, so the order is what can be looked at."""
    order = project_settings.MIDDLEWARE
    assert order.index("csp.middleware.CSPMiddleware") < order.index(
        "whitenoise.middleware.WhiteNoiseMiddleware"
    )


def test_foreign_host_name_is_refused(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


# What comes in ------------------------------------------------------------------------


def test_large_body_is_refused_before_it_is_read(sign_in, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client = sign_in(CoordinatorFactory())
    settings.DEMO = True
    response = client.post(
        reverse("accounts:account"),
        f"full_name={'a' * 2000}",
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 413
    assert "at most" in response.content.decode()


def test_large_upload_is_refused_before_it_is_read(client, settings):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    file = SimpleUploadedFile("letter.pdf", b"a" * 3 * 1024 * 1024)
    response = client.post("/accounts/login/", {"login": "a@example.org", "file": file})
    assert response.status_code == 413
    # The limit of the file, as its field says it; not that of the whole body.
    assert "at most 1 MB" in " ".join(response.content.decode().split())


def test_length_that_is_no_number_is_refused(client):
    response = client.generic(
        "POST", "/accounts/login/", b"a=b", "text/plain", CONTENT_LENGTH="1e9"
    )
    assert response.status_code == 413


def test_number_beyond_every_column_is_refused_in_words(sign_in, settings):
    settings.DEMO = True
    client = sign_in(CoordinatorFactory())
    response = client.get(
        reverse("pairings:staff_new"), {"call": "x", "eu": "99999999999999999999999999"}
    )
    assert response.status_code in {200, 400}


@pytest.mark.parametrize(
    "path",
    [
        "/applications/%00/",
        "/my/pairings/%00/",
        "/plans/%00/",
        "/invitations/%00/",
        "/staff/applications/%00/",
        "/staff/people/99999999999999999999999999/",
        "/staff/organisations/?country=%00&q=%00",
        "/staff/pairings/?q=%00&call=%00&country=%00",
        "/staff/pairings/new/?call=%00&eu=99999999999999999999999999",
        "/staff/applications/?q=%00&call=%00&country=%00&status=%00",
        "/staff/outbox/?q=%00&view=%00",
        "/staff/audit/?about=%00&target=999999999-999999999999999999",
        "/cities/search/?q=%00&country=%00",
        "/pairings/?q=%00&eu_country=%00&partner_country=%00&theme=%00&page=9999999999999999999",
        "/pairings/%00/",
    ],
)
def test_nonsense_in_an_address_is_no_alarm(sign_in, settings, path):
    """PostgreSQL takes no NUL, SQLite no long number."""
    settings.DEMO = True
    assert sign_in(CoordinatorFactory()).get(path).status_code in {200, 400, 404, 410}


@pytest.mark.parametrize(
    "error",
    [
        OverflowError("too large"),
        DataError("out of range"),
        ValueError("A string literal cannot contain NUL (0x00) characters."),
    ],
)
def test_value_that_cannot_be_stored_is_no_alarm_and_loses_no_text(rf, error, django_user_model):
    request = rf.post("/somewhere/", {"text": "Our long <b>text</b>", "password": "not this one"})
    request.user = django_user_model(full_name="Ana")
    request.session, request._messages = {}, []
    response = ImpossibleValuesMiddleware(lambda _request: None).process_exception(request, error)
    page = response.content.decode()
    assert response.status_code == 400
    assert "Our long &lt;b&gt;text&lt;/b&gt;" in page
    assert "not this one" not in page


def test_other_errors_stay_errors(rf):
    middleware = ImpossibleValuesMiddleware(lambda _request: None)
    assert middleware.process_exception(rf.get("/"), ValueError("ours")) is None
