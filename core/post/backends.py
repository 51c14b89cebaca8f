"""Mail backends: into the outbox, and from there into a folder of files."""

import re
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.text import slugify

from core.kit.disk import write_whole
from core.kit.text import fold
from core.kit.unmade import is_unmade
from core.kit.wakeups import wake_up
from core.post.services import put_in_outbox


class OutboxBackend(BaseEmailBackend):
    """Turns every mail into rows of the outbox, in the transaction of the change it tells of."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the rows; a worker is woken once the transaction holds."""
        messages = list(email_messages)
        if is_unmade():
            return len(messages)
        put_in_outbox(messages=messages)
        wake_up("core.post.tasks.send_outbox")
        return len(messages)


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
