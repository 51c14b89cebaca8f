"""What points at an organisation, found by asking the models, so that nothing is forgotten.

Each app says in its `merging.py` what moves in a way of its own: `MOVE`, from the name of a
relation ("applications.Application.organisation") to a function of the organisation that goes
and the one that stays; `REFUSE`, functions of the two that return sentences on what stands in
the way; `AFTER`, functions of the one that stays.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import ForeignObjectRel, UniqueConstraint

from core.kit.sockets import plugged
from programme.organisations.models import Organisation

Move = Callable[[Organisation, Organisation], None]


def relations() -> Iterator[tuple[str, Any]]:
    """Return each foreign key that leads to an organisation with its name, those in between too."""
    for relation in Organisation._meta.get_fields(include_hidden=True):  # noqa: SLF001 - Django's name
        if (
            isinstance(relation, ForeignObjectRel)
            and relation.field.concrete
            and not (relation.many_to_many)
        ):
            field: Any = relation.field
            yield f"{field.model._meta.label}.{field.name}", field  # noqa: SLF001


def rows_of(field: Any, organisation: Organisation) -> Any:
    """Return all rows that lead to the organisation by this field, whatever a manager hides."""
    return field.model._base_manager.filter(**{field.name: organisation})  # noqa: SLF001


def is_once(field: Any) -> bool:
    """Tell whether two rows that lead to one organisation may stand in each other's way."""
    meta = field.model._meta  # noqa: SLF001 - Django's name
    once = [rule.fields for rule in meta.constraints if isinstance(rule, UniqueConstraint)]
    return field.unique or any(field.name in names for names in (*once, *meta.unique_together))


def moves() -> dict[str, Move]:
    """Return what moves in a way of its own, by the name of the relation."""
    return {name: move for module in plugged("merging") for name, move in module.MOVE.items()}


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
