"""What the log leaves out."""

import logging
from http import HTTPStatus


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
