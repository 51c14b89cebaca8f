import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from core.kit.errors import InvalidError, NotAllowedError, PortalError, StaleError, WrongStateError
from core.kit.middleware import PortalErrorMiddleware
from tests.factories.accounts import CoordinatorFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_staff_without_second_factor_is_led_to_set_one_up(sign_in, settings):
    settings.DEMO = False
    response = sign_in(CoordinatorFactory()).get("/staff/audit/")
    assert response.status_code == 302
    assert response["Location"] == reverse("mfa_index")


def test_staff_with_second_factor_enters(sign_in, settings):
    settings.DEMO = False
    coordinator = CoordinatorFactory()
    Authenticator.objects.create(
        user=coordinator, type=Authenticator.Type.TOTP, data={"secret": "x"}
    )
    assert sign_in(coordinator).get("/staff/audit/").status_code == 200


def test_demo_staff_enter_without_second_factor(sign_in, settings):
    settings.DEMO = True
    assert sign_in(CoordinatorFactory()).get("/staff/audit/").status_code == 200


def test_superuser_without_second_factor_does_not_reach_the_admin(sign_in, settings):
    settings.DEMO = False
    person = CoordinatorFactory(is_staff=True, is_superuser=True)
    assert sign_in(person).get("/admin/")["Location"] == reverse("mfa_index")


def test_city_people_need_no_second_factor(sign_in, settings):
    settings.DEMO = False
    assert sign_in(UserFactory()).get(reverse("accounts:account")).status_code == 200


def test_pages_of_a_signed_in_person_are_not_stored(sign_in):
    response = sign_in(UserFactory()).get(reverse("accounts:account"))
    assert "no-store" in response["Cache-Control"]


def refuse(error, data=None):
    request = RequestFactory().post("/somewhere/", data or {})
    request.user = UserFactory()
    request.session = {}
    request._messages = []
    middleware = PortalErrorMiddleware(lambda _request: HttpResponse())
    return middleware.process_exception(request, error)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotAllowedError("No. Ask a lead."), 403),
        (WrongStateError("It has moved on. Load it again."), 409),
        (StaleError("Somebody was first. Compare."), 409),
        (InvalidError("That is wrong. Type it again."), 422),
        (PortalError("No. Try later."), 422),
    ],
)
def test_refusal_becomes_a_page_that_says_so(error, status):
    response = refuse(error)
    assert response.status_code == status
    assert error.message in response.content.decode()


def test_refusal_gives_back_what_was_typed_but_no_secret():
    data = {
        "challenges": "Our <b>harbour</b> is full.",
        "password": "not to be seen",
        "csrfmiddlewaretoken": "a b c",
    }
    html = refuse(WrongStateError("The call is closed. Wait."), data).content.decode()
    assert "Our &lt;b&gt;harbour&lt;/b&gt; is full." in html
    assert "not to be seen" not in html
    assert "a b c" not in html


def test_other_errors_stay_errors():
    assert refuse(ValueError("broken")) is None
