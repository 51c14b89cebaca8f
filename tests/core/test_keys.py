"""The key of a form: whose it is, and that the same form is carried out once."""

import datetime as dt
from copy import deepcopy

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, RequestContext, Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Session
from accounts.sessions import SessionStore
from action_plans.models import Measure, Objective
from core.kit import tasks
from core.kit.keys import (
    FIELD,
    TakenError,
    browser_mark,
    hold_by_link,
    is_of,
    is_ours,
    key_of,
    new_key,
    once,
    person_mark,
    sweep_keys,
)
from core.kit.middleware import TAKEN_COOKIE
from core.kit.models import TakenForm
from core.trail.models import AuditEvent
from programme.organisations.states import MembershipRole
from tests.access.forms import Page
from tests.factories.accounts import UserFactory
from tests.factories.action_plans import ObjectiveFactory, PlanFactory
from tests.factories.programme import MembershipFactory
from tests.infra.threads import run_in_threads


def author_of(plan):
    return MembershipFactory(organisation=plan.member.organisation, role=MembershipRole.EDITOR).user


def browser_of(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person, backend="accounts.backends.PersonBackend")
    return client


def form_on(client, url):
    """Return the last form of a page, which is its own, as filled in by a person."""
    page = Page(client.get(url).content.decode(), url)
    form = next(form for form in reversed(page.forms) if form.address == url)
    return next(iter(form.sent(filled=True)))


@pytest.fixture
def ask(rf):
    """Return a function that makes the request with which a person sends a form."""

    def make(person, **sent):
        request = rf.post("/", sent)
        request.user = person
        return request

    return make


@pytest.fixture
def objectives():
    """A plan, the address of its objectives, and the browser of its author."""
    plan = PlanFactory()
    return plan, reverse("action_plans:objectives", args=[plan.reference])


# Whose it is ------------------------------------------------------------------------


def test_key_is_of_the_person_it_was_made_for():
    key = new_key(7)
    assert is_of(key, 7)
    assert not is_of(key, 8)
    assert is_ours(key)
    assert new_key(7) != key


@pytest.mark.parametrize("key", ["", "x", "--", "a-b-c", "ab-cd-ef-gh", "é-é-é"])
def test_what_is_no_key_of_ours_is_nobodys(key):
    assert not is_ours(key)
    assert not is_of(key, 7)


def test_sealed_for_one_is_not_taken_for_another():
    ours, theirs = new_key(7).split("-"), new_key(8).split("-")
    assert not is_of("-".join([ours[0], theirs[1], ours[2]]), 8)


@pytest.mark.django_db
def test_request_has_a_key_only_of_its_own_person(ask):
    person, other = UserFactory.create_batch(2)
    key = new_key(person.pk)
    assert key_of(ask(person, **{FIELD: key})) == key
    assert key_of(ask(other, **{FIELD: key})) == ""
    assert key_of(ask(AnonymousUser(), **{FIELD: key})) == ""


@pytest.mark.django_db
def test_form_of_a_link_is_of_who_holds_it_unless_they_are_signed_in(ask):
    key = new_key("link:abc")
    holder, other = ask(AnonymousUser(), **{FIELD: key}), ask(AnonymousUser(), **{FIELD: key})
    assert browser_mark(holder) == ""
    hold_by_link(holder, "abc")
    hold_by_link(other, "def")
    assert (key_of(holder), key_of(other)) == (key, "")
    assert browser_mark(holder).startswith("link-")
    assert browser_mark(holder) != browser_mark(other)
    person = UserFactory()
    signed_in = ask(person, **{FIELD: key})
    hold_by_link(signed_in, "abc")
    assert key_of(signed_in) == ""
    assert browser_mark(signed_in) == person_mark(person.pk)


# The tag ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_form_of_a_part_included_with_only_has_both_fields(rf):
    request = rf.get("/")
    request.user = UserFactory()
    context = RequestContext(request, {"label": "Send", "danger": False})
    words = '{% include "components/confirm.html" with action_label=label only %}'
    html = Template(words).render(context)
    [form] = Page(html, "/").forms
    assert form.token
    assert [c.name for c in form.controls] == ["csrfmiddlewaretoken", FIELD]


def test_visitor_gets_the_token_alone(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    html = Template("{% csrf_token %}").render(RequestContext(request))
    assert "csrfmiddlewaretoken" in html
    assert FIELD not in html


def test_template_without_a_request_has_neither():
    assert Template("{% csrf_token %}").render(Context()) == ""


# Once -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_same_form_is_carried_out_once_and_another_again(ask):
    person = UserFactory()
    key = new_key(person.pk)
    done = []
    once(ask(person, **{FIELD: key, "title": "Shade"}), lambda: done.append(1))
    with pytest.raises(TakenError):
        once(ask(person, **{FIELD: key, "title": "Shade"}), lambda: done.append(2))
    once(ask(person, **{FIELD: key, "title": "Water"}), lambda: done.append(3))
    once(ask(person, title="Shade"), lambda: done.append(4))
    once(ask(person, title="Shade"), lambda: done.append(5))
    assert done == [1, 3, 4, 5]


@pytest.mark.django_db
def test_another_file_of_the_same_name_and_size_is_another_form(ask):
    person = UserFactory()
    key, done = new_key(person.pk), []

    def send(content):
        letter = SimpleUploadedFile("letter.pdf", content)
        request = ask(person, **{FIELD: key, "file": letter})
        once(request, lambda: done.append(request.FILES["file"].read()))

    send(b"one")
    with pytest.raises(TakenError):
        send(b"one")
    send(b"two")
    assert done == [b"one", b"two"]


@pytest.mark.django_db
def test_form_that_was_refused_may_be_sent_again(ask):
    person = UserFactory()
    sent = {FIELD: new_key(person.pk), "title": "Shade"}

    def refuse():
        raise LookupError

    with pytest.raises(LookupError):
        once(ask(person, **sent), refuse)
    assert once(ask(person, **sent), lambda: "done") == "done"


@pytest.mark.django_db
def test_second_answer_is_the_first_and_says_that_it_was_taken(objectives):
    plan, url = objectives
    client = browser_of(author_of(plan))
    data = form_on(client, url)
    answers = [client.post(url, data) for _twice in range(2)]
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, url)] * 2
    assert plan.objectives.count() == 1
    assert AuditEvent.objects.filter(verb="plan.objective_saved").count() == 1
    assert client.cookies[TAKEN_COOKIE].value == data[FIELD][0]


@pytest.mark.django_db
def test_refused_form_is_not_named_as_taken(objectives):
    plan, url = objectives
    client = browser_of(author_of(plan))
    data = form_on(client, url) | {"title": ""}
    assert client.post(url, data).status_code == 422
    assert TAKEN_COOKIE not in client.cookies


@pytest.mark.django_db
def test_forms_that_nobody_sends_again_are_forgotten():
    TakenForm.objects.create(digest="old")
    with time_machine.travel(dt.timedelta(days=13), tick=False):
        assert sweep_keys() == 0
    with time_machine.travel(dt.timedelta(days=15), tick=False):
        assert sweep_keys() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["objective", "measure"])
def test_same_form_sent_at_once_makes_one(kind, objectives):
    plan, url = objectives
    model, expected = Objective, 1
    if kind == "measure":
        ObjectiveFactory(plan=plan, number=1)
        url, model = reverse("action_plans:measure_new", args=[plan.reference]), Measure
    person = author_of(plan)
    client = browser_of(person)
    data = form_on(client, url)

    def send(_number):
        browser = browser_of(person)
        browser.cookies = deepcopy(client.cookies)
        return browser.post(url, data)

    answers = run_in_threads(4, send)
    assert {(a.status_code, a["Location"]) for a in answers} == {(302, answers[0]["Location"])}
    assert model.objects.count() == expected


@pytest.mark.django_db
def test_text_that_nobody_comes_back_for_ends_with_its_session():
    for days in (-1, 1):
        session = SessionStore()
        session["unsent"] = ["/", [], False, "14:32"]
        session.set_expiry(timezone.now() + dt.timedelta(days=days))
        session.save()

    tasks.sweep_sessions()

    assert Session.objects.get().session_key == session.session_key
