"""Rows re-read under the lock of what they belong to."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from core.kit.errors import WrongStateError

Row = TypeVar("Row", bound=Model)


def still_there(rows: "QuerySet[Row]", pk: int) -> "Row":
    """Return a row re-read under the lock of what it belongs to.

    Raises WrongStateError when somebody has removed it since the page was loaded.
    """
    found = rows.filter(pk=pk).first()
    if found is None:
        raise WrongStateError(
            _("Somebody has removed this in the meantime. Load the page again."), code="gone"
        )
    return found
