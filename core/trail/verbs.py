"""The words, icons and facts of the audit trail, as the apps bring them.

The socket is `trail.py`: `VERBS` maps "<thing>.<past participle>" to its sentence, `ICONS` a
thing to its icon, `FACTS` a key of an event's details to its label, in the order of reading;
`DAYS` names the facts that are days. `PLAIN` names the details that neither name a person nor
hold what somebody wrote: they stay in the record for good, all others may be erased. `STATES`
names the field of a model that is its state, where that is not `status`. `KINDS` maps a renamed
model, as "app.model" of today, to the name by which the record knows it for good. `WORDS` maps the
key of a fact whose values are kept as keys to the words of each. `FINDERS` maps a model, as
"app.Model", to a function from a folded word to the rows that are about it: a city's events are
found by its name, though they hang on its applications. `HIDDEN` maps a model to a function from a
person to the rows whose events are kept from them, whatever their role.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet

from core.kit.people import Person
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


@cache
def plain_facts() -> frozenset[str]:
    """Return the details that stay in the record for good."""
    return frozenset(name for module in plugged("trail") for name in getattr(module, "PLAIN", ()))


@cache
def state_fields() -> dict[str, str]:
    """Return by model, as "app.Model", the field that is its state where it is not `status`."""
    return _gathered("STATES")


@cache
def kinds_on_record() -> dict[str, str]:
    """Return by renamed model, as "app.model" of today, the name that its records are hashed with.

    That is the first it had. All hashes of its chains hold it, those to come too.
    """
    return _gathered("KINDS")


def state_field_of(model: type[Model]) -> str:
    """Return the name of the field that is the state of a model's rows."""
    return state_fields().get(model._meta.label, "status")  # noqa: SLF001 - Django's public name


def state_in_words(model: type[Model] | None, state: str) -> str:
    """Return the words of a state, as its model says them."""
    if model is None:
        return state
    try:
        field = model._meta.get_field(state_field_of(model))  # noqa: SLF001
    except FieldDoesNotExist:
        return state
    return str(dict(getattr(field, "flatchoices", ())).get(state, state))


@cache
def _words_of_values() -> dict[str, Mapping[str, Any]]:
    """Return the words of the values of each fact."""
    return _gathered("WORDS")


def value_in_words(fact: str, value: Any) -> Any:
    """Return the words of a value that is kept as a key; any other value as it is."""
    known = _words_of_values().get(fact)
    if known is None or not isinstance(value, str):
        return value
    return known.get(value) or value.replace("_", " ").replace("-", " ").capitalize()


@cache
def _finders() -> dict[str, Callable[[str], "QuerySet[Any]"]]:
    return _gathered("FINDERS")


def targets_about(word: str) -> Q:
    """Return the condition on events whose target is about a folded word."""
    which = Q()
    for name, find in _finders().items():
        kind = ContentType.objects.get_for_model(apps.get_model(name))
        which |= Q(target_type=kind, target_id__in=find(word).order_by().values("pk"))
    return which


@cache
def _hidden() -> dict[str, Callable[[Person], "QuerySet[Any]"]]:
    return _gathered("HIDDEN")


def kept_from(person: Person) -> Q:
    """Return the condition on events whose target is kept from the person."""
    which = Q(pk__in=[])
    for name, rows in _hidden().items():
        kind = ContentType.objects.get_for_model(apps.get_model(name))
        which |= Q(target_type=kind, target_id__in=rows(person).order_by().values("pk"))
    return which


def describe(verb: str) -> str:
    """Return the sentence of a verb; an unknown one is shown as it is."""
    return str(sentences().get(verb, verb))


def verbs_in_words() -> list[tuple[str, str]]:
    """Return every verb with its sentence, in the order of the sentences."""
    return sorted(
        ((verb, str(words)) for verb, words in sentences().items()), key=lambda pair: pair[1]
    )
