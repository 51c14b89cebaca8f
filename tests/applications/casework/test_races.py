"""What two colleagues do to one application at the same moment."""

import pytest

from applications.casework import services
from applications.casework.models import CaseOwner, Seen, StaffTag, Tagging
from core.kit.errors import PortalError, StaleError
from core.trail.models import AuditEvent
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import SubmittedApplicationFactory
from tests.factories.casework import CaseOwnerFactory, StaffTagFactory, TaggingFactory
from tests.infra.threads import run_in_threads

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("owned", [False, True])
def test_of_all_who_take_it_at_once_one_has_it(owned):
    application = SubmittedApplicationFactory()
    version = CaseOwnerFactory(application=application).version if owned else 0
    people = [CoordinatorFactory() for _ in range(4)]

    def take(number):
        return services.set_owner(
            application=application,
            owner=people[number],
            read_version=version,
            by=people[number],
        )

    results = run_in_threads(4, take)
    refused = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in refused] == [StaleError] * 3, refused
    [done] = [one for one in results if not isinstance(one, Exception)]
    row = CaseOwner.objects.get()
    assert (row.owner, row.version) == (done.owner, version + 1)
    assert AuditEvent.objects.filter(verb="case.taken").count() == 1
    assert all(str(row.owner) in str(one) for one in refused)


def test_opening_at_once_leaves_one_mark_each():
    application, boss = SubmittedApplicationFactory(), CoordinatorFactory()
    results = run_in_threads(4, lambda _: services.note_seen(application=application, by=boss))
    assert results == [None] * 4
    assert Seen.objects.count() == 1


def test_merging_both_ways_at_once_leaves_one_tag_on_all():
    boss = CoordinatorFactory()
    tags = [TaggingFactory(tag=StaffTagFactory()).tag for _ in range(2)]

    def merge(number):
        return services.merge_tags(tag=tags[number], into=tags[1 - number], by=boss)

    results = run_in_threads(2, merge)
    refused = [one for one in results if isinstance(one, Exception)]
    assert len(refused) == 1
    assert isinstance(refused[0], PortalError), refused
    [left] = StaffTag.objects.all()
    assert [row.tag for row in Tagging.objects.all()] == [left, left]


def test_tagging_against_merging_loses_no_tag():
    boss, application = CoordinatorFactory(), SubmittedApplicationFactory()
    old, kept = StaffTagFactory(), StaffTagFactory()
    steps = [
        lambda: services.merge_tags(tag=old, into=kept, by=boss),
        lambda: services.set_tags(application=application, tags=[old], by=boss),
    ]
    merged, tagged = run_in_threads(2, lambda number: steps[number]())
    assert not isinstance(merged, Exception), merged
    assert tagged is None or isinstance(tagged, PortalError), tagged
    borne = [row.tag for row in application.taggings.all()]
    assert borne == ([kept] if tagged is None else [])
