"""Owner and tags in the list of staff, and given to many at once."""

import pytest
from django.urls import reverse

from applications.acting import actions
from applications.bulk.models import BulkRun
from applications.casework.models import CaseOwner
from applications.casework.services import merge_tags
from applications.lists import columns_for, filters_for
from applications.models import Application
from core.jobs.services import run_job
from core.kit.errors import InvalidError, PortalError, WrongStateError
from core.kit.keys import FIELD, new_key
from iuc_portal.colleagues.selectors import held_by
from iuc_portal.colleagues.services import hand_over_work
from tests.factories.accounts import AssessorFactory, CoordinatorFactory, DeskFactory
from tests.factories.applications import (
    AssignmentFactory,
    ConflictFactory,
    SubmittedApplicationFactory,
)
from tests.factories.casework import CaseOwnerFactory, StaffTagFactory, TaggingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ilse():
    return CoordinatorFactory(full_name="Ilse Verbeek")


def narrowed(by, key, value):
    [one] = [one for one in filters_for(by) if one.key == key]
    return set(one.narrow(Application.objects.reached_by(by), by, str(value)))


def cells(by, key, *applications):
    [one] = [one for one in columns_for(by) if one.key == key]
    return one.load(applications, by)


def test_filter_finds_mine_those_of_others_and_nobodys(ilse):
    mine = CaseOwnerFactory(owner=ilse).application
    others = CaseOwnerFactory()
    gone = CaseOwnerFactory(owner__is_active=False).application
    free = SubmittedApplicationFactory()
    assert narrowed(ilse, "owner", "me") == {mine}
    assert narrowed(ilse, "owner", others.owner_id) == {others.application}
    assert narrowed(ilse, "owner", "nobody") == {gone, free}


def test_filters_offer_owners_and_tags_with_one_query(ilse, django_assert_num_queries):
    owner, tag = CaseOwnerFactory().owner, StaffTagFactory()
    with django_assert_num_queries(1):
        offered = {one.key: one.choices(ilse) for one in filters_for(ilse)}
    assert (str(owner.pk), owner.full_name) in offered["owner"]
    assert offered["tag"] == [(str(tag.pk), tag.name)]


def test_columns_say_who_owns_it_and_which_tags_it_bears(ilse):
    application = TaggingFactory(tag__name="Late <1>", tag__tone="danger").application
    CaseOwnerFactory(application=application, owner=ilse)
    assert "IV" in cells(ilse, "owner", application)[application.pk]
    assert "Late &lt;1&gt;" in cells(ilse, "tags", application)[application.pk]
    ConflictFactory(application=application, person=ilse)
    assert cells(CoordinatorFactory(), "owner", application) == {}


def test_tag_filter_keeps_what_bears_it(ilse):
    row = TaggingFactory()
    SubmittedApplicationFactory()
    assert narrowed(ilse, "tag", row.tag_id) == {row.application}


def test_assessor_is_offered_none_of_it():
    reader = AssessorFactory()
    keys = {one.key for one in (*columns_for(reader), *filters_for(reader))}
    assert not keys & {"owner", "tags", "tag"}


def test_owner_is_given_to_many_and_taken_back(ilse):
    action, marek = actions()["casework.own"], CoordinatorFactory(full_name="Marek Dvořák")
    mine = CaseOwnerFactory(owner=ilse).application
    free = SubmittedApplicationFactory()
    values = {"owner": marek.pk}
    changes = action.preview([mine, free], values, ilse)
    assert (changes[mine.pk].before, changes[mine.pk].after) == ("Ilse Verbeek", "Marek Dvořák")
    assert changes[free.pk].before == "Nobody"
    kept = {one.pk: action.do(one, values, ilse, changes[one.pk]) for one in (mine, free)}
    assert {row.owner for row in CaseOwner.objects.all()} == {marek}
    for one in (mine, free):
        action.undo(one, kept[one.pk], ilse, "A slip.")
    assert CaseOwner.objects.get(application=mine).owner == ilse
    assert CaseOwner.objects.get(application=free).owner is None
    with pytest.raises(PortalError):
        action.undo(mine, kept[mine.pk], ilse, "Again.")


def test_colleague_who_does_not_see_it_is_given_nothing(ilse):
    action, application = actions()["casework.own"], SubmittedApplicationFactory()
    [change] = action.preview([application], {"owner": DeskFactory().pk}, ilse).values()
    assert "does not see it" in change.why_not


def test_tag_is_put_on_many_and_taken_back(ilse):
    action, tag = actions()["casework.tag"], StaffTagFactory(name="Late")
    borne = TaggingFactory(tag=tag).application
    free = TaggingFactory(tag__name="Law").application
    values = {"tag": tag.pk, "is_on": True}
    changes = action.preview([borne, free], values, ilse)
    assert not changes[borne.pk].is_change
    assert (changes[free.pk].before, changes[free.pk].after) == ("Law", "Late, Law")
    kept = action.do(free, values, ilse, changes[free.pk])
    assert free.taggings.count() == 2
    action.undo(free, kept, ilse, "A slip.")
    assert [row.tag.name for row in free.taggings.all()] == ["Law"]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("key", ["casework.own", "casework.tag"])
def test_preview_takes_the_same_queries(key, number, ilse, django_assert_max_num_queries):
    rows = [CaseOwnerFactory().application for _ in range(number)]
    values = {"owner": ilse.pk, "tag": StaffTagFactory().pk, "is_on": True}
    with django_assert_max_num_queries(3):
        actions()[key].preview(rows, values, ilse)


def test_undo_says_that_the_tag_was_merged_meanwhile(ilse):
    action, tag = actions()["casework.tag"], StaffTagFactory(name="Late")
    free = SubmittedApplicationFactory()
    values = {"tag": tag.pk, "is_on": True}
    [change] = action.preview([free], values, ilse).values()
    kept = action.do(free, values, ilse, change)
    merge_tags(tag=tag, into=StaffTagFactory(name="Too late"), by=ilse)
    with pytest.raises(WrongStateError, match="merged into another one"):
        action.undo(free, kept, ilse, "A slip.")
    assert [row.tag.name for row in free.taggings.all()] == ["Too late"]


# Pages ------------------------------------------------------------------------------

LIST = "/staff/applications/"


def test_console_leads_to_the_list_of_what_is_mine(ilse, sign_in, settings):
    settings.DEMO = True
    mine = CaseOwnerFactory(owner=ilse, given_by=CoordinatorFactory()).application
    CaseOwnerFactory()
    client = sign_in(ilse)
    console = client.get("/staff/")
    [tile] = [one for one in console.context["tiles"] if "given to you" in one.title]
    assert tile.number == 1
    page = client.get(tile.url)
    assert [row.pk for row in page.context["page"].object_list] == [mine.pk]
    assert page.context["form"].chosen["owner"] == "me"


def test_list_shows_owner_and_tags_once_they_are_chosen(ilse, sign_in, settings):
    settings.DEMO = True
    application = TaggingFactory(tag__name="Late").application
    CaseOwnerFactory(application=application, owner=ilse)
    client = sign_in(ilse)
    assert 'data-label="Owner"' not in client.get(LIST).content.decode()
    words = client.get(LIST, {"column": ["owner", "tags"]}).content.decode()
    assert 'data-label="Owner"><abbr title="Ilse Verbeek">IV</abbr>' in words
    assert 'data-label="Tags"><span class="tag staff-tag staff-tag-plain">Late</span>' in words


@pytest.mark.parametrize("number", [1, 3])
def test_list_with_all_columns_asks_as_often(
    number, ilse, sign_in, settings, django_assert_num_queries
):
    settings.DEMO = True
    for _row in range(number):
        application = CaseOwnerFactory(owner=ilse).application
        TaggingFactory(application=application)
        AssignmentFactory(application=application)
    client = sign_in(ilse)
    client.get(LIST)
    columns = [one.key for one in columns_for(ilse)]
    with django_assert_num_queries(15):
        words = client.get(LIST, {"column": columns, "owner": "me"}).content.decode()
    assert words.count(f'data-label="Call">{application.call.title}<') == 1
    assert words.count(f'data-label="Contact">{application.contact_name}<') == number


@pytest.mark.parametrize(
    ("action", "asked"),
    [("casework.own", {"owner": "marek"}), ("casework.tag", {"tag": "tag", "way": "on"})],
)
def test_many_are_given_by_the_page_and_taken_back(action, asked, ilse, sign_in, settings):
    settings.DEMO = True
    marek, tag = CoordinatorFactory(full_name="Marek Dvořák"), StaffTagFactory(name="Late")
    rows = [SubmittedApplicationFactory(), TaggingFactory().application]
    known = {"marek": marek.pk, "tag": tag.pk}
    data = {name: known.get(value, value) for name, value in asked.items()}
    client = sign_in(ilse)
    ids = "&".join(f"id={one.pk}" for one in rows)
    url = f"{reverse('bulk:choose')}?action={action}&{ids}"
    looked = client.post(url, data)
    preview = looked.context["preview"]
    assert len(preview.changes) == 2
    sent = {"go": "1", "seen": preview.seen, "asked": preview.asked, FIELD: new_key(ilse.pk)}
    assert client.post(url, data | sent).status_code == 302
    run = BulkRun.objects.get()
    run_job(pk=run.job_id)
    assert set(run.rows.values_list("state", flat=True)) == {"done"}
    undone = client.post(
        reverse("bulk:undo", args=[run.pk]), {"reason": "A slip.", FIELD: new_key(ilse.pk)}
    )
    assert undone.status_code == 302
    run.refresh_from_db()
    run_job(pk=run.job_id)
    assert set(run.rows.values_list("state", flat=True)) == {"undone"}
    assert not CaseOwner.objects.exclude(owner=None).exists()
    assert not tag.taggings.exists()


# Handing over -----------------------------------------------------------------------


def test_who_leaves_hands_over_what_they_look_after(ilse, mailoutbox):
    leaves, takes = CoordinatorFactory(full_name="Marek"), DeskFactory()
    row = CaseOwnerFactory(owner=leaves)
    [held] = held_by(leaves, ilse)
    assert held.number == 1
    assert row.application.reference in held.first[0]
    with pytest.raises(InvalidError) as caught:
        hand_over_work(person=leaves, receivers={"cases": takes}, reason="Leaves.", by=ilse)
    assert caught.value.field == "cases"
    assert "does not see this application" in str(caught.value)
    mailoutbox.clear()
    hand_over_work(person=leaves, receivers={"cases": ilse}, reason="Leaves.", by=ilse)
    row.refresh_from_db()
    assert row.owner == ilse
    assert held_by(leaves, ilse) == []
    assert "Applications that they look after: 1" in mailoutbox[0].body


def test_who_moves_it_hands_over_nothing_they_have_a_link_with(ilse):
    leaves = CoordinatorFactory()
    row = CaseOwnerFactory(owner=leaves)
    ConflictFactory(application=row.application, person=ilse)
    assert held_by(leaves, ilse) == []
