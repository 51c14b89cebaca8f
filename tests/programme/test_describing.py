"""What a city says of itself: kind of city and languages."""

import pytest
from django.urls import reverse

from core.kit.errors import StaleError
from core.trail.models import AuditEvent
from programme.organisations.services import describe_organisation
from programme.organisations.states import MembershipRole
from programme.states import TagGroup
from tests.factories.programme import (
    LanguageFactory,
    MembershipFactory,
    TagFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return MembershipFactory(role=MembershipRole.EDITOR)


def describe(membership, **values):
    return describe_organisation(
        organisation=membership.organisation,
        by=membership.user,
        **{"tags": [], "languages": [], "read_version": 1, **values},
    )


def test_describe_saves_and_leaves_a_line_with_what_it_became(editor):
    port, english = TagFactory(name="Port city"), LanguageFactory()
    saved = describe(editor, tags=[port], languages=[english])
    assert list(saved.tags.all()) == [port]
    assert list(saved.languages.all()) == [english]
    [event] = AuditEvent.objects.filter(verb="organisation.described")
    assert event.details == {"tags": "Port city", "languages": "English"}
    assert event.actor == editor.user


def test_describe_again_writes_nothing(editor):
    port = TagFactory()
    describe(editor, tags=[port])
    describe(editor, tags=[port])
    assert AuditEvent.objects.filter(verb="organisation.described").count() == 1


def test_describe_refuses_a_page_that_was_read_before_another_save(editor):
    describe(editor, tags=[TagFactory()])
    with pytest.raises(StaleError):
        describe(editor, tags=[TagFactory()])


@pytest.fixture
def page(editor, client):
    client.force_login(editor.user)
    return client, reverse("organisations:describe", args=[editor.organisation.slug])


def test_page_offers_tags_by_group_and_near_languages_first(page):
    client, url = page
    TagFactory(name="Port city")
    TagFactory(name="University city", group=TagGroup.ECONOMY)
    LanguageFactory()
    LanguageFactory(code="hr", name="Croatian", countries=["HR"])
    LanguageFactory(code="ja", name="Japanese", countries=["JP"])
    form = client.get(url).context["form"]

    def offered(name):
        return [str(row) for row in form.fields[name].queryset]

    assert offered("tags_location") == ["Port city"]
    assert offered("tags_economy") == ["University city"]
    assert offered("languages") == ["Croatian", "English"]
    assert offered("other_languages") == ["Japanese"]


def test_page_saves_all_groups_at_once(page, editor):
    client, url = page
    port, university = TagFactory(), TagFactory(group=TagGroup.ECONOMY)
    english, japanese = LanguageFactory(), LanguageFactory(code="ja", name="Japanese")
    answer = client.post(
        url,
        {
            "version": 1,
            "tags_location": port.pk,
            "tags_economy": university.pk,
            "languages": english.pk,
            "other_languages": japanese.pk,
        },
    )
    assert answer.status_code == 302
    assert set(editor.organisation.tags.all()) == {port, university}
    assert set(editor.organisation.languages.all()) == {english, japanese}
    shown = client.get(answer.url).content.decode()
    assert "Works in English, Japanese" in shown


def test_page_shows_what_is_stored_when_somebody_saved_first(page, editor):
    client, url = page
    describe(editor, tags=[TagFactory(name="Port city")])
    answer = client.post(url, {"version": 1, "tags_location": TagFactory().pk})
    assert answer.status_code == 409
    assert "Port city" in answer.content.decode()
