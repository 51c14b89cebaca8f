"""Rows that are read while others write."""

import pytest
from django.db.models import OuterRef

from core.kit.rows import NOTHING, KeptQuery, in_chunks, in_slices, lines_of, which_exist
from programme.models import Country
from programme.organisations.models import Organisation
from tests.factories.programme import CountryFactory, OrganisationFactory

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


def test_slices_are_read_as_far_as_somebody_goes(countries, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert next(in_slices(countries, 2)).code == "SE"
    with django_assert_num_queries(2):
        found = [country.code for country in in_slices(countries, 2)]
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


def test_names_of_what_hangs_on_a_row_come_with_it(countries, django_assert_num_queries):
    OrganisationFactory(country_id="HR", name="Split")
    OrganisationFactory(country_id="HR", name="Dubrovnik, old town")
    rows = Organisation.objects.filter(country=OuterRef("pk"))
    with django_assert_num_queries(1):
        found = {
            country.code: country.names_there
            for country in countries.annotate(names_there=lines_of(rows, "name"))
        }
    assert sorted(found.pop("HR").split("\n")) == ["Dubrovnik, old town", "Split"]
    assert set(found.values()) == {None}


def test_one_query_tells_what_is_there(countries, django_assert_num_queries):
    asked = {
        "all": countries,
        "one": countries.filter(code="HR"),
        "none": countries.filter(code="XX"),
        "nothing": countries.filter(NOTHING),
    }
    stored = countries.first()
    with django_assert_num_queries(1):
        assert which_exist(stored, asked) == {"all", "one"}
    with django_assert_num_queries(0):
        assert which_exist(stored, {}) == set()


def test_kept_query_is_built_once_for_a_key_and_finds_what_is_there_now(
    countries, django_assert_num_queries
):
    kept, built = KeptQuery(most=2), []

    def build(code):
        built.append(code)
        return Country.objects.filter(code__gte=code).order_by("code").values_list("code")

    def found(code):
        return [one for (one,) in kept.rows(code, lambda: build(code))]

    assert found("PL") == ["PL", "SE"]
    Country.objects.filter(code="SE").delete()
    with django_assert_num_queries(1):
        assert found("PL") == ["PL"]
    assert found("HR") == ["HR", "PL"]
    assert built == ["PL", "HR"]
    # Room is made for a third.
    found("DE")
    found("PL")
    assert built == ["PL", "HR", "DE", "PL"]
