"""The mails of sign-in: in our words, as text and HTML, each with its absolute link."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a long and calm sentence"


def letter():
    (message,) = mail.outbox
    (html,) = (part for part, kind in message.alternatives if kind == "text/html")
    for body in (message.body, html):
        assert "International Urban Cooperation" in body
        assert "You get this mail because" in body
        assert "Thank you for using" not in body
        assert "{{" not in body
    assert "<" not in message.body
    link = re.search(r"http://testserver/\S+", message.body)[0]
    assert f'href="{link}"' in html
    return message, link


def sign_up(client, email):
    data = {"email": email, "full_name": "<b>Win now</b>", "password1": PASSWORD}
    client.post("/accounts/signup/", data)


def test_new_person_confirms_the_address(client):
    sign_up(client, "new@city.example")

    message, link = letter()

    assert message.subject == "Confirm your e-mail address"
    assert "Win now" not in message.body
    assert client.get(link).status_code == 200


def test_known_address_is_told_so_in_a_mail_only(client):
    sign_up(client, UserFactory().email)

    message, link = letter()

    assert message.subject == "You have an account already"
    assert link.endswith("/accounts/password/reset/")


def test_forgotten_password_gets_a_link(client):
    client.post("/accounts/password/reset/", {"email": UserFactory().email})

    message, link = letter()

    assert message.subject == "Set a new password"
    assert client.get(link, follow=True).status_code == 200


def test_unknown_address_is_told_how_to_make_an_account(client):
    client.post("/accounts/password/reset/", {"email": "nobody@city.example"})

    message, link = letter()

    assert message.subject == "No account with this address"
    assert link.endswith("/accounts/signup/")


def test_further_address_is_asked_for_in_our_words(sign_in):
    page = sign_in(UserFactory()).get("/accounts/email/").content.decode()
    assert re.search(r"<label[^>]*>\s*Further e-mail address\s*</label>", page)
    assert not re.search(r">\s*Email\s*<", page)


@pytest.mark.parametrize(
    ("kind", "offered"),
    [
        ({"primary": True, "verified": True}, set()),
        ({"primary": True, "verified": False}, {"action_send"}),
        ({"primary": False, "verified": True}, {"action_primary", "action_remove"}),
        ({"primary": False, "verified": False}, {"action_send", "action_remove"}),
    ],
)
def test_only_what_can_be_done_with_an_address_is_offered(sign_in, kind, offered):
    person = UserFactory()
    client = sign_in(person)
    EmailAddress.objects.filter(user=person).delete()
    address = person.email if kind["primary"] else "further@city.example"
    EmailAddress.objects.create(user=person, email=address, **kind)
    if not kind["primary"]:
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)

    page = client.get("/accounts/email/").content.decode()

    assert set(re.findall(r'name="(action_\w+)"', page)) - {"action_add"} == offered


def test_password_that_will_not_do_is_answered_with_advice(client):
    data = {"email": "ana@city.example", "full_name": "Ana K", "password1": "password"}
    page = client.post("/accounts/signup/", data).content.decode()
    assert "Use at least 12 characters; a few words in a row" in page
    assert "Many people use this one" in page
    assert "too short" not in page
    assert "One answer needs your attention" in page


def test_sign_in_says_what_it_leads_to(client):
    page = client.get("/accounts/login/", {"next": "/applications/new/call/?kind=municipality"})
    assert "Sign in to start your application." in page.content.decode()


def test_sign_up_asks_for_the_address_in_the_words_of_sign_in(client):
    page = client.get("/accounts/signup/").content.decode()
    assert re.search(r"<label[^>]*>\s*E-mail\s*</label>", page)
    assert ">Email<" not in page
    assert "A link to confirm it comes by mail." in page
