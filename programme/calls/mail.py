"""The mail about a moved deadline, as it is sent and as it is shown before."""

import datetime as dt
from copy import copy
from typing import Any

from django.core.mail import EmailMultiAlternatives

from core.kit import days
from core.post.mail import build_mail
from programme.calls.models import Call
from programme.calls.movable import MOVABLE, Movable
from programme.calls.selectors import Impact, Writer


def mail_to(writer: Writer, call: Call, moved: Movable, values: dict[str, Any]) -> dict[str, Any]:
    """Return what `send_mail` takes to tell a writer; `call` has the new time."""
    return {
        "template": moved.mail,
        "to": writer.person.email,
        "language": writer.person.language,
        "context": {
            "reader": writer.person,
            "pages": writer.pages,
            "call": call,
            "after": getattr(call, moved.time),
            **values,
        },
    }


def mails_of_move(
    *, call: Call, closes_at: dt.datetime, reason: str, impact: Impact
) -> list[tuple[str, EmailMultiAlternatives]]:
    """Return the mail that a move would send, once in each language: (language, mail).

    Each is written to the first writer who reads that language. Nothing is sent or stored.
    """
    moved = MOVABLE[impact.closing]
    then = copy(call)
    setattr(then, moved.time, closes_at)
    values = {
        "before": getattr(call, moved.time),
        "reason": reason,
        "is_over": closes_at < days.now(),
    }
    first = {writer.person.language: writer for writer in reversed(impact.writers)}
    return [
        (
            str(writer.person.get_language_display()),
            build_mail(**mail_to(writer, then, moved, values)),
        )
        for writer in first.values()
    ]
