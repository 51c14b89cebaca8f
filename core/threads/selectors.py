"""Reads on conversations."""

from core.threads.models import Message, Thread


def messages_of(thread: Thread) -> list[Message]:
    """Return what was written, the oldest first, with who wrote it."""
    return list(thread.messages.select_related("by"))
