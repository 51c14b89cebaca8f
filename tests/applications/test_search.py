"""What staff find an application by, and what the search asks for it."""

import pytest

from applications.models import Application
from applications.selectors import search
from programme.models import CityName
from programme.places import name_key
from tests.factories.applications import MunicipalityFactory, SubmittedApplicationFactory
from tests.factories.programme import CityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent():
    """What Dubrovnik, once Ragusa, sent with Župa dubrovačka, beside another application."""
    city = CityFactory(name="Dubrovnik")
    for name in ("Ragusa", "Stari Grad"):
        CityName.objects.create(city=city, name=name, search_name=name_key(name))
    SubmittedApplicationFactory(contact_name="Luka", contact_email="l@e.example", signatory_name="")
    application = SubmittedApplicationFactory(
        organisation__name="Grad Dubrovnik",
        reference="C2C-9",
        contact_email="ana@dub.example",
        lead={"city": city},
    )
    MunicipalityFactory(application=application, name="Župa dubrovačka")
    return application


@pytest.mark.parametrize(
    "words",
    [
        *("ubrov", "c2c-9", "ANA@dub", "Franković", "kovacevic", "župa", "rad dub"),
        *("ragu", "ana ragusa", "Stari Gr", "ragusa c2c"),
    ],
)
def test_each_part_is_found_with_one_query_for_names_of_places(
    words, sent, django_assert_num_queries
):
    with django_assert_num_queries(2):
        assert list(search(Application.objects.all(), words)) == [sent]


@pytest.mark.parametrize("words", ["agusa", "ragusa luka", "atlantis"])
def test_what_one_application_does_not_have_is_not_found(words, sent):
    assert not search(Application.objects.all(), words).exists()


def test_no_words_keep_all(sent):
    assert search(Application.objects.all(), "  ").count() == 2


def test_words_that_begin_no_place_ask_one_column_alone(sent):
    asked = str(search(Application.objects.order_by().values("pk"), "bench 99").query)
    assert asked.count("search_text") == 2
    assert "JOIN" not in asked
    assert asked.count("SELECT") == 1
