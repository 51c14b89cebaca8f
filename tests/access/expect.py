"""The words in which the access table is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

ANONYMOUS = "anonymous"
STAFF = (
    "coordinator",
    "desk",
    "desk_other",
    "desk_none",
    "assessor",
    "assessor_other",
    "observer",
)
# A role of staff that no rule names: it may do nothing.
NEW_ROLE = "auditor"
CITY = ("lead", "editor", "viewer", "partner_lead", "stranger")
SIGNED_IN = (*STAFF, NEW_ROLE, *CITY)
ROLES = (ANONYMOUS, *SIGNED_IN)

# What a request may come to.
OPEN = "open"  # the page, a redirect inside, or a refusal of the input itself (400, 409)
FORBIDDEN = "403"
HIDDEN = "404"
SIGN_IN = "sign-in"
CLOSED = "closed"  # no such method: 405, or whatever keeps the person out anyway

Expectation = Mapping[str, str]


def only(
    allowed: str, *, forbidden: str = "", otherwise: str = HIDDEN, anonymous: str = SIGN_IN
) -> Expectation:
    """Allow the named roles; `forbidden` ones get 403, the others `otherwise`."""
    expected = dict.fromkeys(SIGNED_IN, otherwise) | {ANONYMOUS: anonymous}
    for names, outcome in ((allowed, OPEN), (forbidden, FORBIDDEN)):
        for role in names.split():
            if role not in expected:
                message = f"There is no role {role}."
                raise KeyError(message)
            expected[role] = outcome
    return expected


def everyone() -> Expectation:
    """Allow all, signed in or not."""
    return dict.fromkeys(ROLES, OPEN)


def signed_in() -> Expectation:
    """Allow all who are signed in."""
    return dict.fromkeys(SIGNED_IN, OPEN) | {ANONYMOUS: SIGN_IN}


def staff(*, but: str = "", forbidden: str = "") -> Expectation:
    """Allow the coordination unit but `but`; a city user does not learn that the page exists."""
    return only(
        " ".join(r for r in STAFF if r not in (*but.split(), *forbidden.split())),
        forbidden=forbidden,
    )


def no_method() -> Expectation:
    """Nobody gets in with this method."""
    return dict.fromkeys(ROLES, CLOSED)


@dataclass(frozen=True)
class Row:
    """What each role gets at one address, by method.

    `at` makes the address' arguments from the world, `data` what a POST sends. A name may
    have several rows, told apart by `note`. The page of a moment that only a form leads to is
    the answer to `sent`.
    """

    name: str
    GET: Expectation
    POST: Expectation
    at: Callable[[Any], dict[str, Any]] = lambda _: {}
    data: Callable[[Any], dict[str, Any]] = lambda _: {}
    query: str | Callable[[Any], str] = ""
    note: str = ""
    sent: Mapping[str, str] | None = None

    def address(self, world: Any) -> str:
        """Make the objects, and return the address that names them."""
        path = reverse(self.name, kwargs=self.at(world))
        return path + (self.query if isinstance(self.query, str) else self.query(world))

    def __str__(self) -> str:
        return f"{self.name} ({self.note})" if self.note else self.name
