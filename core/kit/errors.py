"""Errors that services raise and views turn into a message for the reader."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class PortalError(Exception):
    """A refusal with a full, translated sentence that says what to do next.

    `message` is shown to the reader as text. `code` is a stable word for tests and logs.
    """

    code = "refused"

    def __init__(self, message: "str | _StrPromise", *, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        if code:
            self.code = code

    def __str__(self) -> str:
        return str(self.message)


class NotAllowedError(PortalError):
    """The person may see the object but not do this to it (HTTP 403)."""

    code = "not_allowed"


class WrongStateError(PortalError):
    """The object has moved on since the page was loaded (HTTP 409)."""

    code = "wrong_state"


class InvalidError(PortalError):
    """Input that breaks a rule. `field` names the form field it belongs to."""

    code = "invalid"

    def __init__(self, message: "str | _StrPromise", *, field: str = "", code: str = "") -> None:
        super().__init__(message, code=code)
        self.field = field


class StaleError(PortalError):
    """Somebody else saved first (HTTP 409). `current` is what is stored now."""

    code = "stale"

    def __init__(
        self, message: "str | _StrPromise", *, current: Any = None, version: int = 0
    ) -> None:
        super().__init__(message)
        self.current = current
        self.version = version
