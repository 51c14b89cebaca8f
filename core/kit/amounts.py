"""Amounts as people type and read them: understood or refused, never silently another one."""

import re
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from core.kit.numbers import as_typed, parse_whole

AMOUNT_HELP = _("In figures, for example 420000 or 420,000 or 1250.50.")
AMOUNT_ERROR = _("Type the amount in the digits 0 to 9, for example 420000 or 420,000 or 1250.50.")
TOO_LARGE = _("That is a thousand thousand million or more. Check the amount and type it again.")
OTHER_CURRENCY = _(
    "This amount is asked in %(currency)s. Convert it, or choose the currency first."
)
LARGEST = 10**12

# Three digits after a separator are a group, one or two are cents: so no amount is ambiguous.
# The Arabic decimal sign is never a group.
_CENTS = re.compile("[.,\u066b][0-9]{1,2}\\Z")
_SYMBOLS = {"EUR": "€", "GBP": "£", "INR": "₹"}
# What stands before or after an amount, folded, by the currencies that it can mean.
_WRITTEN = {
    "EUR": "€ euro euros",
    "GBP": "£",
    "INR": "₹ rs rs.",
    "USD": "us$",
    "BRL": "r$",
    "CAD": "c$ ca$",
    "MXN": "mx$",
    "PEN": "s/ s/.",
    "USD CAD ARS CLP COP MXN AUD NZD SGD TWD": "$",
    "JPY CNY": "¥ ￥",
    "JPY": "円",
    "CNY": "元",
    "KRW": "₩",
    "VND": "₫",
    "TRY": "₺",
    "PLN": "zł",
    "CZK": "kč",
    "HUF": "ft",
    "RON": "lei",
    "BGN": "лв лв.",
    "SEK DKK NOK ISK": "kr kr.",
}
_MEANT = {sign: codes.split() for codes, signs in _WRITTEN.items() for sign in signs.split()}
_SIGN = r"[^\d\s.,'+\-][^\d\s,'+\-]{0,4}"
_WITH_SIGN = re.compile(rf"(?P<before>{_SIGN})? ?(?P<figure>\d.*?) ?(?P<after>{_SIGN})?", re.ASCII)
# No cents, as it is written by hand: 1,50,000/- and 420.000,-
_NO_CENTS = re.compile(r"(?:/-|[.,](?:-|–|—){1,2})\Z")


def parse_amount(text: str, *, currency: str = "") -> Decimal | None:
    """Return the amount that was typed, None for an empty text; ValueError otherwise.

    A currency may stand before or after it. With `currency`, its ISO code, another one than
    that is refused: the amount would be a different one.
    """
    typed = _without_sign(as_typed(text), currency)
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


def _without_sign(typed: str, currency: str) -> str:
    """Return the figure alone; ValueError for two signs, an unknown one, or another currency."""
    found = _WITH_SIGN.fullmatch(typed)
    if found is None:
        return typed
    signs = [sign for sign in (found["before"], found["after"]) if sign]
    if len(signs) > 1:
        raise ValueError(str(AMOUNT_ERROR))
    for sign in signs:
        is_code = len(sign) == 3 and sign.isascii() and sign.isupper()  # noqa: PLR2004 - ISO 4217
        meant = _MEANT.get(sign.casefold(), [sign] if is_code else [])
        if not meant:
            raise ValueError(str(AMOUNT_ERROR))
        if currency and currency not in meant:
            raise ValueError(OTHER_CURRENCY % {"currency": currency})
    return _NO_CENTS.sub("", found["figure"])


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
