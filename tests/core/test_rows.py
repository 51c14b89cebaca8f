"""Rows that are read while others write."""

import pytest

from core.kit.rows import in_chunks
from programme.models import Country
from tests.factories.programme import CountryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def countries():
    for code in ("DE", "FR", "HR", "PL", "SE"):
        CountryFactory(code=code, name=code)
    return Country.objects.order_by("-code")


def test_rows_come_in_their_order_a_few_at_a_time(countries, django_assert_num_queries):
    with django_assert_num_queries(4):
        found = [country.code for country in in_chunks(countries, 2)]
    assert found == ["SE", "PL", "HR", "FR", "DE"]


def test_nothing_is_open_from_one_row_to_the_next(countries):
    """What is removed and changed meanwhile is gone and changed in the next chunk."""
    rows = in_chunks(countries, 2)
    first = next(rows)
    Country.objects.filter(code="FR").delete()
    Country.objects.filter(code="HR").update(name="New")
    assert [first.code, *((row.code, row.name == "New") for row in rows)] == [
        "SE",
        ("PL", False),
        ("HR", True),
        ("DE", False),
    ]
