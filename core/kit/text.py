"""Cleaning of what people type: one normal form, no invisible or direction-changing characters."""

import re
import unicodedata

# What nobody sees makes text read as something else, and one name into two: controls of direction,
# characters without width, fillers, soft hyphens, tags. ZWJ and ZWNJ stay: Hindi and emoji need
# them; so do variation selectors, and signs of Arabic that are of the same category and seen.
_DANGEROUS = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
# What stays, and yet is nothing by itself: joiners, selectors, the empty sign of Braille.
_UNSEEN = re.compile("[\\s\u200c\u200d\u2800\ufe00-\ufe0f]*")


def clean_paragraphs(value: str) -> str:
    """Return the text in NFC with LF line ends and without control characters.

    A text of which nothing could be seen is no text.
    """
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = unicodedata.normalize("NFC", _DANGEROUS.sub("", value)).strip()
    return "" if _UNSEEN.fullmatch(value) else value


def clean_line(value: str) -> str:
    """Return the text as one line: as clean_paragraphs, every run of white space one space."""
    return " ".join(clean_paragraphs(value).split())


_FOLD = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
    }
)


def fold(value: str) -> str:
    """Return the text for search: lower case, without accents, so that Lodz finds Łódź."""
    decomposed = unicodedata.normalize("NFKD", value.casefold().translate(_FOLD))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_FOLD)


def letters_of(value: str) -> str:
    """Return the letters, vowel signs and digits of a text, folded, without all between them."""
    folded = fold(value)
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LMN")


# So many letters are looked for at most, and so many words.
SEARCH_LENGTH = 100
SEARCH_WORDS = 10


def search_words(text: str) -> list[str]:
    """Return the words to look for, folded, each once.

    The limits hold whatever comes: one sign can unfold to eighteen, and each word costs the
    database a search of its own.
    """
    folded = fold(text[:SEARCH_LENGTH])[:SEARCH_LENGTH]
    return list(dict.fromkeys(folded.split()))[:SEARCH_WORDS]
