"""Names of people and places in what is about to be published."""

import re
from collections.abc import Iterable

from accounts.models import User
from core.kit.text import fold
from programme.calls.models import CallQuestion
from programme.models import City
from programme.organisations.models import Organisation, OrganisationName

# The longest name that is looked for, in words: "Santiago de Compostela" has three.
MOST_WORDS = 5
# Shorter ones are words of every text.
SHORTEST = 3
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_ADDRESS = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")


def names_in(question: CallQuestion, *texts: str) -> list[str]:
    """Return what looks like the name of a person or a place, as it is written, each once.

    Compared are places and organisations of the register, people of the portal, and what is
    known of the asker: name, address and cities. Only words with a capital, or of a script
    without capitals, begin a name; four queries.
    """
    written = dict.fromkeys(name for text in texts for name in _ADDRESS.findall(text))
    candidates: dict[str, str] = {}
    for text in texts:
        for phrase in _phrases(text):
            candidates.setdefault(fold(phrase), phrase)
    known = _registered(candidates) | _people(candidates.values()) | _of_asker(question)
    found = [phrase for key, phrase in candidates.items() if key in known]
    # "Porto" is not named beside "Porto Alegre".
    whole = [one for one in found if not any(one != other and one in other for other in found)]
    return [*written, *whole]


def _phrases(text: str) -> Iterable[str]:
    """Return the runs of words that could be a name, the longest first at each place."""
    words = list(_WORD.finditer(text))
    for start, first in enumerate(words):
        if first.group()[0].islower():
            continue
        for end in range(min(start + MOST_WORDS, len(words)), start, -1):
            phrase = text[first.start() : words[end - 1].end()]
            if len(phrase) >= SHORTEST or not phrase.isascii():
                yield " ".join(phrase.split())


def _registered(candidates: Iterable[str]) -> set[str]:
    """Return which folded phrases are names of places or organisations."""
    keys = list(candidates)
    cities = City.objects.filter(search_name__in=keys).values_list("search_name", flat=True)
    bodies = Organisation.objects.filter(search_name__in=keys)
    former = OrganisationName.objects.filter(search_name__in=keys)
    return {
        *cities,
        *bodies.order_by()
        .values_list("search_name", flat=True)
        .union(former.order_by().values_list("search_name", flat=True)),
    }


def _people(phrases: Iterable[str]) -> set[str]:
    """Return which phrases are the full names of people, folded."""
    names = [phrase for phrase in phrases if " " in phrase]
    found = User.objects.filter(full_name__in=names).values_list("full_name", flat=True)
    return {fold(name) for name in found}


def _of_asker(question: CallQuestion) -> set[str]:
    """Return the parts of the asker's name and of the names of their organisations and cities."""
    if question.asked_by is None:
        return set()
    names = [*question.asked_by.full_name.split()]
    rows = question.asked_by.memberships.values_list(
        "organisation__name", "organisation__cities__name"
    )
    for organisation, city in rows:
        names += [organisation, city or ""]
    return {fold(name) for name in names if len(name) >= SHORTEST}
