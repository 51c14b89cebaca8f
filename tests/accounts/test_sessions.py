"""Who is signed in: read with the session, and never somebody else."""

import pytest
from django.contrib.auth import SESSION_KEY, get_user

from accounts.models import Session, User
from accounts.services import delete_person
from accounts.sessions import SessionStore, person_in
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def session(client, person):
    """The session of somebody who has signed in, as their next request finds it."""
    client.force_login(person)
    return SessionStore(client.session.session_key)


def test_session_and_person_are_one_query(session, person, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert person_in(session) == person


def test_session_of_nobody_has_no_person(django_assert_num_queries):
    session = SessionStore()
    session["django_language"] = "es"
    session.save()
    with django_assert_num_queries(1):
        assert person_in(SessionStore(session.session_key)) is None
    assert Session.objects.get().user is None


def test_session_says_whose_it_is_since_the_sign_in(session, person):
    assert Session.objects.get(user=person).session_key == session.session_key


def test_signing_out_leaves_no_session_of_the_person(client, person):
    client.force_login(person)
    client.post("/accounts/logout/")
    assert not Session.objects.filter(user=person).exists()
    assert client.get("/accounts/me/").status_code == 302


@pytest.mark.parametrize("doubt", ["password", "backend", "another", "closed"])
def test_what_is_in_doubt_is_left_to_django(doubt, client, session, person):
    other = UserFactory()
    if doubt == "password":
        person.set_password("another-long-password")
        person.save()
    elif doubt == "backend":
        session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
        session.save()
    elif doubt == "another":
        # The key beside the session is of no account where the session says something else.
        Session.objects.update(user=other)
    else:
        User.objects.update(is_active=False)

    found = SessionStore(session.session_key)
    assert person_in(found) is None
    shown = client.get("/accounts/me/")
    if doubt == "another":
        assert shown.wsgi_request.user == person
    else:
        assert (shown.status_code, shown.wsgi_request.user.is_authenticated) == (302, False)


def test_sessions_end_with_the_account(session, person):
    delete_person(person=person)
    assert not Session.objects.exists()
    assert person_in(SessionStore(session.session_key)) is None


def test_session_whose_person_is_gone_is_nobodys(rf, session, person):
    User.objects.filter(pk=person.pk)._raw_delete("default")
    found = SessionStore(session.session_key)
    assert found[SESSION_KEY] == str(person.pk)
    assert person_in(found) is None
    request = rf.get("/")
    request.session = found
    assert not get_user(request).is_authenticated
