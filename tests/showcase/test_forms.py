import pytest

from programme.calls.models import Call
from programme.models import CityName
from programme.places import name_key
from showcase.forms import CheckForm, PairingFilterForm
from tests.factories.programme import CityFactory, CountryFactory

pytestmark = pytest.mark.django_db


def filled(**typed):
    data = {"kind": "municipality", "name": "Dubrovnik", "country": "HR", "population": "104 500"}
    return CheckForm({**data, **typed}, call=Call(), countries=[CountryFactory()])


def test_check_form_understands_a_grouped_number():
    form = filled()

    assert form.is_valid(), form.errors
    assert form.cleaned_data["population"] == 104_500
    assert form.cleaned_data["members"] == []


@pytest.mark.parametrize("typed", ["1e6", "-1", "1２3", "", "100.5", "1.000,5"])
def test_check_form_refuses_other_numbers_with_how_to_type_them(typed):
    form = filled(population=typed)

    assert not form.is_valid()
    assert "for example 104500" in form.errors["population"][0]


def test_check_form_asks_a_region_for_no_number():
    assert filled(kind="region", population="").is_valid()


def test_check_form_asks_a_group_for_its_members():
    form = filled(kind="group", members=" \n ")

    assert form.errors["members"] == [
        "Name the other municipalities of the group, or choose “One city”."
    ]


def test_check_form_reads_members_one_a_line():
    form = filled(kind="group", members="Župa  dubrovačka\r\n\r\n Konavle ")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["members"] == ["Župa dubrovačka", "Konavle"]


@pytest.mark.parametrize("members", ["dubrovnik", "Župa dubrovačka\nZupa Dubrovacka"])
def test_check_form_names_a_municipality_given_twice(members):
    form = filled(kind="group", members=members)

    assert "is named twice" in form.errors["members"][0]


def test_check_form_names_a_place_given_twice_in_two_languages():
    city = CityFactory(name="Dubrovnik")
    CityName.objects.create(city=city, name="Рагуза", search_name=name_key("Рагуза"))
    form = filled(kind="group", members="Konavle\nРагуза")

    assert form.errors["members"] == ["Dubrovnik and Рагуза are one place. Name it once."]


def test_check_form_lets_two_places_of_one_name_be():
    CityFactory(name="Castro")
    CityFactory(name="Castro")

    assert filled(kind="group", members="Castro").is_valid()


def test_check_form_suggests_places():
    assert "data-combobox" in str(filled()["name"])


def test_check_form_forgets_members_of_a_single_city():
    form = filled(members="Konavle")

    assert form.is_valid()
    assert form.cleaned_data["members"] == []


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("kind", "", "Choose who would apply."),
        ("kind", "empire", "This is not in the list. Choose who would apply."),
        ("country", "", "Choose the country."),
        ("country", "XX", "This is not in the list. Choose the country again."),
        ("name", "", "Enter the name of the city."),
    ],
)
def test_check_form_names_what_is_missing(field, typed, message):
    assert filled(**{field: typed}).errors[field] == [message]


def test_check_form_limits_the_name():
    assert "at most 120 characters" in filled(name="x" * 10_000).errors["name"][0]


def filters(**typed):
    return PairingFilterForm(
        typed, europe=[("IT", "Italy")], partner=[("IN", "India")], theme=[("energy", "Energy")]
    )


def test_filter_form_returns_what_is_on():
    assert filters(q=" Lodz ", partner="IN").chosen() == {"q": "Lodz", "partner": "IN"}


def test_filter_form_leaves_out_what_is_not_in_the_list():
    form = filters(partner="XX", europe="IT")

    assert form.chosen() == {"europe": "IT"}
    assert "not in the list" in form.errors["partner"][0]


def test_filter_form_limits_the_search():
    form = filters(q="x" * 101)

    assert form.chosen() == {}
    assert "at most 100 characters" in form.errors["q"][0]


def test_filter_form_names_its_tags():
    form = filters(q="Łódź", theme="energy", sort="distance")

    assert form.tags() == [("q", "“Łódź”"), ("theme", "Energy")]
