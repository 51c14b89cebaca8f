"""What the portal holds about a person, as the apps say.

The socket is `personal.py` with a list `HOLDS`. Everything that names a person, by a foreign
key to the account or by an e-mail address, stands in one of its holdings: a test asks every
model. The person reads it as a download; erasing will follow the same list.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q

from core.kit.errors import Words
from core.kit.people import Person
from core.kit.sockets import plugged


@dataclass(frozen=True)
class Holding:
    """Rows of a model that are about a person.

    `named_by` are the fields that name the person: keys to the account, or columns with an
    e-mail address; a row counts when one of them does. `also` finds rows that name the person
    in another way. `title` says what they are, `kept_because` why they are kept, both to the
    person. `shows` are the fields that the person reads, as paths; never a secret, nor what is
    about somebody else.
    """

    model: type[Model]
    named_by: tuple[str, ...]
    title: Words
    kept_because: Words
    shows: tuple[str, ...]
    also: Callable[[Person], Q] | None = None

    def about(self, person: Person) -> Q:
        """Return the condition on the rows that name the person."""
        which = self.also(person) if self.also else Q(pk__in=[])
        for name in self.named_by:
            if self.model._meta.get_field(name).is_relation:  # noqa: SLF001 - Django's public name
                which |= Q(**{name: person.pk})
            else:
                which |= Q(**{f"{name}__iexact": person.email})
        return which

    def records_of(self, person: Person) -> list[dict[str, Any]]:
        """Return what is shown of each row about the person, oldest first; one query."""
        everything = self.model._default_manager  # noqa: SLF001 - Django's public name
        rows = everything.filter(self.about(person)).order_by("pk")
        return [
            {name.replace("__", "."): value for name, value in row.items()}
            for row in rows.values(*self.shows)
        ]


def holdings() -> Iterator[Holding]:
    """Return what all apps hold, from the ground floor up."""
    for module in plugged("personal"):
        yield from module.HOLDS


def held_about(person: Person) -> list[dict[str, Any]]:
    """Return everything that is held about a person, with its reason: as many queries as kinds.

    Kinds of which there is nothing are left out.
    """
    return [
        {"what": holding.title, "kept_because": holding.kept_because, "records": records}
        for holding in holdings()
        if (records := holding.records_of(person))
    ]
