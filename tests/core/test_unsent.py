"""What came too late: how much of it is kept, how it is shown, how it is put back."""

from copy import deepcopy

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Session
from action_plans.models import Objective
from core.kit import unsent
from core.kit.keys import FIELD, PUT_BACK
from core.kit.shown import page_of
from tests.access.forms import Page
from tests.factories.action_plans import ObjectiveFactory, PlanFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.files import PDF
from tests.factories.programme import CallDocumentFactory, MembershipFactory

pytestmark = pytest.mark.django_db

WORDS = "Words of a person"


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


@pytest.fixture
def objectives():
    """The address of a plan's objectives, and its author."""
    plan = PlanFactory()
    author = MembershipFactory(organisation=plan.member.organisation, role="editor").user
    return reverse("action_plans:objectives", args=[plan.reference]), author


def browser_of(person):
    client = Client()
    client.force_login(person, backend="accounts.backends.PersonBackend")
    return client


def typed_on(client, url):
    """Return what a person sends from a page."""
    page = Page(client.get(url).content.decode(), url)
    form = next(form for form in reversed(page.forms) if form.address == url)
    return next(iter(form.sent(filled=True)))


def kept_of(person, url, data):
    """Send a form without a session, sign in, and return the browser and the page of the text."""
    client = Client()
    client.post(url, data)
    client.force_login(person, backend="accounts.backends.PersonBackend")
    return client, client.get(reverse("accounts:unsent"))


def test_text_is_shown_with_the_label_and_beside_what_is_stored(objectives):
    url, author = objectives
    data = typed_on(browser_of(author), url)
    _client, kept = kept_of(author, url, data)
    shown = {one.label: one.mine for one in kept.context["answers"]}

    assert WORDS in shown.values()
    html = kept.content.decode()
    for label in shown:
        assert f"<h3>{label}</h3>" in html
    assert "form_key</h3>" not in html
    assert all(one.theirs is not None for one in kept.context["answers"])


def test_text_put_back_stands_in_its_form_and_nothing_is_carried_out(objectives):
    url, author = objectives
    data = typed_on(browser_of(author), url)
    client, _kept = kept_of(author, url, data)
    page = client.post(url, data | {PUT_BACK: "yes"})

    assert page.status_code == 200
    assert "It is not saved yet" in page.content.decode()
    texts = [
        v
        for form in Page(page.content.decode(), url).forms
        for c in form.controls
        for v in c.values
    ]
    assert WORDS in texts
    assert Objective.objects.count() == 0
    # The page holds it from here on.
    assert client.get(reverse("accounts:unsent")).status_code == 302


def test_text_of_a_form_that_is_gone_is_spelt_out(objectives):
    url, author = objectives
    data = typed_on(browser_of(author), url)
    gone = reverse("action_plans:objectives", args=["LAP-1999-0001"])
    _client, kept = kept_of(author, gone, {FIELD: data[FIELD], "target_year": "2031"})

    [answer] = kept.context["answers"]
    assert (answer.label, answer.mine, answer.theirs) == ("Target year", "2031", None)


def test_discarding_leads_back_to_the_page_of_the_form(objectives):
    url, author = objectives
    data = typed_on(browser_of(author), url)
    client, _kept = kept_of(author, url, data)
    answer = client.post(reverse("accounts:unsent"))

    assert answer["Location"] == url


def test_file_that_was_sent_alone_is_chosen_again():
    draft = ApplicationFactory(call=CallDocumentFactory(key="plan").call, response=None)
    author = MembershipFactory(organisation=draft.organisation).user
    url = reverse("applications:document", args=[draft.key, "plan"])
    key = typed_on(browser_of(author), url)[FIELD]
    client, kept = kept_of(author, url, {FIELD: key, "file": SimpleUploadedFile("a.pdf", PDF)})

    assert "Your file did not arrive" in kept.content.decode()
    assert "Nothing you wrote is lost" not in kept.content.decode()
    assert client.post(reverse("accounts:unsent"))["Location"] == url


def test_section_that_saves_itself_asks_nobody_to_save_what_is_put_back():
    draft = ApplicationFactory()
    author = MembershipFactory(organisation=draft.organisation).user
    url = reverse("applications:section", args=[draft.key, "first"])
    data = typed_on(browser_of(author), url)
    client, _kept = kept_of(author, url, data)
    page = client.post(url, data | {PUT_BACK: "yes"}).content.decode()

    assert "The line at the foot says when it is saved." in page
    assert "check it, then save it" not in page


def test_same_form_is_kept_five_times_an_hour(objectives):
    url, author = objectives
    data = typed_on(browser_of(author), url)
    before = Session.objects.count()
    for _time in range(8):
        answer = Client().post(url, data)
        assert answer.status_code == 302

    assert Session.objects.count() - before == 5


def test_visitor_has_so_many_forms_kept(objectives, settings):
    settings.ACCOUNT_RATE_LIMITS = {"keep_unsent": "5/h/key,3/h/ip"}
    url, author = objectives
    client = browser_of(author)
    forms = [typed_on(client, url) for _number in range(5)]
    before = Session.objects.count()
    for data in forms:
        Client().post(url, data)

    assert Session.objects.count() - before == 3


def test_text_that_nobody_writes_is_not_kept(objectives):
    url, author = objectives
    data = typed_on(browser_of(author), url)
    before = Session.objects.count()
    Client().post(url, data | {"title": "x" * (unsent.MOST_CHARACTERS + 1)})

    assert Session.objects.count() == before


@pytest.mark.parametrize(
    ("came_from", "page"),
    [
        ("http://testserver/plans/?a=1", "/plans/?a=1"),
        ("http://testserver//elsewhere.example/", "/%2Felsewhere.example/"),
        ("https://elsewhere.example/plans/", "/here/"),
        ("", "/here/"),
    ],
)
def test_page_of_a_form_is_one_of_ours(rf, came_from, page):
    assert page_of(rf.post("/here/", headers={"referer": came_from})) == page


def test_stale_token_shows_the_same(objectives):
    url, author = objectives
    ObjectiveFactory(plan=PlanFactory())
    client = Client(enforce_csrf_checks=True)
    client.cookies = deepcopy(browser_of(author).cookies)
    data = typed_on(client, url)
    answer = client.post(url, data | {"csrfmiddlewaretoken": "x" * 64})

    assert answer.status_code == 403
    assert WORDS in [one.mine for one in answer.context["answers"]]
    assert "Put my text back and go on" in answer.content.decode()
