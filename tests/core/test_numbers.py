import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

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
        ("1,14,759", 114_759),
        ("1,50,00,000", 15_000_000),
        ("12 34 567", 1_234_567),
        ("１００", 100),
        ("１００，０００", 100_000),
        ("１００　０００", 100_000),
        ("٣", 3),
        ("١٠٤٬٥٠٠", 104_500),
        ("۱۰۴٬۵۰۰", 104_500),
        ("१,१४,७५९", 114_759),
        ("১১৪৭৫৯", 114_759),
        ("100`000", 100_000),
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
        ("1２3", "population_form"),
        ("१٤", "population_form"),
        ("1,1,14,759", "population_form"),
        ("1.14.759", "population_form"),
        ("1,14 759", "population_form"),
        ("1,14,75", "population_form"),
        ("14,1,759", "population_form"),
        ("01,14,759", "population_form"),
        ("12,3456", "population_form"),
        ("104٫500", "population_form"),
        ("₹ 1,50,000", "population_form"),
        ("十万", "population_form"),
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


def test_refusal_says_what_was_read():
    for typed, words in {"1.14.759": "We read “1.14.759”", "12,5": "“12,5” has decimals"}.items():
        with pytest.raises(InvalidError, match=words):
            parse_population(typed)


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


def indian(number):
    """Write a number in lakh and crore."""
    text = str(number)
    head, tail = text[:-3], text[-3:]
    pairs = []
    while head:
        pairs.insert(0, head[-2:])
        head = head[:-2]
    return ",".join([*pairs, tail])


POPULATIONS = st.integers(min_value=1, max_value=50_000_000)


@given(
    number=POPULATIONS,
    parted=st.sampled_from([*" .,'’\u00a0\u202f\u2009", "lakh", ""]),
    zero=st.sampled_from("0०٠۰০０๐"),
)
def test_population_written_anywhere_is_read_back(number, parted, zero):
    written = indian(number) if parted == "lakh" else f"{number:,}".replace(",", parted)
    digits = {48 + n: chr(ord(zero) + n) for n in range(10)}
    assert parse_population(written.translate(digits)) == number


def said_of(text):
    """Return the sentence with which a text is refused, "." for one that is read."""
    try:
        parse_population(text)
    except InvalidError as refused:
        return str(refused)
    return "."


@given(st.text(max_size=20))
def test_any_text_is_a_population_or_refused_in_words(text):
    assert said_of(text).endswith(".")


@given(st.text(alphabet="0123456789., '", max_size=12))
def test_population_is_all_the_digits_that_were_typed(text):
    try:
        number = parse_population(text)
    except InvalidError:
        return
    assert str(number) == "".join(sign for sign in text if sign.isdigit()).lstrip("0")
