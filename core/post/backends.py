"""Mail backends: into the outbox, and from there into a folder of files."""

import logging
import re
import threading
import time
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from core.kit.disk import write_whole
from core.kit.text import fold
from core.post.services import put_in_outbox

logger = logging.getLogger(__name__)

# A request waits this long for the broker; beat sends what a lost wake-up leaves behind.
WAKE_UP_SECONDS = 0.5
# After a failure the broker is left alone for a while.
PAUSE_SECONDS = 10


class OutboxBackend(BaseEmailBackend):
    """Turns every mail into rows of the outbox, in the transaction of the change it tells of."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the rows; a worker is woken once the transaction holds."""
        messages = list(email_messages)
        put_in_outbox(messages=messages)
        transaction.on_commit(wake_up.call, robust=True)
        return len(messages)


class WakeUp:
    """Tells a worker that mails wait, without ever holding up or failing the caller.

    The broker is asked in a thread of its own, one at a time: a broker that refuses is logged,
    one that accepts and stays silent costs the caller half a second, once.
    """

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._paused_until = 0.0

    def call(self) -> None:
        """Ask for a run of send_outbox."""
        busy = self._thread is not None and self._thread.is_alive()
        if busy or time.monotonic() < self._paused_until:
            return
        self._thread = threading.Thread(target=self._publish, daemon=True)
        self._thread.start()
        self._thread.join(WAKE_UP_SECONDS)

    def _publish(self) -> None:
        try:
            current_app.send_task("core.post.tasks.send_outbox", retry=False)
        except Exception:
            self._paused_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("The broker does not answer; beat will send the mails.", exc_info=True)


wake_up = WakeUp()


class FolderBackend(BaseEmailBackend):
    """Writes each mail as a file that mail programmes open, into settings.MAIL_DIR.

    The name follows from the mail alone, so a second copy takes the place of the first, and
    a file is only ever seen whole.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write one file per mail."""
        folder = Path(settings.MAIL_DIR)
        for message in email_messages:
            content = message.message()
            name = file_name(message, str(content["Message-ID"]), content["Date"])
            write_whole(folder / name, [content.as_bytes()])
        return len(email_messages)


def file_name(message: EmailMessage, message_id: str, date: Any) -> str:
    """Return e.g. "20261122-141502-ana-at-dubrovnik-hr-your-draft-3f2a9c01.eml"."""
    when = timezone.localtime(parsedate_to_datetime(str(date)))
    reader = slugify(re.sub("@", "-at-", message.to[0]).replace(".", "-"))[:60]
    subject = slugify(fold(str(message.subject)))[:60].strip("-") or "mail"
    unique = re.sub(r"\W", "", message_id)[:8]
    return f"{when:%Y%m%d-%H%M%S}-{reader}-{subject}-{unique}.eml"
