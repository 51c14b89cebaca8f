"""Rows that are added and never changed or removed: what happened, happened."""

from typing import Any, NoReturn, TypeVar

from django.db import models
from django.db.models import Max

Row = TypeVar("Row", bound=models.Model)


def _refuse(model: type[models.Model]) -> NoReturn:
    message = f"{model.__name__}: rows are only added, never changed or removed."
    raise TypeError(message)


class AppendOnlyQuerySet(models.QuerySet[Row]):
    """Reads and adds rows; refuses to change or remove any."""

    def update(self, **kwargs: Any) -> int:  # noqa: ARG002 - Django's signature
        """Refuse; `bulk_update` and `update_or_create` end here or in `save`."""
        _refuse(self.model)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse."""
        _refuse(self.model)

    def next_number(self) -> int:
        """Return the number of the row to come: 1, 2, 3 … Ask it under the owner's row lock."""
        return int(self.aggregate(last=Max("number"))["last"] or 0) + 1


class AppendOnlyModel(models.Model):
    """Base of such rows.

    Closing an account may still empty the key to a person: Django's own cascade passes by
    these guards.
    """

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new row; one that is written stays as it is."""
        if not self._state.adding:
            _refuse(type(self))
        # Else a row made by hand with a known key would overwrite the stored one.
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:  # noqa: ARG002
        """Refuse."""
        _refuse(type(self))
