"""What coordinators do with a mail: hold it, let it go, try it again, to a better address."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.people import Person
from core.kit.text import clean_line
from core.kit.writes import clean_reason, lock, require
from core.post.models import Mail
from core.post.states import MailStatus
from core.trail.services import record_event


@transaction.atomic
def hold_mail(*, mail: Mail, by: Person) -> Mail:
    """Keep a waiting mail back until somebody releases it.

    Raises WrongStateError when it has left in the meantime.
    """
    mail = _locked(mail, by=by)
    if mail.status != MailStatus.QUEUED:
        raise WrongStateError(
            _("This mail is no longer waiting, so it cannot be held. See its state on its page.")
        )
    mail.status = MailStatus.HELD
    mail.save(update_fields=["status"])
    record_event(verb="mail.held", target=mail, by=by)
    return mail


@transaction.atomic
def release_mail(*, mail: Mail, by: Person) -> Mail:
    """Let a held mail go; it leaves with the next run.

    Raises WrongStateError when it is not held.
    """
    return _queue_again(mail, MailStatus.HELD, "mail.released", by)


@transaction.atomic
def retry_mail(*, mail: Mail, by: Person) -> Mail:
    """Queue a failed mail again, with a new count of attempts.

    Raises WrongStateError when it has not failed.
    """
    return _queue_again(mail, MailStatus.FAILED, "mail.retried", by)


@transaction.atomic
def correct_mail(*, mail: Mail, recipient: str, reason: str, by: Person) -> Mail:
    """Send a mail that failed to another address, with the reason on record.

    A mail with a personal link stays: whoever reads it gets in. Raises WrongStateError for such
    a mail and for one that has not failed, InvalidError without a reason or for the same address.
    """
    mail = _locked(mail, by=by)
    if mail.is_secret:
        raise WrongStateError(
            _("This mail holds a personal link. Let the person ask for a new one, or invite again.")
        )
    recipient, before = clean_line(recipient)[:254], mail.recipient
    reason = clean_reason(reason, missing=_("Write how you know the right address."))
    if recipient == before:
        raise InvalidError(
            _("This is the address that failed. Correct it, or try the mail again as it is."),
            field="recipient",
        )
    _require_state(mail, MailStatus.FAILED)
    mail.recipient = recipient
    _write_queued(mail, "recipient")
    record_event(
        verb="mail.corrected",
        target=mail,
        by=by,
        reason=reason,
        details={"before": before, "after": recipient},
    )
    return mail


def _queue_again(mail: Mail, source: MailStatus, verb: str, by: Person) -> Mail:
    mail = _locked(mail, by=by)
    _require_state(mail, source)
    _write_queued(mail)
    record_event(verb=verb, target=mail, by=by)
    return mail


def _require_state(mail: Mail, state: MailStatus) -> None:
    if mail.status != state:
        raise WrongStateError(
            _("Somebody was faster: this mail is already “%(state)s”. There is nothing left to do.")
            % {"state": mail.get_status_display()}
        )


def _write_queued(mail: Mail, *more: str) -> None:
    """Let it leave with the next run, with a new count of attempts."""
    mail.status, mail.due_at, mail.attempts = MailStatus.QUEUED, days.now(), 0
    mail.save(update_fields=["status", "due_at", "attempts", *more])


def _locked(mail: Mail, *, by: Person) -> Mail:
    mail = lock(mail)
    require(
        by,
        "post.manage_outbox",
        mail,
        otherwise=_("Only coordinators hold, release or retry mails. Ask a coordinator to do it."),
    )
    return mail
