from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from core.kit.amounts import money, parse_amount, typed_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("420000", "420000"),
        ("420,000", "420000"),
        ("420.000", "420000"),
        ("420 000", "420000"),
        ("420\u202f000", "420000"),
        ("1'250'000", "1250000"),
        ("1250.5", "1250.50"),
        ("1250,50", "1250.50"),
        ("1,250.50", "1250.50"),
        ("1.250,50", "1250.50"),
        ("0", "0"),
        ("999999999999.99", "999999999999.99"),
        ("€420,000", "420000"),
        ("420 000 €", "420000"),
        ("EUR 1.250,50", "1250.50"),
        ("420,000 EUR", "420000"),
        ("₹ 1,50,000", "150000"),
        ("₹1,50,00,000.50", "15000000.50"),
        ("Rs. 1,50,000/-", "150000"),
        ("420.000,-", "420000"),
        ("US$ 420,000", "420000"),
        ("420 000 kr.", "420000"),
        ("1,00,000", "100000"),
        ("１２３４", "1234"),
        ("٤٢٠٬٠٠٠", "420000"),
        ("٤٢٠٠٫٥٠", "4200.50"),
    ],
)
def test_parse_amount_understands(text, amount):
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        *["1e6", "-1", "€-5", "1.2345", "1.000,5,0", "12.", "1000000000000", "9" * 5000],
        *["€", "€ 5 €", "5 €€", "5 day", "5 apples", "5%", "1,250٫5٫0", "1234٫567", "1２3"],
    ],
)
def test_parse_amount_refuses(text):
    with pytest.raises(ValueError, match="Type|Check"):
        parse_amount(text)


def test_parse_amount_of_nothing_is_none():
    assert parse_amount("  ") is None


@pytest.mark.parametrize("amount", ["0", "6.50", "420000", "1234567.89"])
def test_typed_amount_is_read_back(amount):
    assert parse_amount(typed_amount(Decimal(amount))) == Decimal(amount)


def test_money_speaks_the_readers_language():
    assert money(Decimal(420000), "EUR") == "€420,000"
    assert money(Decimal("1250.5"), "INR") == "₹1,250.50"
    assert money(Decimal(1200), "MXN") == "MXN\u00a01,200"
    assert not money(None, "EUR")
    with override("pt"):
        assert money(Decimal(420000), "EUR") == "€420.000"


@pytest.mark.parametrize("text", ["1.250.50", "1,250,5", ".50", ",5", "5.", "1 250.50.10"])
def test_cents_are_parted_once_and_by_a_sign_of_their_own(text):
    with pytest.raises(ValueError):
        parse_amount(text)


@pytest.mark.parametrize("text", ["420,000", "€420,000", "EUR 420 000", "420.000 euro"])
def test_amount_in_the_currency_that_is_asked_for(text):
    assert parse_amount(text, currency="EUR") == 420_000


@pytest.mark.parametrize("text", ["₹ 420,000", "$420,000", "GBP 420,000", "420 000 kr"])
def test_amount_in_another_currency_is_another_amount(text):
    with pytest.raises(ValueError, match="asked in EUR"):
        parse_amount(text, currency="EUR")


@pytest.mark.parametrize("currency", ["USD", "CAD", "MXN"])
def test_sign_of_several_currencies_is_taken_for_each(currency):
    assert parse_amount("$1,000", currency=currency) == 1000


AMOUNTS = st.decimals(min_value=0, max_value=10**12 - 1, places=2)
LOCALES = ["en-gb", "de", "fr", "es", "pt", "it", "nl", "pl", "fi", "hu", "hi", "ja", "el", "bg"]


@given(amount=AMOUNTS, language=st.sampled_from(LOCALES), currency=st.sampled_from(["EUR", "INR"]))
def test_amount_written_in_any_language_is_read_back(amount, language, currency):
    with override(language):
        assert parse_amount(money(amount, currency), currency=currency) == amount


@given(amount=AMOUNTS, zero=st.sampled_from("0०٠۰০０"))
def test_amount_in_any_digits_is_read_back(amount, zero):
    digits = {48 + n: chr(ord(zero) + n) for n in range(10)}
    assert parse_amount(typed_amount(amount).translate(digits)) == amount


def said_of(text):
    """Return the sentence with which a text is refused, "." for one that is read."""
    try:
        parse_amount(text)
    except ValueError as refused:
        return str(refused)
    return "."


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_refused_in_words(text):
    assert said_of(text).endswith(".")


@given(st.text(alphabet="0123456789., '€", max_size=12))
def test_no_digit_that_was_typed_is_lost(text):
    try:
        amount = parse_amount(text)
    except ValueError:
        return
    typed = "".join(sign for sign in text if sign.isdigit()).lstrip("0")
    read = "" if amount is None else f"{amount:.2f}".replace(".", "").lstrip("0")
    assert read.rstrip("0") == typed.rstrip("0")
