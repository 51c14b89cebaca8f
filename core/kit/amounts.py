"""Amounts as people type and read them: understood or refused, never silently another one."""

import re
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from core.kit.numbers import parse_whole
from core.kit.text import clean_line

AMOUNT_HELP = _("In figures, for example 420000 or 420,000 or 1250.50.")
AMOUNT_ERROR = _("Type the amount in the digits 0 to 9, for example 420000 or 420,000 or 1250.50.")
TOO_LARGE = _("That is a thousand thousand million or more. Check the amount and type it again.")
LARGEST = 10**12

# Three digits after a separator are a group, one or two are cents: so no amount is ambiguous.
_CENTS = re.compile(r"[.,][0-9]{1,2}\Z")
_SYMBOLS = {"EUR": "€", "GBP": "£", "INR": "₹"}


def parse_amount(text: str) -> Decimal | None:
    """Return the amount that was typed, None for an empty text; ValueError otherwise."""
    typed = clean_line(text)
    found = _CENTS.search(typed)
    whole, cents = (typed[: found.start()], found[0]) if found else (typed, "")
    # A sign that parts the cents cannot part the thousands too, nor stand alone.
    if cents and (not whole or cents[0] in whole):
        raise ValueError(str(AMOUNT_ERROR))
    try:
        number = parse_whole(whole, largest=LARGEST - 1)
    except ValueError as error:
        raise ValueError(str(AMOUNT_ERROR)) from error
    except OverflowError as error:
        raise ValueError(str(TOO_LARGE)) from error
    if number is None:
        return None
    return Decimal(f"{number}.{cents[1:] or 0}").quantize(Decimal("0.01"))


def typed_amount(amount: Decimal | None) -> str:
    """Return an amount as an input shows it, in a form that parse_amount reads back."""
    if amount is None:
        return ""
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{amount:,.{places}f}"


def money(amount: Decimal | None, currency: str) -> str:
    """Return an amount in words of the reader's language, e.g. "€420,000"."""
    if amount is None:
        return ""
    places = 0 if amount == amount.to_integral_value() else 2
    figure = number_format(amount, decimal_pos=places, force_grouping=True)
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{figure}" if symbol else f"{currency}\u00a0{figure}"
