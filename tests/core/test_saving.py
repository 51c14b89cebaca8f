"""Form, service, refusal: each error has one status, one place, and keeps what was typed."""

import pytest
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template import RequestContext, Template
from django.test import Client, RequestFactory
from django.urls import include, path

from core.kit.errors import InvalidError, NotAllowedError, PortalError, StaleError, WrongStateError
from core.kit.fields import LineField, VersionField
from core.kit.saving import Sent, finish, posted, press, save

ERRORS = [
    (InvalidError("Type it again.", field="name"), 422, "name"),
    (InvalidError("Type it again.", field="nothing_of_the_form"), 422, "__all__"),
    (InvalidError("Something is missing."), 422, "__all__"),
    (WrongStateError("Choose a higher number.", field="name"), 409, "name"),
    (PortalError("Try again later."), 422, "__all__"),
    (NotAllowedError("Ask a lead."), 403, "__all__"),
    (WrongStateError("It has moved on."), 409, "__all__"),
    (StaleError("Somebody was first.", current={"name": "Theirs"}, version=7), 409, "__all__"),
]


class NameForm(forms.Form):
    name = LineField(max_length=20)
    version = VersionField()


class DayForm(forms.Form):
    places = {"at": "time"}
    day, time = LineField(max_length=9), LineField(max_length=9)


class Editor:
    """A page of two forms."""

    def __init__(self, data):
        self.form, self.rows = NameForm(data), NameForm(data, prefix="rows")

    def is_valid(self):
        return all([self.form.is_valid(), self.rows.is_valid()])


def request_of(method="POST", **data):
    request = getattr(RequestFactory(), method.lower())("/page/", data)
    request._messages = []
    return request


def refusing(error):
    def service():
        raise error

    return service


def forbidden():
    raise AssertionError("The service must not be called.")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_page_that_is_read_saves_nothing(method):
    request = request_of(method, name="Ana")
    sent = save(request, NameForm(posted(request)), forbidden)
    assert sent == Sent(200)
    assert not sent.is_done


@pytest.mark.parametrize("data", [{}, {"name": ""}, {"name": "x" * 21}])
def test_invalid_form_has_422_and_never_reaches_the_service(data):
    request = request_of(**data)
    sent = save(request, NameForm(posted(request)), forbidden)
    assert (sent.status, sent.is_done, sent.error) == (422, False, None)


@pytest.mark.parametrize("returned", ["saved", None, 0, []])
def test_valid_form_is_done_whatever_the_service_returns(returned):
    request = request_of(name="Ana")
    sent = save(request, NameForm(posted(request)), lambda: returned)
    assert sent.is_done
    assert sent.result == returned
    assert sent.error is None


@pytest.mark.parametrize(("error", "status", "place"), ERRORS)
def test_refusal_has_its_status_and_stands_at_its_place(error, status, place):
    request = request_of(name="Ana <b>", version="3")
    form = NameForm(posted(request))
    sent = save(request, form, refusing(error))
    assert (sent.status, sent.error, sent.is_done) == (status, error, False)
    assert form.errors == {place: [error.message]}
    assert form["name"].value() == "Ana <b>"


def test_refusal_of_what_several_fields_say_stands_at_the_place_the_form_names():
    request = request_of(day="1", time="2")
    form = DayForm(posted(request))
    save(request, form, refusing(InvalidError("Too early.", field="at")))
    assert form.errors == {"time": ["Too early."]}


def test_stale_form_carries_the_stored_version_so_that_the_next_save_knows_it():
    request = request_of(name="Ana", version="3")
    form = NameForm(posted(request))
    sent = save(request, form, refusing(StaleError("First.", current={"name": "B"}, version=7)))
    assert sent.stale.current == {"name": "B"}
    assert form["version"].value() == "7"
    assert request.POST["version"] == "3"


def test_stale_form_with_a_prefix_carries_its_own_version():
    request = request_of(**{"a-name": "Ana", "a-version": "3"})
    form = NameForm(posted(request), prefix="a")
    save(request, form, refusing(StaleError("First.", version=7)))
    assert form["version"].value() == "7"


def test_other_refusals_keep_the_version():
    request = request_of(name="Ana", version="3")
    form = NameForm(posted(request))
    assert save(request, form, refusing(WrongStateError("Sent."))).stale is None
    assert form["version"].value() == "3"


def test_errors_that_are_no_refusals_are_not_caught():
    request = request_of(name="Ana")
    with pytest.raises(ValueError):
        save(request, NameForm(posted(request)), refusing(ValueError("broken")))


def test_page_of_several_forms_is_checked_whole():
    request = request_of(name="Ana")
    editor = Editor(posted(request))
    assert save(request, editor, forbidden).status == 422
    assert editor.rows.errors


def test_page_of_several_forms_shows_the_refusal_in_its_form():
    request = request_of(**{"name": "Ana", "rows-name": "Luka"})
    editor = Editor(posted(request))
    assert save(request, editor, refusing(WrongStateError("Sent."))).status == 409
    assert editor.form.errors == {"__all__": ["Sent."]}


@pytest.mark.parametrize(("error", "status", "_place"), ERRORS)
def test_refused_button_says_so_on_the_next_page(rf_messages, error, status, _place):
    request, said = rf_messages
    if isinstance(error, NotAllowedError):
        with pytest.raises(NotAllowedError):
            press(request, refusing(error), "Done.")
        return
    pressed = press(request, refusing(error), "Done.")
    assert (pressed.is_done, pressed.status, pressed.error) == (False, status, error)
    assert said() == [(messages.ERROR, error.message)]


def test_button_says_what_was_done(rf_messages):
    request, said = rf_messages
    assert press(request, lambda: "x", "Done.").result == "x"
    assert said() == [(messages.SUCCESS, "Done.")]


def test_button_without_words_says_nothing(rf_messages):
    request, said = rf_messages
    assert press(request, lambda: None).is_done
    assert said() == []


def test_finish_says_so_and_leads_on(rf_messages):
    request, said = rf_messages
    response = finish(request, "Saved.", "/there/")
    assert (response.status_code, response["Location"]) == (302, "/there/")
    assert said() == [(messages.SUCCESS, "Saved.")]


@pytest.fixture
def rf_messages():
    from django.contrib.messages.storage.cookie import CookieStorage

    request = RequestFactory().post("/page/")
    request._messages = CookieStorage(request)
    return request, lambda: [(one.level, str(one.message)) for one in request._messages]


# The same through a page: with tokens checked, and the middleware for what no view catches.
def page(request, error):
    form = NameForm(posted(request))
    sent = save(request, form, refusing(ERRORS[error][0]))
    if sent.is_done:
        return finish(request, "Saved.", "/")
    get_token(request)
    html = Template(
        '{% load portal %}<form method="post">{% csrf_token %}'
        '{% include "components/error_summary.html" with form=form only %}'
        '{% for field in form %}{% include "components/field.html" with field=field only %}'
        "{% endfor %}</form>"
    ).render(RequestContext(request, {"form": form}))
    return HttpResponse(html, status=sent.status)


def uncaught(request, error):
    raise ERRORS[error][0]


urlpatterns = [
    path("page/<int:error>/", page),
    path("uncaught/<int:error>/", uncaught),
    path("", include("iuc_portal.urls")),
]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("number", range(len(ERRORS)))
def test_page_keeps_what_was_typed_with_tokens_checked(number):
    error, status, _place = ERRORS[number]
    client = Client(enforce_csrf_checks=True)
    client.get(f"/page/{number}/")
    token = client.cookies["csrf"].value
    data = {"name": "Ana <i>K</i>", "version": "3", "csrfmiddlewaretoken": token}
    response = client.post(f"/page/{number}/", data)
    html = response.content.decode()
    assert response.status_code == status
    assert error.message in html
    assert 'value="Ana &lt;i&gt;K&lt;/i&gt;"' in html
    assert "What you typed" not in html
    refused = client.post(f"/page/{number}/", {"name": "Ana", "version": "3"})
    assert refused.status_code == 403


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("number", range(len(ERRORS)))
def test_page_of_the_middleware_follows_the_same_table(number):
    error, status, _place = ERRORS[number]
    response = Client().post(f"/uncaught/{number}/", {"full_name": "Ana K", "version": "3"})
    html = response.content.decode()
    assert response.status_code == status
    assert error.message in html
    assert "Ana K</textarea>" in html
