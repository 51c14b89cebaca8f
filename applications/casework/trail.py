"""What the audit trail says of the events of this room: never the words of a note."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from applications.casework.models import CaseOwner, Note
from applications.models import Application
from applications.selectors import search

VERBS = {
    "case.taken": _("Application taken by who looks after it"),
    "case.given": _("Application given to a colleague"),
    "case.let_go": _("Application given back, nobody looks after it"),
    "case.tagged": _("Tag put on an application"),
    "case.untagged": _("Tag taken off an application"),
    "note.written": _("Note among staff written"),
    "note.edited": _("Note among staff changed"),
    "note.removed": _("Note among staff removed"),
    "tag.saved": _("Tag saved"),
    "tag.merged": _("Tag merged into this one"),
    "tag.removed": _("Tag removed"),
}
ICONS = {"case": "user", "note": "message", "tag": "flag"}
FACTS = {
    "former_owner": _("Looked after by, before"),
    "owner": _("Looked after by"),
    "tag": _("Tag"),
    "merged": _("Merged tag"),
    "moved": _("Applications"),
}
PLAIN = ("moved",)


def _found(model: type[Model]) -> Callable[[str], "QuerySet[Any]"]:
    """Return what finds the rows on the applications that a word finds."""
    rows = model._default_manager  # noqa: SLF001 - Django's name
    return lambda word: rows.filter(application__in=search(Application.objects.all(), word))


def _linked(model: type[Model]) -> Callable[[Any], "QuerySet[Any]"]:
    """Return what finds the rows on applications with which a person has declared a link."""
    rows = model._default_manager  # noqa: SLF001 - Django's name

    return lambda person: rows.filter(
        application__in=person.conflicts.filter(lifted_at=None).values("application")
    )


_OF_APPLICATIONS = {
    "casework.CaseOwner": CaseOwner,
    "casework.Note": Note,
}
FINDERS = {name: _found(model) for name, model in _OF_APPLICATIONS.items()}
HIDDEN = {name: _linked(model) for name, model in _OF_APPLICATIONS.items()}
