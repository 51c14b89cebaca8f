"""Numbers as people type them: understood or refused, never silently another number."""

import re

from django.utils.translation import gettext_lazy as _

from core.kit.errors import InvalidError
from core.kit.text import clean_line

# Largest figure taken for a city or a group; more is a typing error.
LARGEST_POPULATION = 50_000_000

_SPACES = re.compile("[\u00a0\u2007\u2009\u202f]")
_PLAIN = re.compile(r"[0-9]+")
# Groups of three after one kind of separator: 100 000, 100.000, 100,000, 100'000.
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([ .,'’])[0-9]{3})(?:\1[0-9]{3})*")


def parse_whole(text: str, *, largest: int) -> int | None:
    """Return the whole number that was typed, None for an empty text.

    Digits with or without thousands separators (space, point, comma or apostrophe, one
    kind only) are understood. Anything else is a ValueError, more than `largest` an
    OverflowError.
    """
    typed = _SPACES.sub(" ", clean_line(text))
    if not typed:
        return None
    if not (_PLAIN.fullmatch(typed) or _GROUPED.fullmatch(typed)):
        raise ValueError(typed[:40])
    digits = re.sub("[^0-9]", "", typed).lstrip("0") or "0"
    # The length comes first: int() refuses very long texts with an error of its own.
    if len(digits) > len(str(largest)) or int(digits) > largest:
        raise OverflowError(digits[:40])
    return int(digits)


def parse_population(text: str) -> int:
    """Return the number of inhabitants that was typed.

    Anything but a whole number raises InvalidError with how to type it.
    """
    try:
        number = parse_whole(text, largest=LARGEST_POPULATION)
    except ValueError as error:
        message = _(
            "Type the number of inhabitants in the digits 0 to 9, as a whole number, for "
            "example 104500 or 104 500."
        )
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
