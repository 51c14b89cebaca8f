"""Numbers as people type them: understood or refused, never silently another number."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from core.kit.errors import InvalidError, Words
from core.kit.text import clean_line

# Largest figure taken for a city or a group; more is a typing error.
LARGEST_POPULATION = 50_000_000

# Spaces of all widths, and the signs between thousands of other keyboards and scripts.
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2007\u2008\u2009\u202f\u3000", " "),
        **dict.fromkeys("\uff0c\u066c", ","),
        **dict.fromkeys("’‘\u02bc\u02b9\uff07`´", "'"),
        "\uff0e": ".",
    }
)
_PLAIN = re.compile(r"[0-9]+")
# Groups of three after one kind of separator: 100 000, 100.000, 100,000, 100'000.
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([ .,'])[0-9]{3})(?:\1[0-9]{3})*")
# Lakh and crore: 1,14,759 and 1,50,00,000; the last group alone has three digits.
_INDIAN = re.compile(r"[1-9][0-9]?(?:([, ])[0-9]{2})(?:\1[0-9]{2})*\1[0-9]{3}")


_DECIMAL = re.compile("[0-9]+[.,][0-9]{1,2}")
_UNCLEAR = re.compile("[0-9][0-9 .,']*")


def plain_digits(text: str) -> str:
    """Return the text with the digits of all scripts as 0 to 9: "१२", "١٢" and "１２" are 12.

    Digits of two scripts in one text stay what they are: who mixes them has mistyped.
    """
    found = {sign: unicodedata.decimal(sign, None) for sign in text}
    digits = {sign: value for sign, value in found.items() if value is not None}
    zeros = {ord(sign) - value for sign, value in digits.items()}
    if len(zeros) != 1:
        return text
    return "".join(str(digits[sign]) if sign in digits else sign for sign in text)


def as_typed(text: str) -> str:
    """Return a typed number as one line with plain digits and plain separators."""
    return " ".join(plain_digits(clean_line(text)).translate(_SIGNS).split())


def parse_whole(text: str, *, largest: int) -> int | None:
    """Return the whole number that was typed, None for an empty text.

    Digits of any one script, with or without thousands separators (space, point, comma or
    apostrophe, one kind only; in threes, or as lakh and crore), are understood. Anything else
    is a ValueError, more than `largest` an OverflowError.
    """
    typed = as_typed(text)
    if not typed:
        return None
    if not any(form.fullmatch(typed) for form in (_PLAIN, _GROUPED, _INDIAN)):
        raise ValueError(typed[:40])
    digits = re.sub("[^0-9]", "", typed).lstrip("0") or "0"
    # The length comes first: int() refuses very long texts with an error of its own.
    if len(digits) > len(str(largest)) or int(digits) > largest:
        raise OverflowError(digits[:40])
    return int(digits)


def why_not_whole(text: str) -> Words:
    """Say what was read that is no whole number, and how to type one."""
    typed = as_typed(text)
    if _DECIMAL.fullmatch(typed):
        words = _("“%(typed)s” has decimals. Type a whole number, for example 104500.")
    elif _UNCLEAR.fullmatch(typed):
        words = _(
            "We read “%(typed)s” and cannot tell which number it is: a space, point or comma "
            "stands between groups of three digits, as in 104 500. Type the digits alone, for "
            "example 104500."
        )
    else:
        return _(
            "Type a whole number in the digits 0 to 9, without decimals or words, for example "
            "104500."
        )
    return words % {"typed": typed[:40]}


def parse_population(text: str) -> int:
    """Return the number of inhabitants that was typed.

    Anything but a whole number raises InvalidError with how to type it.
    """
    try:
        number = parse_whole(text, largest=LARGEST_POPULATION)
    except ValueError as error:
        message = why_not_whole(text)
        raise InvalidError(message, field="population", code="population_form") from error
    except OverflowError as error:
        message = _("That is more than 50 million inhabitants. Check the figure and type it again.")
        raise InvalidError(message, field="population", code="population_large") from error
    if number is None:
        message = _("Enter the number of inhabitants in digits, for example 104500.")
        raise InvalidError(message, field="population", code="population_empty")
    if number == 0:
        message = _("The number of inhabitants cannot be 0. Check the figure and type it again.")
        raise InvalidError(message, field="population", code="population_zero")
    return number
