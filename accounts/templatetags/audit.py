"""The `audit` tag library: what a record of the audit trail looks like."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AuditEvent

register = template.Library()

ICONS = {
    "application": "file",
    "call": "calendar",
    "invitation": "mail",
    "mail": "mail",
    "measure": "list",
    "membership": "users",
    "organisation": "building",
    "pairing": "pair",
    "person": "key",
    "plan": "book",
    "questionnaire": "copy",
}

# What a record says besides its sentence, in this order. Checksums and counters are kept
# for whoever examines the trail, not for reading.
FACTS = {
    "organisation": gettext_lazy("Organisation"),
    "parties": gettext_lazy("Cities"),
    "topics": gettext_lazy("Topics"),
    "paired_before": gettext_lazy("Paired before"),
    "criterion": gettext_lazy("Criterion"),
    "municipality": gettext_lazy("Municipality"),
    "population": gettext_lazy("Inhabitants"),
    "file": gettext_lazy("File"),
    "kind": gettext_lazy("Kind of applicant"),
    "section": gettext_lazy("Part"),
    "question": gettext_lazy("Question"),
    "purpose": gettext_lazy("Used for"),
    "objective": gettext_lazy("Objective"),
    "measure": gettext_lazy("Measure"),
    "milestone": gettext_lazy("Milestone"),
    "assessor": gettext_lazy("Assessor"),
    "person": gettext_lazy("Person"),
    "email": gettext_lazy("E-mail address"),
    "role": gettext_lazy("Role"),
    "reference": gettext_lazy("Reference"),
    "signatory": gettext_lazy("Signed by"),
    "office": gettext_lazy("Office"),
    "signed_on": gettext_lazy("Signed on"),
    "started_on": gettext_lazy("Started on"),
    "removed": gettext_lazy("Removed"),
    "moved": gettext_lazy("Moved"),
    "fields": gettext_lazy("Fields"),
}
DAYS = ("signed_on", "started_on")


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
    return ICONS.get(verb.partition(".")[0], "edit")


def _words(value: Any) -> str:
    if value is None or value in ("", []):
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_words(item) for item in value)
    if isinstance(value, int):
        return number_format(value, force_grouping=True)
    return str(value)


def _day(value: str) -> str:
    return date_format(dt.date.fromisoformat(value))


@register.filter
def facts_of(event: AuditEvent) -> list[Fact]:
    """Return what an event was about: which city, which criterion, which day."""
    return [
        Fact(str(label), _day(value) if name in DAYS else _words(value))
        for name, label in FACTS.items()
        if (value := event.details.get(name)) not in (None, "", [])
    ]


@register.filter
def changes_of(event: AuditEvent) -> list[Change]:
    """Return the before and after that an event kept: one pair, or one for each label."""
    details = event.details
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
