"""How the names of places are compared, and what a search of a few places finds."""

import pytest
from django.urls import reverse

from programme.models import CityName
from programme.places import keyed_names, name_key
from programme.selectors import find_cities
from tests.factories.programme import CityFactory, CountryFactory, PartnerCountryFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("nothing", ["", "  ", "’", "%", "_", "\\", "\u0301"])
def test_signs_alone_find_nothing(nothing):
    CityFactory()
    assert list(find_cities(nothing)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("L’Aquila", "l aquila"),
        ("Cluj-Napoca", "CLUJ NAPOCA"),
        ("Ħamrun", "ħamrun"),
        ("Αθήνα", "ΑΘΗΝΑ"),
        ("東京", "東京\u200b"),
        ("Saint-Étienne", "saint etienne"),
    ],
)
def test_key_leaves_out_what_everybody_sets_otherwise(one, other):
    assert name_key(one) == name_key(other)


def test_key_tells_scripts_and_vowel_signs_apart():
    assert name_key("पुणे") != name_key("पण")
    assert name_key("Афины") != name_key("Αθήνα")


def test_later_words_of_the_main_name_have_keys_and_others_have_not():
    keys = keyed_names("Frankfurt am Main", ["Francoforte sul Meno"])
    assert keys["main"] == ("Frankfurt am Main", 2)
    assert keys["frankfurtammain"] == ("Frankfurt am Main", 0)
    assert "meno" not in keys


def test_renamed_place_is_found_by_both_names():
    city = CityFactory(name="Panjim")
    city.name = "Panaji"
    city.save()
    assert list(find_cities("panj")) == [city] == list(find_cities("panaji"))


def test_suggestion_says_by_which_name_it_was_found(client):
    city = CityFactory(name="Lisbon", country=CountryFactory(code="PT", name="Portugal"))
    CityName.objects.create(city=city, name="Lisboa", search_name="lisboa")
    address = reverse("organisations:city_search")
    found = client.get(address, {"q": "lisbo"}).json()
    assert found == [{"id": city.pk, "label": "Lisbon", "hint": "Portugal"}]
    found = client.get(address, {"q": "LISBOA"}).json()
    assert found == [{"id": city.pk, "label": "Lisbon", "hint": "Lisboa, Portugal"}]


def test_suggestions_of_a_country_are_of_that_country():
    CityFactory(name="Valencia")
    other = CityFactory(name="Valencia", country=PartnerCountryFactory())
    assert list(find_cities("valencia", other.country)) == [other]
