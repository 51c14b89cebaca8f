"""The words, icons and facts of the audit trail, as the apps bring them.

The socket is `trail.py`: `VERBS` maps "<thing>.<past participle>" to its sentence, `ICONS` a
thing to its icon, `FACTS` a key of an event's details to its label, in the order of reading;
`DAYS` names the facts that are days.
"""

from functools import cache
from typing import Any

from core.kit.sockets import plugged


def _gathered(name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for module in plugged("trail"):
        for key, value in getattr(module, name, {}).items():
            found.setdefault(key, value)
    return found


@cache
def sentences() -> dict[str, Any]:
    """Return the sentence of each verb."""
    return _gathered("VERBS")


@cache
def icons() -> dict[str, str]:
    """Return the icon of each thing that verbs begin with."""
    return _gathered("ICONS")


@cache
def facts() -> dict[str, Any]:
    """Return the label of each fact that a record shows, in the order of reading."""
    return _gathered("FACTS")


@cache
def day_facts() -> frozenset[str]:
    """Return the facts that are days."""
    return frozenset(day for module in plugged("trail") for day in getattr(module, "DAYS", ()))


def describe(verb: str) -> str:
    """Return the sentence of a verb; an unknown one is shown as it is."""
    return str(sentences().get(verb, verb))


def verbs_in_words() -> list[tuple[str, str]]:
    """Return every verb with its sentence, in the order of the sentences."""
    return sorted(
        ((verb, str(words)) for verb, words in sentences().items()), key=lambda pair: pair[1]
    )
