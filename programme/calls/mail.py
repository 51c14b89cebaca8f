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


def told_of_move(
    impact: Impact, before: dt.datetime | None, after: dt.datetime | None
) -> list[Writer]:
    """Return the writers for whom it closes at another time: not who has a later one anyway."""
    return [one for one in impact.writers if one.closing(before) != one.closing(after)]


def mail_to(writer: Writer, call: Call, moved: Movable, values: dict[str, Any]) -> dict[str, Any]:
    """Return what `send_mail` takes to tell a writer; `call` has the new time.

    Who has a closing time of its own reads that one where it is the later.
    """
    after = writer.closing(getattr(call, moved.time))
    return {
        "template": moved.mail,
        "to": writer.person.email,
        "language": writer.person.language,
        "context": {
            "reader": writer.person,
            "pages": writer.pages,
            "call": call,
            **values,
            "before": writer.closing(values["before"]),
            "after": after,
            "is_over": after is not None and after < days.now(),
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
    values = {"before": getattr(call, moved.time), "reason": reason}
    told = told_of_move(impact, values["before"], closes_at)
    first = {writer.person.language: writer for writer in reversed(told)}
    return [
        (
            str(writer.person.get_language_display()),
            build_mail(**mail_to(writer, then, moved, values)),
        )
        for writer in first.values()
    ]
