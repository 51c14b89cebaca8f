"""What the core knows of a person: less than the people of any portal are."""

from typing import Any, Protocol

from django.http import HttpRequest


class Person(Protocol):
    """Somebody of `settings.AUTH_USER_MODEL`. Rights are asked by the name of a permission."""

    pk: Any
    email: Any

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Return whether the person has the permission, on an object or at all."""


class KnownRequest(HttpRequest):
    """A request whose person is signed in, for the views of the core; see accounts.http."""

    # A Person; the user model itself is not known here.
    user: Any
