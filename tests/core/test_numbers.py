import pytest
from django import forms

from core.kit.errors import InvalidError
from core.kit.fields import PopulationField
from core.kit.numbers import parse_population


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("100000", 100_000),
        ("100 000", 100_000),
        ("100\u00a0000", 100_000),
        ("100\u202f000", 100_000),
        ("100,000", 100_000),
        ("100.000", 100_000),
        ("100'000", 100_000),
        ("100’000", 100_000),
        ("1.234.567", 1_234_567),
        ("99 999", 99_999),
        ("  100001  ", 100_001),
        ("00100001", 100_001),
        ("50000000", 50_000_000),
    ],
)
def test_population_understood(typed, number):
    assert parse_population(typed) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "population_empty"),
        ("   ", "population_empty"),
        ("1e6", "population_form"),
        ("-1", "population_form"),
        ("+100000", "population_form"),
        ("٣", "population_form"),
        ("１００", "population_form"),
        ("²", "population_form"),
        ("100.5", "population_form"),
        ("1,00", "population_form"),
        ("1.000,5", "population_form"),
        ("1.000,000", "population_form"),
        ("100 00", "population_form"),
        ("1000.000", "population_form"),
        ("0.100", "population_form"),
        ("100,000.00", "population_form"),
        ("100 000 inhabitants", "population_form"),
        ("0x10", "population_form"),
        ("1_000", "population_form"),
        ("NaN", "population_form"),
        ("<b>1</b>", "population_form"),
        ("0", "population_zero"),
        ("50000001", "population_large"),
        ("9" * 10_000, "population_large"),
    ],
)
def test_population_refused_with_how_to_type_it(typed, code):
    with pytest.raises(InvalidError) as caught:
        parse_population(typed)
    assert caught.value.code == code
    assert str(caught.value).endswith(".")


class Form(forms.Form):
    population = PopulationField()
    other = PopulationField(required=False)


def test_field_gives_the_number():
    form = Form({"population": "104 500"})
    assert form.is_valid()
    assert form.cleaned_data == {"population": 104_500, "other": None}


def test_field_keeps_what_was_typed():
    form = Form({"population": "1e6"})
    assert not form.is_valid()
    assert 'value="1e6"' in str(form["population"])
    assert "digits 0 to 9" in form.errors["population"][0]


def test_field_shows_a_stored_number_that_can_be_sent_again():
    form = Form(initial={"population": 1_045_000})
    assert 'value="1,045,000"' in str(form["population"])
    assert parse_population("1,045,000") == 1_045_000
