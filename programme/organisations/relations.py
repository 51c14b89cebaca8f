"""What points at an organisation, found by asking the models, so that nothing is forgotten.

Each app says in its `merging.py` what moves in a way of its own: `MOVE`, from the name of a
relation ("applications.Application.organisation") to a function of the organisation that goes
and the one that stays; `REFUSE`, functions of the two that return sentences on what stands in
the way; `AFTER`, functions of an organisation that got or lost rows.

For the way back (`services.apart`): `WRITES`, from a relation to the columns that a move writes
besides; `SAME`, to those that must be as the merge left them for its row to go back; `HELD`,
functions of the rows that would go back and of the one that holds them now, which return what of
them stays, and why, by `RowKey`. For a split: `PARTS`, functions of an organisation and of who
looks that return what can go to the new one (`Part`); and for both, `MAILS`: from a relation to a
function of ids of its rows that returns what the mails on these are about, beside the rows.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import ForeignObjectRel, Model, UniqueConstraint

from core.duties.catalogue import key_of
from core.kit.sockets import plugged
from programme.organisations.models import Organisation

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=Model)
Move = Callable[[Organisation, Organisation], None]
MailsAbout = Callable[[Collection[int]], Iterable[str]]
# A row that leads to an organisation: the name of the relation, and its id.
RowKey = tuple[str, int]


@dataclass(frozen=True)
class Part:
    """What goes to one of two organisations as a whole, when one becomes two.

    Parts of one key are one, of whichever app they are.
    """

    key: str
    label: str
    rows: tuple[RowKey, ...]
    hint: str = ""


def relations() -> Iterator[tuple[str, Any]]:
    """Return each foreign key that leads to an organisation with its name, those in between too."""
    for relation in Organisation._meta.get_fields(include_hidden=True):  # noqa: SLF001 - Django's name
        if (
            isinstance(relation, ForeignObjectRel)
            and relation.field.concrete
            and not (relation.many_to_many)
            and not getattr(relation.related_model, "IS_WORKED_OUT", False)
        ):
            field: Any = relation.field
            yield f"{field.model._meta.label}.{field.name}", field  # noqa: SLF001


def rows_of(field: Any, organisation: Organisation) -> Any:
    """Return all rows that lead to the organisation by this field, whatever a manager hides."""
    return field.model._base_manager.filter(**{field.name: organisation})  # noqa: SLF001


def shown_rows(field: Any, organisation: Organisation, by: "User | None") -> Any:
    """Do as `rows_of` for a page of somebody: without what they have declared a link with."""
    rows = rows_of(field, organisation)
    without = getattr(field.model._default_manager, "without_links_of", None)  # noqa: SLF001
    return rows if by is None or without is None else rows.filter(pk__in=without(by).values("pk"))


def is_once(field: Any) -> bool:
    """Tell whether two rows that lead to one organisation may stand in each other's way."""
    meta = field.model._meta  # noqa: SLF001 - Django's name
    once = [rule.fields for rule in meta.constraints if isinstance(rule, UniqueConstraint)]
    return field.unique or any(field.name in names for names in (*once, *meta.unique_together))


def moves() -> dict[str, Move]:
    """Return what moves in a way of its own, by the name of the relation."""
    return {name: move for module in plugged("merging") for name, move in module.MOVE.items()}


def columns_that_stay() -> dict[str, tuple[str, ...]]:
    """Return by relation the columns that must be as they were for a row to go back."""
    return {name: columns for module in plugged("merging") for name, columns in module.SAME.items()}


def columns_written() -> dict[str, tuple[str, ...]]:
    """Return by relation the columns that a merge writes, besides who the row belongs to.

    Whatever else differs after it, somebody else has written meanwhile: that is not undone.
    """
    return {
        name: columns for module in plugged("merging") for name, columns in module.WRITES.items()
    }


def move_of(name: str, field: Any) -> Move:
    """Return how the rows of a relation move. Raises LookupError for one that nobody thought of."""
    own = moves()
    if name in own:
        return own[name]
    if field.model._meta.auto_created:  # noqa: SLF001 - the table of a many-to-many field
        return lambda goes, stays: _move_links(field, goes, stays)
    if is_once(field):
        message = f"{name} holds an organisation once: say in merging.py how its rows are merged."
        raise LookupError(message)
    return lambda goes, stays: rows_of(field, goes).update(**{field.name: stays})


def _move_links(field: Any, goes: Organisation, stays: Organisation) -> None:
    """Move the links of a many-to-many field; what both have stays once."""
    other = next(
        each.name
        for each in field.model._meta.get_fields()  # noqa: SLF001 - Django's name
        if each.is_relation and each.name != field.name
    )
    both = rows_of(field, stays).values(other)
    rows_of(field, goes).filter(
        **{f"{other}__in": list(both.values_list(other, flat=True))}
    ).delete()
    rows_of(field, goes).update(**{field.name: stays})


def parts_of(organisation: Organisation, by: "User | None" = None) -> list[Part]:
    """Return what of an organisation can go to a new one, each as a whole.

    What `by` has declared a link with has no name and no state in it.
    """
    found: dict[str, Part] = {}
    for module in plugged("merging"):
        for part in (part for parts in module.PARTS for part in parts(organisation, by)):
            known = found.get(part.key)
            found[part.key] = (
                replace(
                    known,
                    rows=(*known.rows, *part.rows),
                    hint=", ".join(filter(None, (known.hint, part.hint))),
                )
                if known
                else part
            )
    return list(found.values())


def mails_about(rows: Iterable[RowKey]) -> list[str]:
    """Return the keys of what the mails on some rows are about: they go where the rows go."""
    fields = dict(relations())
    ids: dict[str, list[int]] = {}
    found = []
    for name, pk in rows:
        ids.setdefault(name, []).append(pk)
        found.append(key_of(fields[name].model(pk=pk)))
    for module in plugged("merging"):
        for name, keys in module.MAILS.items():
            found += keys(ids[name]) if name in ids else ()
    return found


def columns_of(row: Any) -> dict[str, Any]:
    """Return what stands in a row, by column, as it is kept in JSON."""
    values = {
        field.attname: field.value_from_object(row)
        for field in row._meta.concrete_fields  # noqa: SLF001 - Django's name
    }
    kept: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return kept


def row_from(model: type[M], values: dict[str, Any]) -> M:
    """Return an unsaved row from what `columns_of` kept of it."""
    fields = model._meta.concrete_fields  # noqa: SLF001 - Django's name
    return model(
        **{
            field.attname: field.to_python(values[field.attname])
            for field in fields
            if field.attname in values
        }
    )
