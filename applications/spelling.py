"""Whether a name is another spelling of a name, or the name of somebody else.

Who has signed under a name keeps its word when a letter of it is put right, and never lends it to
another organisation. What is compared is the name that was signed under, so that many small
changes do not add up to another name.
"""

import re
from typing import Final

from core.kit.text import clean_line, fold
from programme.names import skeleton

# Words shorter than this are the same or others: "Pula" is no spelling of "Puli".
SHORTEST: Final = 5
# From here on a sign is a syllable or a word: none is a slip of the pen.
SIGNS: Final = "\u2e80"


def is_spelling_of(name: str, signed: str) -> bool:
    """Tell whether `name` is what was signed under, spelled anew.

    Accents, capitals, hyphens and letters that look alike never count; a word may have a letter
    more, less, changed or out of place. Another word, word order or number is another name.
    """
    if re.findall(r"\d", name) != re.findall(r"\d", signed):
        return False
    if skeleton(name) == skeleton(signed):
        return True
    now, then = _words(name), _words(signed)
    return len(now) == len(then) and all(map(_is_slip, now, then))


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(clean_line(name)))


def _is_slip(one: str, other: str) -> bool:
    if skeleton(one) == skeleton(other):
        return True
    if min(len(one), len(other)) < SHORTEST or max(one + other) >= SIGNS:
        return False
    # Two tell the south-east from the south-west, however long the word is.
    return _slips(one, other) <= 1


def _slips(one: str, other: str) -> int:
    """Return how many letters are more, less, changed, or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            steps = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 < j and letter == other[j - 2] and one[i - 2] == wanted:
                steps = min(steps, older[j - 2] + 1)
            row.append(steps)
    return row[-1]
