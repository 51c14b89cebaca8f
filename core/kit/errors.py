"""Errors that services raise and views turn into a message for the reader."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words: TypeAlias = str | _StrPromise
else:
    # A sentence for people, translated now or when it is shown.
    Words: TypeAlias = str | Promise


class PortalError(Exception):
    """A refusal with a full, translated sentence that says what to do next.

    `message` is shown to the reader as text, at the form's `field` if it is about one.
    `code` is a stable word for tests and logs. `status` is the HTTP status of the page that
    shows it, whichever page that is.
    """

    code = "refused"
    status = 422

    def __init__(self, message: Words, *, field: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        if code:
            self.code = code

    def __str__(self) -> str:
        return str(self.message)


class NotAllowedError(PortalError):
    """The person may see the object but not do this to it."""

    code = "not_allowed"
    status = 403


class WrongStateError(PortalError):
    """The object has moved on since the page was loaded."""

    code = "wrong_state"
    status = 409


class InvalidError(PortalError):
    """Input that breaks a rule."""

    code = "invalid"


class SeveralInvalidError(InvalidError):
    """All that is wrong at once, each at its field: nobody mends one to be told of the next."""

    def __init__(self, errors: Sequence[InvalidError]) -> None:
        words = " ".join(str(error) for error in errors)
        super().__init__(words, field=errors[0].field, code=errors[0].code)
        self.errors = errors


def refuse_all(errors: Sequence[InvalidError]) -> None:
    """Raise what is wrong: the one error, or SeveralInvalidError. Returns where there is none."""
    if len(errors) > 1:
        raise SeveralInvalidError(errors)
    for error in errors:
        raise error


class StaleError(PortalError):
    """Somebody else saved first. `current` is what is stored now, in its `version`."""

    code = "stale"
    status = 409

    def __init__(self, message: Words, *, current: Any = None, version: int = 0) -> None:
        super().__init__(message)
        self.current = current
        self.version = version
