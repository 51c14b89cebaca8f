"""The `audit` tag library: what a record of the audit trail looks like."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext as _

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
    return str(value)


@register.filter
def changes_of(event: AuditEvent) -> list[Change]:
    """Return the before and after that an event kept: one pair, or one for each label."""
    details = event.details
    if "changes" in details:
        return [
            Change(label, _words(before), _words(after))
            for label, (before, after) in details["changes"].items()
        ]
    if "before" in details and "after" in details:
        return [Change("", _words(details["before"]), _words(details["after"]))]
    return []
