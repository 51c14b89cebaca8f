"""How a write on something of an organisation begins: its row and the right to it in one query."""

from functools import reduce
from typing import Any, TypeVar, cast

from django.db.models import Model

from accounts.models import User
from core.kit.errors import Words
from core.kit.people import forget
from core.kit.writes import lock, require_known
from programme.organisations.rules import remember_role
from programme.organisations.selectors import role_of

M = TypeVar("M", bound=Model)


def lock_by_right(
    row: M,
    permission: str | None,
    *related: str,
    organisation: str,
    by: User,
    otherwise: Words,
    **more: Any,
) -> M:
    """Do what `lock` and then `require` do, for who writes by their role in an organisation.

    The role is read in the query of the lock. `organisation` leads there from the row and is one
    of `related`, `more` goes to `lock`. The sentence `otherwise` may name the organisation by
    %(name)s. Without a permission the caller asks for what it needs.
    """
    role = role_of(by, organisation)
    locked: Any = lock(row, *related, role_of_writer=role, **more)
    owner: Any = reduce(getattr, organisation.split("__"), locked)
    forget(by)
    remember_role(by, owner, locked.role_of_writer)
    if permission is not None:
        require_known(by, permission, locked, otherwise=otherwise % {"name": owner})
    return cast("M", locked)
