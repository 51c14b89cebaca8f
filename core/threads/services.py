"""Writes on conversations. The owner of a thread asks who may, and locks its own row first."""

from typing import Final

from django.utils.translation import gettext as _

from core.kit import days
from core.kit.people import Person
from core.kit.writes import clean_text
from core.threads.models import Message, Thread

MESSAGE_LIMIT: Final = 3000


def open_thread() -> Thread:
    """Start a conversation in which nobody has written."""
    return Thread.objects.create(created_at=days.now())


def add_message(*, thread: Thread, text: str, by: Person) -> Message:
    """Append what somebody wrote. Raises InvalidError (field "text") for nothing, or too much."""
    text = clean_text(
        text, field="text", limit=MESSAGE_LIMIT, missing=_("Write what you want to say.")
    )
    return Message.objects.create(
        thread=thread, at=days.now(), by_id=by.pk, name=str(by)[:254], words=text
    )
