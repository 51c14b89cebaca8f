"""The guard against counting over two relations at once."""

import pytest
from django.db.models import Count, Q

from programme.calls.models import Call
from programme.organisations.models import Organisation
from tests.infra.joins import MultipliedRows

pytestmark = pytest.mark.django_db


def test_counting_over_two_relations_fails():
    both = Call.objects.annotate(
        sent=Count("applications", distinct=True), paired=Count("pairings", distinct=True)
    )

    with pytest.raises(MultipliedRows, match=r"applications_application × pairings_pairing"):
        list(both)


def test_filter_over_one_relation_multiplies_the_count_of_another():
    rows = Organisation.objects.filter(memberships__user=1).annotate(n=Count("applications"))

    with pytest.raises(MultipliedRows):
        list(rows)


def test_part_of_a_query_is_checked_too():
    rows = Call.objects.annotate(sent=Count("applications"), paired=Count("pairings"))

    with pytest.raises(MultipliedRows):
        list(Call.objects.filter(pk__in=rows.values("pk")))


@pytest.mark.parametrize(
    "rows",
    [
        Call.objects.annotate(
            sent=Count("applications"), drafts=Count("applications", filter=Q(pk=1))
        ),
        Call.objects.annotate(n=Count("applications__municipalities")),
        Call.objects.filter(applications__isnull=False, pairings__isnull=False),
    ],
    ids=["one relation twice", "a chain", "no aggregate"],
)
def test_what_multiplies_nothing_may_pass(rows):
    assert list(rows) == []
