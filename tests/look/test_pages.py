"""The shells, the sign-in pages and the sheet of components."""

import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.selectors import DemoAccount
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    ObserverFactory,
    UserFactory,
)
from tests.markup import squeezed

ENTRANCE = ["account_login", "account_signup", "account_reset_password", "account_logout"]
MANAGE = [
    "account_email",
    "account_change_password",
    "mfa_index",
    "usersessions_list",
    "account_reauthenticate",
]


def text(response):
    return squeezed(response.content.decode())


def title(html):
    [found] = re.findall(r"<title>([^<]*)</title>", html)
    return found


@pytest.fixture
def demo(settings):
    settings.DEMO = True


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in ENTRANCE if name != "account_logout"])
def test_entrance_page_is_drawn_in_our_look(client, name):
    html = text(client.get(reverse(name)))
    assert title(html).endswith(" | International Urban Cooperation")
    assert 'class="sign-in"' in html
    assert html.count("<h1") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*MANAGE, "account_logout"])
def test_account_page_is_drawn_in_our_look(sign_in, name):
    html = text(sign_in(UserFactory()).get(reverse(name)))
    assert title(html).endswith(" | International Urban Cooperation")
    assert html.count("<h1") == 1


@pytest.mark.django_db
def test_title_starts_with_error_when_the_form_failed(client):
    html = text(client.post(reverse("account_login"), {"login": "", "password": ""}))
    assert title(html) == "Error: Sign in | International Urban Cooperation"
    assert 'href="#id_login"' in html
    assert 'href="#id_password"' in html


@pytest.mark.django_db
def test_sign_in_page_lists_no_account_outside_a_demo(client):
    UserFactory(is_demo=True, email="ana@demo.example")
    html = text(client.get(reverse("account_login")))
    assert "ana@demo.example" not in html


@pytest.mark.django_db
def test_sign_in_page_of_a_demo_has_one_form_for_each_account(client, demo):
    UserFactory(is_demo=True, email="ana@demo.example", job_title="City of Dubrovnik, lead")
    html = text(client.get(reverse("account_login")))
    assert 'name="login" value="ana@demo.example"' in html
    assert "City of Dubrovnik, lead" in html


def test_demo_accounts_show_the_password():
    accounts = [DemoAccount(email="a@b.example", name="Ana", role="Lead", password="word")]
    html = render_to_string("components/demo_accounts.html", {"accounts": accounts})
    assert "<code>word</code>" in html


def test_many_demo_accounts_fold():
    accounts = [DemoAccount(email=f"{n}@b.example", name="Ana", role="Lead") for n in range(11)]
    html = squeezed(render_to_string("components/demo_accounts.html", {"accounts": accounts}))
    assert "<summary>3 more</summary>" in html
    assert html.count('name="login"') == 11


@pytest.mark.django_db
def test_language_choice_posts_and_comes_back(client):
    address = reverse("account_login")
    html = text(client.get(address))
    assert '<html lang="en-gb">' in html
    assert f'name="next" value="{address}"' in html
    answer = client.post(reverse("set_language"), {"language": "es", "next": address})
    assert (answer.status_code, answer["Location"]) == (302, address)
    html = text(client.get("/calls/"))
    # Nothing is translated so far: the page says so, and voices go on reading English.
    assert "This page is not translated yet" in html
    assert '<html lang="en-gb">' in html
    assert re.search(r'value="es"[^>]*aria-current="true"', html)
    assert ">English</button>" in html


@pytest.mark.django_db
def test_signed_in_person_sees_their_menu(sign_in):
    person = UserFactory(full_name="Ana Kovačević", email="ana@city.example")
    html = text(sign_in(person).get(reverse("mfa_index")))
    assert "Signed in as ana@city.example" in html
    assert f'action="{reverse("account_logout")}"' in html


@pytest.mark.django_db
def test_components_page_asks_a_visitor_to_sign_in(client):
    answer = client.get(reverse("portal:components"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.django_db
def test_components_page_is_hidden_from_a_city(sign_in, demo):
    assert sign_in(UserFactory()).get(reverse("portal:components")).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("factory", [CoordinatorFactory, AssessorFactory, ObserverFactory])
def test_components_page_opens_for_staff(sign_in, demo, factory):
    answer = sign_in(factory()).get(reverse("portal:components"))
    assert answer.status_code == 200
    assert title(text(answer)) == "Components | Console | International Urban Cooperation"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("factory", "seen"),
    [(CoordinatorFactory, True), (ObserverFactory, True), (AssessorFactory, False)],
)
def test_console_menu_follows_the_role(sign_in, demo, factory, seen):
    html = text(sign_in(factory()).get(reverse("portal:components")))
    menu = html[html.index('id="sidenav"') : html.index("</nav>")]
    assert ("Audit trail" in menu) is seen
    assert re.search(r'href="/staff/components/" aria-current="page"', menu)


def test_htmx_comes_only_where_it_is_used(client, db):
    assert "htmx" not in client.get("/about/").content.decode()
    assert "django_htmx/htmx" in client.get("/pairings/").content.decode()
