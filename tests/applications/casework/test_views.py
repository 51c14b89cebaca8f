"""The pages of casework: one request per outcome, and flat query counts."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from applications.casework.models import CaseOwner, Note, Seen, StaffTag, Tagging
from applications.casework.selectors import unread_mentions
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
)
from tests.factories.applications import AssignmentFactory, SubmittedApplicationFactory
from tests.factories.casework import (
    CaseOwnerFactory,
    MentionFactory,
    NoteFactory,
    SeenFactory,
    StaffTagFactory,
    TaggingFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ilse():
    return CoordinatorFactory(full_name="Ilse Verbeek")


@pytest.fixture
def enter(sign_in):
    """Sign in as staff, with the second factor they need."""

    def do(person):
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": ""})
        return sign_in(person)

    return do


@pytest.fixture
def application():
    return SubmittedApplicationFactory(organisation__name="Dubrovnik")


def at(name, application):
    return reverse(f"casework:{name}", args=[application.reference])


def detail(application):
    return reverse("applications:staff_detail", args=[application.reference])


def text(response):
    return response.content.decode()


# On the page of the application -----------------------------------------------------


def test_page_shows_owner_tags_notes_and_who_has_seen_it(enter, ilse, application):
    CaseOwnerFactory(application=application, owner__full_name="Marek Dvořák")
    TaggingFactory(application=application, tag__name="Legal question", tag__tone="warning")
    NoteFactory(application=application, words="The mayor has called.")
    SeenFactory(application=application, person__full_name="Nora Lind")
    words = text(enter(ilse).get(detail(application)))
    for part in ("Marek Dvořák", "Legal question", "The mayor has called.", "Nora Lind", "Take it"):
        assert part in words
    assert "Seen by 1 of staff" in words


def test_opening_leaves_one_mark_an_hour(enter, ilse, application):
    client = enter(ilse)
    for _ in range(2):
        client.get(detail(application))
    [row] = Seen.objects.all()
    first = row.at
    Seen.objects.update(at=first - dt.timedelta(hours=2))
    client.get(detail(application))
    assert Seen.objects.get().at >= first


@pytest.mark.parametrize(
    "headers", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}]
)
def test_page_fetched_ahead_leaves_no_mark(headers, enter, ilse, application):
    enter(ilse).get(detail(application), headers=headers)
    assert not Seen.objects.exists()


def test_assessor_leaves_a_mark_and_reads_nothing(enter):
    reading = AssignmentFactory()
    NoteFactory(application=reading.application, words="The mayor has called.")
    TaggingFactory(application=reading.application, tag__name="Legal question")
    CaseOwnerFactory(application=reading.application, owner__full_name="Marek Dvořák")
    words = text(enter(reading.assessor).get(detail(reading.application)))
    for part in ("The mayor", "Legal question", "Marek Dvořák", "Notes among staff", "Seen by"):
        assert part not in words
    assert Seen.objects.get().person == reading.assessor


def test_observer_reads_and_is_offered_nothing(enter, application):
    NoteFactory(application=application, words="The mayor has called.")
    words = text(enter(ObserverFactory()).get(detail(application)))
    assert "The mayor has called." in words
    for part in ("Take it", "Add a tag", "Write"):
        assert part not in words


def test_owner_who_is_gone_is_named_as_such(enter, ilse, application):
    CaseOwnerFactory(application=application, owner__full_name="Marek", owner__is_active=False)
    assert "no longer sees this application" in text(enter(ilse).get(detail(application)))


@pytest.mark.parametrize("number", [1, 3])
def test_page_takes_the_same_queries_for_one_and_three(
    number, enter, ilse, application, django_assert_num_queries
):
    for _ in range(number):
        TaggingFactory(application=application)
        MentionFactory(note__application=application, person=ilse)
        SeenFactory(application=application)
    CaseOwnerFactory(application=application)
    client = enter(ilse)
    ContentType.objects.get_for_model(application)
    client.get(detail(application))
    with django_assert_num_queries(15):
        client.get(detail(application))


# Owners -----------------------------------------------------------------------------


def test_case_is_taken_with_one_press(enter, ilse, application):
    client = enter(ilse)
    response = client.post(at("take", application), {"version": "0"}, follow=True)
    assert "You look after this application now." in text(response)
    assert CaseOwner.objects.get().owner == ilse


def test_second_to_take_it_reads_who_was_first(enter, ilse, application):
    CaseOwnerFactory(application=application, owner__full_name="Marek Dvořák")
    response = enter(ilse).post(at("take", application), {"version": "0"}, follow=True)
    assert "Marek Dvořák looks after this application since a moment ago" in text(response)


def test_case_is_given_to_a_colleague_of_the_list(enter, ilse, application):
    desk, marek = DeskFactory(full_name="Far Desk"), CoordinatorFactory(full_name="Marek Dvořák")
    client = enter(ilse)
    words = text(client.get(at("owner", application)))
    assert "Marek Dvořák" in words
    assert "Far Desk" not in words
    data = {"owner": marek.pk, "version": "0"}
    done = client.post(at("owner", application), data, follow=True)
    assert "Marek Dvořák looks after this application now" in text(done)
    assert client.post(at("owner", application), data).status_code == 409
    refused = client.post(at("owner", application), {"owner": desk.pk, "version": "1"})
    assert refused.status_code == 422
    client.post(at("owner", application), {"owner": "", "version": "1"})
    assert CaseOwner.objects.get().owner is None


def test_page_that_was_overtaken_goes_through_the_second_time(enter, ilse, application):
    CaseOwnerFactory(application=application)
    client = enter(ilse)
    refused = client.post(at("owner", application), {"owner": ilse.pk, "version": "0"})
    assert refused.status_code == 409
    assert 'name="version" value="1"' in text(refused)
    client.post(at("owner", application), {"owner": ilse.pk, "version": "1"})
    assert CaseOwner.objects.get().owner == ilse


# Notes ------------------------------------------------------------------------------


def test_note_is_written_changed_and_removed(enter, ilse, application):
    client = enter(ilse)
    client.post(at("notes", application), {"text": "The mayor has called."})
    [note] = Note.objects.all()
    page = text(client.get(at("notes", application)))
    assert "The mayor has called." in page
    assert 'data-keep="no"' in page
    client.post(reverse("casework:note", args=[note.pk]), {"text": "Her deputy has called."})
    assert "changed" in text(client.get(at("notes", application)))
    client.post(reverse("casework:note_remove", args=[note.pk]))
    page = text(client.get(at("notes", application)))
    assert "This note was removed." in page
    assert "deputy" not in page


def test_refused_call_keeps_what_was_typed(enter, ilse, application):
    refused = enter(ilse).post(at("notes", application), {"text": "@Nobody look"})
    assert refused.status_code == 422
    assert "calls nobody who reads these notes" in text(refused)
    assert "@Nobody look</textarea>" in text(refused)


def test_note_of_another_offers_no_change(enter, ilse, application):
    NoteFactory(application=application)
    old = NoteFactory(application=application, by=ilse, at=timezone.now() - dt.timedelta(hours=1))
    page = text(enter(ilse).get(at("notes", application)))
    assert reverse("casework:note", args=[old.pk]) + '"' not in page
    assert page.count("Remove<") + page.count("Remove\n") == 2


def test_notes_for_me_are_listed_until_the_case_is_opened(enter, ilse, application):
    MentionFactory(note__application=application, note__words="@Ilse look", person=ilse)
    client = enter(ilse)
    words = text(client.get(reverse("casework:mine")))
    assert "@Ilse look" in words
    assert "New" in words
    client.get(at("notes", application))
    again = client.get(reverse("casework:mine"))
    assert [mention.is_new for mention in again.context["page"]] == [False]


def test_note_waits_until_a_page_has_shown_it(enter, ilse, application):
    for _ in range(5):
        MentionFactory(note__application=application, person=ilse)
    client = enter(ilse)
    for left in (2, 0):
        client.get(detail(application))
        assert unread_mentions(ilse).count() == left


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("notes", 9), ("mine", 5)])
def test_lists_of_notes_take_the_same_queries(
    name, queries, number, enter, ilse, application, django_assert_num_queries
):
    for _ in range(number):
        MentionFactory(note__application=application, note__by=ilse, person=ilse)
    client = enter(ilse)
    url = at("notes", application) if name == "notes" else reverse("casework:mine")
    client.get(url)
    with django_assert_num_queries(queries):
        client.get(url)


# Tags -------------------------------------------------------------------------------


def test_tags_of_an_application_are_chosen(enter, ilse, application):
    legal, late = StaffTagFactory(name="Legal question"), StaffTagFactory(name="Late")
    client = enter(ilse)
    assert "Legal question" in text(client.get(at("application_tags", application)))
    client.post(at("application_tags", application), {"tags": [legal.pk, late.pk]})
    assert Tagging.objects.count() == 2
    page = text(client.get(at("application_tags", application)))
    assert f'name="shown" value="{legal.pk}"' in page
    client.post(at("application_tags", application), {"shown": [legal.pk, late.pk, "x"]})
    assert Tagging.objects.count() == 0


def test_tag_is_added_changed_merged_and_removed(enter, ilse):
    client = enter(ilse)
    client.post(reverse("casework:tag_new"), {"name": "Legal question", "tone": "info"})
    [tag] = StaffTag.objects.all()
    url = reverse("casework:tag", args=[tag.pk])
    client.post(url, {"name": "Legal", "tone": "danger", "version": "1"})
    late = TaggingFactory(tag__name="Law").tag
    merge = reverse("casework:tag_merge", args=[late.pk])
    assert client.post(merge, {"into": ""}).status_code == 422
    client.post(merge, {"into": tag.pk})
    assert [row.name for row in StaffTag.objects.all()] == ["Legal"]
    assert Tagging.objects.get().tag == tag
    client.post(reverse("casework:tag_remove", args=[tag.pk]))
    assert StaffTag.objects.exists()
    Tagging.objects.all().delete()
    client.post(reverse("casework:tag_remove", args=[tag.pk]))
    assert not StaffTag.objects.exists()


def test_tag_that_was_saved_meanwhile_is_shown_and_the_next_save_goes_through(enter, ilse):
    tag = StaffTagFactory(name="Legal question")
    client, url = enter(ilse), reverse("casework:tag", args=[tag.pk])
    client.post(url, {"name": "Law", "tone": "info", "version": "1"})
    refused = client.post(url, {"name": "Legal", "tone": "danger", "version": "1"})
    assert refused.status_code == 409
    assert "Law" in text(refused)
    assert 'name="version" value="2"' in text(refused)
    client.post(url, {"name": "Legal", "tone": "danger", "version": "2"})
    assert StaffTag.objects.get().name == "Legal"


def test_desk_adds_a_tag_and_puts_none_in_order(enter):
    tag = StaffTagFactory()
    client = enter(DeskFactory())
    client.post(reverse("casework:tag_new"), {"name": "Law", "tone": "info"})
    assert StaffTag.objects.count() == 2
    assert client.get(reverse("casework:tag", args=[tag.pk])).status_code == 403
    assert "Merge" not in text(client.get(reverse("casework:tags")))


def test_assessor_has_no_list_of_notes(enter):
    client = enter(AssessorFactory())
    assert client.get(reverse("casework:mine")).status_code == 403
