"""What the log leaves out."""

import logging
import re
from http import HTTPStatus

# What follows these in an address, written plainly or inside another address, lets somebody in:
# links of invitations, of committing or writing a letter online, of confirming an address, of
# setting a new password.
TOKENS = re.compile(
    r"((?:/|%2F)"
    r"(?:invitations(?:(?:/|%2F)staff)?|commitments|letters|confirm-email"
    r"|password(?:/|%2F)reset(?:/|%2F)key)(?:/|%2F))"
    r"(?!\d+(?:/|%2F))[^/\s\"'<>?#&%]+",
    re.IGNORECASE,
)


def without_tokens(text: str) -> str:
    """Return a text of the log with the token of every link left out."""
    return TOKENS.sub(r"\1[token]", text)


class TokenlessFormatter(logging.Formatter):
    """Writes a line as its base does, tracebacks too, but no token of any link."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the whole text of the record without tokens."""
        return without_tokens(super().format(record))


class NoTraceOfRefusals(logging.Filter):
    """A refused request is one line: its traceback would only hide those of real errors.

    Django adds one to every 403 and to whatever it finds suspicious, such as a foreign host name.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the traceback from a line about a refusal; keep every line."""
        status = getattr(record, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR)
        refused = record.name == "django.request" and status < HTTPStatus.INTERNAL_SERVER_ERROR
        if refused or record.name.startswith("django.security"):
            record.exc_info = record.exc_text = None
        return True
