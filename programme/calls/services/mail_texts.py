"""The words of a call's mails: written by staff, tried on oneself, taken back."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties.catalogue import key_of
from core.kit.errors import InvalidError
from core.kit.writes import lock, require, require_version
from core.post.mail import build_mail
from core.post.models import MailText
from core.post.texts import (
    OwnWords,
    TextKind,
    case_of,
    clean_own,
    stored_words,
    text_kinds,
)
from core.trail.services import record_event
from programme.calls.models import Call


@dataclass(frozen=True)
class Which:
    """One mail of a call in one language."""

    call: Call
    kind: TextKind
    language: str

    @property
    def scope(self) -> str:
        """Return the key under which its words are stored."""
        return key_of(self.call)

    def standard(self) -> OwnWords:
        """Return the standard words, each placeholder as its name in braces."""
        return self.kind.standard(self.call, self.language)

    def stored(self) -> OwnWords:
        """Return the words that count now."""
        return stored_words(self.kind, self.scope, self.language) or self.standard()


def which_mail(call: Call, kind: str, language: str) -> Which:
    """Return a mail of a call; raise InvalidError for one that it does not send."""
    found = text_kinds().get(kind)
    if found is None or not found.offered(call) or language not in dict(settings.LANGUAGES):
        raise InvalidError(_("This call sends no such mail."))
    return Which(call, found, language)


def _lock_call(call: Call, by: User) -> Call:
    call = lock(call)
    otherwise = _("Only coordinators write the mails of a call. Ask one of them.")
    require(by, "calls.edit_calls", otherwise=otherwise)
    return call


def clean_words(which: Which, subject: str, text: str) -> OwnWords:
    """Return subject and words as they can be stored.

    Raises InvalidError, at `subject` or `text`, for what is empty, too long, or has placeholders
    that do not fit.
    """
    words = clean_own(
        subject,
        text,
        no_subject=_("Write what the mail is about, or take the standard text again."),
        no_text=_("Write the mail, or take the standard text again."),
    )
    which.kind.check(words)
    return words


@transaction.atomic
def write_mail_text(
    *, call: Call, kind: str, language: str, subject: str, text: str, read_version: int, by: User
) -> MailText:
    """Word one mail of a call in one language; it counts for what is written from now on.

    Every writing is kept. The same words again write nothing. Raises InvalidError for words that
    do not fit, StaleError when somebody saved first (`read_version` is the number of the writing
    that was read, 0 for the standard text).
    """
    which = which_mail(_lock_call(call, by), kind, language)
    newest = _newest(which, read_version)
    words = clean_words(which, subject, text)
    if newest is not None and (newest.subject, newest.text) == (words.subject, words.text):
        return newest
    return _write(which, newest, words, by, "call.mail_written")


@transaction.atomic
def take_standard_text(
    *, call: Call, kind: str, language: str, read_version: int, by: User
) -> MailText | None:
    """Let the standard text of a mail count again; what was written stays among the earlier ones.

    Returns None where it counts already. Raises StaleError when somebody saved first.
    """
    which = which_mail(_lock_call(call, by), kind, language)
    newest = _newest(which, read_version)
    if newest is None or newest.is_standard:
        return None
    return _write(which, newest, OwnWords("", ""), by, "call.mail_standard")


def _newest(which: Which, read_version: int) -> MailText | None:
    rows = MailText.objects.filter(scope=which.scope, kind=which.kind.key, language=which.language)
    newest = rows.select_related("by").order_by("-number").first()
    require_version(newest.number if newest else 0, read_version, current=newest)
    return newest


def _write(which: Which, newest: MailText | None, words: OwnWords, by: User, verb: str) -> MailText:
    row = MailText.objects.create(
        scope=which.scope,
        kind=which.kind.key,
        language=which.language,
        number=newest.number + 1 if newest else 1,
        subject=words.subject,
        text=words.text,
        by=by,
    )
    record_event(
        verb=verb,
        target=which.call,
        by=by,
        details=_of(which) | {"number": row.number},
    )
    return row


def _of(which: Which) -> dict[str, Any]:
    """Return how the record names a mail."""
    return {"mail": str(which.kind.label), "language": which.language}


@transaction.atomic
def copy_mail_texts(old: Call, new: Call, by: User) -> None:
    """Write the words that count for one call for another one, as part of copying it."""
    newest: dict[tuple[str, str], MailText] = {}
    for row in MailText.objects.filter(scope=key_of(old)).order_by("number"):
        newest[row.kind, row.language] = row
    MailText.objects.bulk_create(
        MailText(
            scope=key_of(new),
            kind=row.kind,
            language=row.language,
            number=1,
            subject=row.subject,
            text=row.text,
            by=by,
        )
        for row in newest.values()
        if not row.is_standard
    )


# Looking, and trying --------------------------------------------------------------------
def mail_as_read(
    which: Which, words: OwnWords, *, reference: str, by: User, **more: Any
) -> EmailMultiAlternatives:
    """Return the mail with these words, as it reads for one application or for an example.

    Nothing is stored or sent. Raises InvalidError for a reference that is none of the call, or
    that the person may not read.
    """
    with translation.override(which.language):
        values = which.kind.example(which.call)
    if reference:
        found = case_of(which.call, by, reference)
        if found is None:
            raise InvalidError(
                _(
                    "No application of this call has the reference %(reference)s. Choose another "
                    "one, or leave it empty for an example."
                )
                % {"reference": reference},
                field="reference",
            )
        values |= found
    with translation.override(which.language):
        own = which.kind.fill(words, values)
    return build_mail(
        template=which.kind.template,
        to=by.email,
        language=which.language,
        context={**values, "own": own, **more},
        about=key_of(values["application"]) if reference else which.scope,
        owner=key_of(by),
    )


@transaction.atomic
def send_test_mail(
    *,
    call: Call,
    kind: str,
    language: str,
    subject: str,
    text: str,
    by: User,
    reference: str = "",
) -> None:
    """Send a mail with these words, marked as a test, to oneself alone; nothing else changes."""
    which = which_mail(_lock_call(call, by), kind, language)
    words = clean_words(which, subject, text)
    mail_as_read(which, words, reference=reference, by=by, is_test=True).send()
    record_event(
        verb="call.mail_tried",
        target=which.call,
        by=by,
        details=_of(which),
    )
