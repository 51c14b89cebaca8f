"""What the core knows of a person: less than the people of any portal are."""

from typing import Any, Protocol

from django.http import HttpRequest

# What is remembered of a person while a request is answered, by who remembers it.
_MEMORY = "_remembered"


def remembered(person: Any, what: str) -> Any:
    """Return what was remembered of this person object, or None."""
    return getattr(person, _MEMORY, {}).get(what)


def remember(person: Any, what: str, value: Any) -> None:
    """Keep what a rule has read about a person, so that the page does not read it again.

    Only until `forget`: each write forgets all of it when it asks for the right under its lock.
    """
    # By attribute, never by __dict__: the person of a request is a proxy.
    setattr(person, _MEMORY, getattr(person, _MEMORY, {}) | {what: value})


def forget(person: Any) -> None:
    """Drop all that is remembered of a person: what they may do is read anew."""
    if hasattr(person, _MEMORY):
        delattr(person, _MEMORY)


class Person(Protocol):
    """Somebody of `settings.AUTH_USER_MODEL`. Rights are asked by the name of a permission."""

    pk: Any
    email: Any
    # A number that stands for the person in records and says nothing of who it is.
    pseudonym: Any

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Return whether the person has the permission, on an object or at all."""


class KnownRequest(HttpRequest):
    """A request whose person is signed in, for the views of the core; see accounts.http."""

    # A Person; the user model itself is not known here.
    user: Any
