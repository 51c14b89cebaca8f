"""Cleaning of what people type: one normal form, no invisible or direction-changing characters."""

import re
import unicodedata

# Bidirectional controls and zero-width characters can make text read as something else.
# ZWJ and ZWNJ stay: Hindi and emoji need them.
_DANGEROUS = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def clean_paragraphs(value: str) -> str:
    """Return the text in NFC with LF line ends and without control characters."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _DANGEROUS.sub("", value)).strip()


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
