"""What taking a merge apart would do: what goes back, what cannot, and what came since."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from core.kit.sockets import plugged
from programme.organisations.following import Counted
from programme.organisations.models import FormerOrganisation, MovedRow, Organisation
from programme.organisations.relations import (
    RowKey,
    columns_of,
    columns_that_stay,
    relations,
    shown_rows,
)
from programme.organisations.states import MovedHow

H = MovedHow


@dataclass(frozen=True)
class Stuck:
    """A row that does not go back, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class WayBack:
    """What becomes of each row when a merge is taken apart."""

    back: list[MovedRow]
    # Of these what its reader may know of.
    shown: list[MovedRow]
    stuck: list[Stuck]
    # What was made since, and stays with the one that holds it now.
    since: list[Counted]

    @property
    def counts(self) -> list[Counted]:
        """Return what goes back, by kind, in words."""
        fields = dict(relations())
        found = Counter(
            str(fields[row.relation].model._meta.verbose_name_plural)  # noqa: SLF001
            for row in self.shown
            if row.how in (H.MOVED, H.REMOVED) and not _is_link(fields[row.relation])
        )
        return [Counted(label, number) for label, number in sorted(found.items())]


def refuse_apart(merge: FormerOrganisation) -> str:
    """Return why a merge cannot be taken apart now; "" where it can."""
    if merge.apart_at:
        return _("They are two again already.")
    holder = merge.organisation
    if merge.into_id != holder.pk:
        return _(
            "What it was merged into was itself merged into %(name)s since. Take that apart first."
        ) % {"name": holder.name}
    newest = holder.formers.standing().first()
    if newest != merge:
        return _("%(name)s was merged into it since. Take that apart first.") % {
            "name": newest.name if newest else ""
        }
    return ""


def way_back(merge: FormerOrganisation, by: User | None = None) -> WayBack:
    """Return what becomes of each row; one query for each relation, and those of the apps.

    In words and numbers without what `by` has declared a link with.
    """
    holder = merge.organisation
    rows = {(row.relation, row.row_id): row for row in merge.rows.all()}
    found = _rows_now(rows.values())
    why = {key: words for key, row in rows.items() if (words := _why_not(row, found, merge))}
    held_by = [held for module in plugged("merging") for held in module.HELD]
    while True:
        going = [row for key, row in rows.items() if key not in why]
        more = {key: words for held in held_by for key, words in held(going, holder).items()}
        new = {key: words for key, words in more.items() if key in rows and key not in why}
        if not new:
            break
        why |= new
    hidden = _hidden(rows, by)
    return WayBack(
        back=going,
        shown=[row for key, row in rows.items() if key not in why and key not in hidden],
        stuck=[
            Stuck(_what(rows[key], found), words)
            for key, words in why.items()
            if words != "-" and key not in hidden
        ],
        since=_since(merge, rows, by),
    )


def _hidden(rows: Collection[RowKey], by: User | None) -> set[RowKey]:
    """Return the rows that are kept from somebody: what they have declared a link with."""
    fields = dict(relations())
    hidden: set[RowKey] = set()
    for name in {name for name, _pk in rows} if by else ():
        linked = getattr(fields[name].model._default_manager, "linked_to", None)  # noqa: SLF001
        if linked is not None:
            ids = [pk for relation, pk in rows if relation == name]
            kept = linked(by).filter(pk__in=ids).values_list("pk", flat=True)
            hidden |= {(name, pk) for pk in kept}
    return hidden


def _rows_now(rows: Iterable[MovedRow]) -> dict[RowKey, Any]:
    """Return the rows as they are now, by key; those that are gone are missing."""
    fields = dict(relations())
    ids: dict[str, list[int]] = {}
    for row in rows:
        ids.setdefault(row.relation, []).append(row.row_id)
    return {
        (name, pk): found
        for name, asked in ids.items()
        for pk, found in fields[name].model._base_manager.in_bulk(asked).items()  # noqa: SLF001
    }


def _why_not(row: MovedRow, found: dict[RowKey, Any], merge: FormerOrganisation) -> str:
    """Return why a row by itself cannot be as it was; "" where it can, "-" where nobody minds."""
    now = found.get((row.relation, row.row_id))
    field = dict(relations())[row.relation]
    if row.how == H.REMOVED:
        return _why_not_made_anew(row, field, merge)
    if row.how == H.MADE:
        return "" if now else "-"
    if now is None:
        return "-" if row.how == H.CHANGED or _is_link(field) else _("It is gone since.")
    holder = getattr(now, field.attname)
    if holder != merge.organisation_id:
        return "-" if row.how == H.CHANGED else _("It went to another organisation since.")
    stored = columns_of(now)
    for column in columns_that_stay().get(row.relation, ()):
        if row.how == H.MOVED and stored[column] != row.after.get(column):
            return _("It was changed since the merge.")
    return ""


def _why_not_made_anew(row: MovedRow, field: Any, merge: FormerOrganisation) -> str:
    for each in field.model._meta.concrete_fields:  # noqa: SLF001 - Django's name
        target = row.before.get(each.attname)
        if each.related_model is None or target is None:
            continue
        is_itself = each.related_model is Organisation and target == merge.former_id
        if not is_itself and not each.related_model._base_manager.filter(pk=target).exists():  # noqa: SLF001
            return _("What it belonged to is gone since.")
    return ""


def _what(row: MovedRow, found: dict[RowKey, Any]) -> str:
    now = found.get((row.relation, row.row_id))
    kind = dict(relations())[row.relation].model._meta.verbose_name  # noqa: SLF001
    about = row.person or now
    return f"{capfirst(str(kind))}: {about}" if about else str(capfirst(str(kind)))


def _is_link(field: Any) -> bool:
    """Tell whether the rows of a relation only link two others."""
    return bool(field.model._meta.auto_created)  # noqa: SLF001 - Django's name


def _since(
    merge: FormerOrganisation, rows: dict[RowKey, MovedRow], by: User | None
) -> list[Counted]:
    """Return what was made since the merge, by kind."""
    found: Counter[str] = Counter()
    for name, field in relations():
        if _is_link(field):
            continue
        newer = shown_rows(field, merge.organisation, by).filter(pk__gt=merge.marks.get(name, 0))
        known = {pk for relation, pk in rows if relation == name}
        number = newer.exclude(pk__in=known).count()
        if field.model is FormerOrganisation:
            number -= 1
        if number > 0:
            found[str(field.model._meta.verbose_name_plural)] += number  # noqa: SLF001
    return [Counted(label, number) for label, number in sorted(found.items())]
