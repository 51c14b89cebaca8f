"""Into the outbox, and out of it again before a mail leaves."""

import uuid
from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.html import strip_tags

from core.kit.text import clean_line, clean_paragraphs
from core.post.models import CHUNK, SECRET, Mail
from core.post.states import RECALLABLE, MailStatus


def put_in_outbox(*, messages: Iterable[EmailMessage]) -> list[Mail]:
    """Write one row per recipient, inside the caller's transaction.

    Raises ValueError on an attachment: the outbox keeps none, a mail links to a file instead.
    """
    rows = [row for message in messages for row in _rows_of(message)]
    return Mail.objects.bulk_create(rows)


def _rows_of(message: EmailMessage) -> list[Mail]:
    if message.attachments:
        raise ValueError("The outbox keeps no attachments: link to the file instead.")
    headers = {str(name): clean_line(str(value)) for name, value in message.extra_headers.items()}
    kind = headers.pop("X-Portal-Kind", "")
    language = headers.pop("Content-Language", "")
    about, owner = headers.pop("X-Portal-About", ""), headers.pop("X-Portal-Owner", "")
    headers.pop("Message-ID", None)
    if message.reply_to:
        headers["Reply-To"] = clean_line(", ".join(map(str, message.reply_to)))
    text, html = _bodies(message)
    return [
        Mail(
            kind=kind[:60],
            about=about[:60],
            owner=owner[:60],
            sender=clean_line(str(message.from_email))[:254],
            recipient=clean_line(str(recipient))[:254],
            subject=clean_line(str(message.subject))[:500],
            text=text,
            html=html,
            language=language[:10],
            headers=headers,
            message_id=_new_message_id(),
        )
        for recipient in message.recipients()
    ]


def _bodies(message: EmailMessage) -> tuple[str, str]:
    body = clean_paragraphs(str(message.body))
    if message.content_subtype == "html":
        return clean_paragraphs(strip_tags(body)), body
    for content, mimetype in getattr(message, "alternatives", []):
        if mimetype == "text/html":
            return body, clean_paragraphs(str(content))
    return body, ""


def _new_message_id() -> str:
    return f"<{uuid.uuid4().hex}@{urlsplit(settings.BASE_URL).hostname}>"


@transaction.atomic
def withdraw_mails(
    *,
    why: str,
    about: Iterable[str] | None = None,
    owner: str = "",
    recipient: str = "",
    kinds: Iterable[str] = (),
) -> int:
    """Take back what waits or is held and fits everything given; return how many that were.

    Whoever changes what a mail tells calls it inside the transaction of the change. `about` and
    `owner` are keys of things (`core.duties.catalogue.key_of`), `kinds` names templates; `why`
    is what staff read. A mail that a worker has leased is on its way: see `mails.py`. Raises
    ValueError when nothing says which mails are meant.
    """
    if about is None and not owner and not recipient:
        raise ValueError("Say which mails to take back: about what, for whom or to whom.")
    mails = Mail.objects.filter(status__in=RECALLABLE)
    if kinds:
        mails = mails.filter(kind__in=list(kinds))
    if owner:
        mails = mails.filter(owner=owner)
    if recipient:
        mails = mails.filter(recipient=recipient)
    if about is None:
        return _withdraw(mails, why)
    keys = list(about)
    return sum(
        _withdraw(mails.filter(about__in=keys[start : start + CHUNK]), why)
        for start in range(0, len(keys), CHUNK)
    )


@transaction.atomic
def withdraw_all_or_none(*, ids: Collection[int], why: str) -> bool:
    """Take back exactly these mails; tell whether that was done.

    Where one of them has left, or is leaving, none is: half of a message is no message.
    """
    rows = list(Mail.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    if not ids or len(rows) != len(ids) or any(row.status not in RECALLABLE for row in rows):
        return False
    _withdraw(Mail.objects.filter(pk__in=ids), why)
    return True


def _withdraw(mails: "QuerySet[Mail]", why: str) -> int:
    mails.filter(SECRET).update(text="", html="")
    return mails.update(status=MailStatus.WITHDRAWN, last_error=why[:500])


def change_owner(
    *, before: str, after: str, only: Collection[int] | None = None, about: Collection[str] = ()
) -> list[int]:
    """Let the mails of one owner be another's, who is found by them from now on; return which.

    Both are keys of things. For who makes two things one, or one two, inside the transaction of
    that: then `only` names the mails, or `about` the keys of what they are about.
    """
    mails = Mail.objects.filter(owner=before)
    if only is not None:
        mails = mails.filter(pk__in=only)
    if about:
        mails = mails.filter(about__in=about)
    found = list(mails.order_by("pk").values_list("pk", flat=True))
    Mail.objects.filter(pk__in=found).update(owner=after)
    return found
