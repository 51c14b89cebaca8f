"""What the core knows of a person: less than the people of any portal are."""

from typing import Any, Protocol


class Person(Protocol):
    """Somebody of `settings.AUTH_USER_MODEL`. Rights are asked by the name of a permission."""

    pk: Any
    email: Any

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Return whether the person has the permission, on an object or at all."""
