"""The `audit` tag library: what a record of the audit trail looks like."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib.contenttypes.models import ContentType
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from core.trail.models import AuditEvent
from core.trail.verbs import day_facts, facts, icons, state_in_words, value_in_words

register = template.Library()


@dataclass(frozen=True)
class Fact:
    """What an event was about, by name."""

    label: str
    value: str


@dataclass(frozen=True)
class Change:
    """A value before and after; the label may be empty."""

    label: str
    before: str
    after: str


@register.filter
def verb_icon(verb: str) -> str:
    """Return the icon of the kind of thing a verb is about."""
    return icons().get(verb.partition(".")[0], "edit")


def _words(value: Any, fact: str = "") -> str:
    if value is None or value in ("", []):
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_words(item, fact) for item in value)
    if isinstance(value, int):
        return number_format(value, force_grouping=True)
    return str(value_in_words(fact, value))


def _day(value: str) -> str:
    return date_format(dt.date.fromisoformat(value))


@register.filter
def facts_of(event: AuditEvent) -> list[Fact]:
    """Return what an event was about: which city, which criterion, which day."""
    return [
        Fact(str(label), _day(value) if name in day_facts() else _words(value, name))
        for name, label in facts().items()
        if (value := event.details.get(name)) not in (None, "", [])
    ]


@register.filter
def changes_of(event: AuditEvent) -> list[Change]:
    """Return what an event changed: the state of its object, and the values that it kept."""
    return [*_state_change(event), *_value_changes(event.details)]


def _state_change(event: AuditEvent) -> list[Change]:
    if not event.before or event.before == event.after:
        return []
    model = ContentType.objects.get_for_id(event.target_type_id).model_class()
    return [
        Change("", state_in_words(model, event.before), state_in_words(model, event.after)),
    ]


def _value_changes(details: dict[str, Any]) -> list[Change]:
    if "changes" in details:
        return [
            Change(label, _words(before), _words(after))
            for label, (before, after) in details["changes"].items()
        ]
    if "from" in details and "to" in details:
        return [Change(_("Day"), _day(details["from"]), _day(details["to"]))]
    if "before" in details and "after" in details:
        return [Change("", _words(details["before"]), _words(details["after"]))]
    return []
