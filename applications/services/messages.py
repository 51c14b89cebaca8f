"""What staff write to an applicant of their own accord: one message, to who is written to."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from applications.selectors import recipients_of
from applications.services.letters import write_to_city
from applications.services.locking import lock_application, refuse_moved
from applications.services.placeholders import OF_APPLICATION
from applications.states import ApplicationStatus
from core.duties.catalogue import key_of
from core.kit.errors import InvalidError, WrongStateError
from core.kit.text import clean_line
from core.post.models import Mail
from core.post.placeholders import filled, values_of
from core.post.services import withdraw_all_or_none
from core.post.texts import OwnWords, clean_own, require_words_fitting
from core.trail.services import record_event

MESSAGE = "application_message"


def clean_message(*, subject: str, text: str) -> OwnWords:
    """Return subject and words as staff wrote them, the placeholders in their braces.

    Raises InvalidError for what is empty, too long, or names a placeholder that nothing fills.
    """
    words = clean_own(
        subject,
        text,
        no_subject=_("Write what the mail is about."),
        no_text=_("Write what the applicants shall read."),
    )
    require_words_fitting(words, OF_APPLICATION)
    return words


def message_for(application: Application, words: OwnWords) -> OwnWords:
    """Return the message as this applicant reads it."""
    values = values_of(OF_APPLICATION, {"application": application})
    return OwnWords(clean_line(filled(words.subject, values)), filled(words.text, values))


@transaction.atomic
def write_to_applicant(*, application: Application, subject: str, text: str, by: User) -> list[int]:
    """Queue a mail in the words of staff; return the ids of the mails in the outbox.

    Raises WrongStateError for what is withdrawn, InvalidError for words that do not fit, or where
    nobody can be written to.
    """
    application = lock_application(application, "applications.write_to_applicant", by)
    if application.status in (ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN):
        refuse_moved(application)
    own = message_for(application, clean_message(subject=subject, text=text))
    number = len(recipients_of(application))
    if not number:
        raise InvalidError(_("Nobody can be written to: it has no lead and no contact."))
    write_to_city(application, MESSAGE, {"own": own})
    record_event(
        verb="application.message_sent",
        target=application,
        by=by,
        details={"subject": own.subject},
    )
    # Under the lock of the application nobody else has written one.
    written = Mail.objects.filter(about=key_of(application), kind=MESSAGE).order_by("-pk")
    return list(written.values_list("pk", flat=True)[:number])


@transaction.atomic
def take_back_message(
    *, application: Application, mails: Collection[int], reason: str, by: User
) -> None:
    """Take a message back that has not left to anybody yet.

    Raises WrongStateError when one of its mails has left, or is leaving.
    """
    application = lock_application(application, "applications.write_to_applicant", by)
    theirs = Mail.objects.filter(pk__in=mails, about=key_of(application), kind=MESSAGE)
    ids = list(theirs.values_list("pk", flat=True))
    if not withdraw_all_or_none(ids=ids, why=reason):
        raise WrongStateError(
            _("It has left already, so it cannot be taken back. Write once more to put it right."),
            code="left",
        )
    record_event(verb="application.message_taken_back", target=application, by=by, reason=reason)
