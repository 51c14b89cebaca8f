from decimal import Decimal

import pytest
from django.utils.translation import override

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
    ],
)
def test_parse_amount_understands(text, amount):
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    ["1e6", "-1", "٣", "1.2345", "1,00,000", "1.000,5,0", "€5", "12.", "1000000000000", "9" * 5000],
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
