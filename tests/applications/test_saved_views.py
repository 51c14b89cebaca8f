"""Columns of the list of applications, and views of it that are kept."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from applications.models import SavedView
from applications.services import pass_on_view, remove_view, save_view
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from iuc_portal.colleagues.services import hand_over_work
from tests.factories.accounts import CoordinatorFactory, ObserverFactory, UserFactory
from tests.factories.applications import AssignmentFactory, SubmittedApplicationFactory

pytestmark = pytest.mark.django_db

LIST = "/staff/applications/"
VIEWS = "/staff/views/"


@pytest.fixture
def by():
    return CoordinatorFactory(full_name="Ilse Verbeek")


@pytest.fixture
def staff(sign_in):
    """Sign in as staff, with the second factor they need."""

    def enter(person):
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": ""})
        return sign_in(person)

    return enter


def text(response):
    return response.content.decode()


# Columns -------------------------------------------------------------------------------


def test_list_shows_the_columns_that_are_chosen(by, staff):
    application = SubmittedApplicationFactory(contact_name="Ana Kovačević")
    AssignmentFactory(application=application)
    page = staff(by).get(LIST, {"column": ["contact", "call"]})
    assert [one.key for one in page.context["columns"]] == ["call", "contact"]
    words = text(page)
    assert 'data-label="Contact">Ana Kovačević</td>' in words
    assert f'data-label="Call">{application.call.title}</td>' in words
    assert 'data-label="Assessors"' not in words


def test_column_that_is_not_shown_is_not_asked_for(by, staff, django_assert_num_queries):
    SubmittedApplicationFactory()
    client = staff(by)
    client.get(LIST)
    with django_assert_num_queries(9):
        client.get(LIST, {"column": "status"})


def test_unknown_columns_show_the_usual_ones(by, staff):
    SubmittedApplicationFactory()
    page = staff(by).get(LIST, {"column": "nonsense"})
    assert "status" in [one.key for one in page.context["columns"]]


def test_text_in_a_column_is_shown_as_text(by, staff):
    SubmittedApplicationFactory(
        contact_name="<b>Ana</b>", organisation__name="<script>alert(1)</script>"
    )
    words = text(staff(by).get(LIST, {"column": "contact"}))
    assert "&lt;b&gt;Ana&lt;/b&gt;" in words
    assert "<script>alert" not in words


# Views ---------------------------------------------------------------------------------


def test_view_is_kept_with_filters_columns_and_order(by, staff):
    SubmittedApplicationFactory()
    client = staff(by)
    query = "status=submitted&sort=city&column=contact"
    page = client.post(f"{VIEWS}?{query}&page=3&id=7&odd=1", {"name": "To check"})
    assert page.headers["location"] == f"{LIST}?{query}"
    view = SavedView.objects.get()
    assert (view.person, view.name, view.query, view.is_shared) == (by, "To check", query, False)
    words = text(client.get(f"{LIST}?{query}"))
    assert "To check" in words


def test_shared_view_is_offered_to_colleagues_and_an_own_one_is_not(by, staff):
    save_view(name="Shared one", query="q=a", is_shared=True, by=by)
    save_view(name="Own one", query="q=b", is_shared=False, by=by)
    words = text(staff(ObserverFactory()).get(LIST))
    assert "Shared one" in words
    assert "Own one" not in words


def test_same_name_changes_the_view(by):
    save_view(name="Asia", query="q=a", is_shared=False, by=by)
    save_view(name="Asia", query="q=b", is_shared=True, by=by)
    view = SavedView.objects.get()
    assert (view.query, view.is_shared) == ("q=b", True)


def test_view_too_many_is_refused(by):
    for number in range(20):
        save_view(name=f"View {number}", query="", is_shared=False, by=by)
    with pytest.raises(WrongStateError, match="Remove one first"):
        save_view(name="One more", query="", is_shared=False, by=by)
    save_view(name="View 3", query="q=a", is_shared=False, by=by)


def test_view_needs_a_name_and_a_query_that_fits(by):
    with pytest.raises(InvalidError):
        save_view(name=" ", query="", is_shared=False, by=by)
    with pytest.raises(InvalidError):
        save_view(name="Long", query="q" * 1001, is_shared=False, by=by)


def test_nobody_else_keeps_views():
    with pytest.raises(NotAllowedError):
        save_view(name="Mine", query="", is_shared=False, by=UserFactory())


def test_view_of_a_colleague_is_theirs_to_remove(by, staff):
    view = save_view(name="Asia", query="q=a", is_shared=True, by=by)
    with pytest.raises(NotAllowedError):
        remove_view(view=view, by=ObserverFactory())
    client = staff(by)
    assert "Remove" in text(client.get(VIEWS))
    client.post(reverse("applications:saved_view_remove", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_view_of_who_left_is_offered_to_nobody_and_put_in_order_by_a_coordinator(by, staff):
    left = ObserverFactory()
    view = save_view(name="Asia", query="q=a", is_shared=True, by=left)
    left.staff_role = ""
    left.save()
    assert "Asia" not in text(staff(ObserverFactory()).get(LIST))
    client = staff(by)
    assert "Asia" not in text(client.get(LIST))
    assert "no longer of the unit" in text(client.get(VIEWS))
    client.post(reverse("applications:saved_view_take_over", args=[view.pk]))
    view.refresh_from_db()
    assert (view.person, view.is_shared) == (by, True)
    assert "Asia" in text(client.get(LIST))


def test_coordinator_removes_what_is_shared_and_nobody_what_is_not(by):
    shared = save_view(name="Asia", query="q=a", is_shared=True, by=ObserverFactory())
    own = save_view(name="Mine", query="q=a", is_shared=False, by=ObserverFactory())
    remove_view(view=shared, by=by)
    for step in (
        lambda: remove_view(view=own, by=by),
        lambda: pass_on_view(row=own, to=by, by=by),
    ):
        with pytest.raises(NotAllowedError):
            step()
    assert SavedView.objects.get() == own


def test_view_is_handed_over_under_a_name_that_is_free(by):
    person, to = ObserverFactory(), CoordinatorFactory()
    save_view(name="Asia", query="q=b", is_shared=False, by=to)
    save_view(name="Asia", query="q=a", is_shared=True, by=person)
    hand_over_work(person=person, receivers={"views": to}, reason="She leaves.", by=by)
    assert set(to.saved_views.values_list("name", "query")) == {
        ("Asia", "q=b"),
        ("Asia (2)", "q=a"),
    }
