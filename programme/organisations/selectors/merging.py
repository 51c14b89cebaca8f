"""What a merge of two organisations would do, and what staff have decided of those alike."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.kit.sockets import plugged
from programme.organisations.models import (
    FormerOrganisation,
    Neighbours,
    Organisation,
    OrganisationQuerySet,
)
from programme.organisations.relations import relations, shown_rows
from programme.organisations.states import Standing

# What is picked where the two differ, with its label; everything else moves.
PICKED = {
    "name": _("Name"),
    "kind": _("Kind"),
    "note": _("Note"),
    "capacity": _("Pairings it can carry"),
}


@dataclass(frozen=True)
class Moving:
    """How many rows of a kind lead to an organisation."""

    label: str
    count: int


@dataclass(frozen=True)
class Pick:
    """A field in which two organisations differ, in words."""

    name: str
    label: str
    stays: str
    goes: str


def what_moves(goes: Organisation, by: User | None = None) -> list[Moving]:
    """Return what leads to an organisation, by kind, in words; a query for each relation.

    Without what `by` has declared a link with.
    """
    found: dict[str, int] = {}
    for _name, field in relations():
        meta = field.model._meta  # noqa: SLF001 - Django's name
        if meta.auto_created:
            continue
        count = shown_rows(field, goes, by).count()
        label = str(meta.verbose_name_plural)
        if count:
            found[label] = found.get(label, 0) + count
    return [Moving(label, count) for label, count in sorted(found.items())]


def in_the_way(stays: Organisation, goes: Organisation) -> list[str]:
    """Return what of the two cannot be one, each with how to mend it."""
    return [
        sentence
        for module in plugged("merging")
        for refuse in module.REFUSE
        for sentence in refuse(goes, stays)
    ]


def picks_of(stays: Organisation, goes: Organisation) -> list[Pick]:
    """Return the fields in which the two differ."""
    return [
        Pick(name, str(label), _words(stays, name), _words(goes, name))
        for name, label in PICKED.items()
        if getattr(stays, name) != getattr(goes, name)
    ]


def _words(organisation: Organisation, name: str) -> str:
    return str(organisation.get_kind_display() if name == "kind" else getattr(organisation, name))


def may_be_merged(organisation: Organisation) -> OrganisationQuerySet:
    """Return with what an organisation can be merged: of its country and side, none refused."""
    return (
        Organisation.objects.lasting()
        .filter(country=organisation.country_id, side=organisation.side)
        .exclude(pk=organisation.pk)
        .exclude(standing=Standing.REFUSED)
    )


def pair_of(one: Organisation, other: Organisation) -> dict[str, Any]:
    """Return two organisations as Neighbours keeps them: the one with the lower id first."""
    first, second = sorted((one, other), key=lambda row: row.pk)
    return {"one": first, "other": second}


@dataclass(frozen=True)
class Beside:
    """An organisation that looks like another one and was found to be another, and why."""

    organisation: Organisation
    reason: str


def neighbours_of(organisation: Organisation) -> list[Beside]:
    """Return the organisations that look like this one and were found to be others."""
    rows = Neighbours.objects.filter(Q(one=organisation) | Q(other=organisation))
    rows = rows.select_related("one__country", "other__country")
    return [
        Beside(row.other if row.one_id == organisation.pk else row.one, row.reason) for row in rows
    ]


def moved_to(slug: str) -> Organisation | None:
    """Return the organisation into which the one of this address was merged."""
    found = FormerOrganisation.objects.standing().filter(slug=slug)
    former = found.select_related("organisation").first()
    return former.organisation if former else None
