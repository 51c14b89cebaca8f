"""Questions of staff on single answers: asking, answering, a later date, taking back."""

import datetime as dt
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import lock_people
from applications.models import Application, Clarification
from applications.parts import rows_of
from applications.selectors import files_of, submission_of
from applications.services.letters import write_to_city
from applications.services.locking import lock_application, refuse_moved, require_reason
from applications.states import CLARIFIED_IN, ClarificationAnswer
from core.duties import services as duties
from core.duties.catalogue import key_of
from core.files.kinds import SIGNED_PAPERS
from core.files.services import atomic_with_files, require_room, sha256_of, store_file
from core.kit import days
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.kit.fingerprints import fingerprint
from core.kit.rows import still_there
from core.kit.text import clean_paragraphs
from core.kit.writes import clean_text
from core.post.mail import send_mail
from core.post.services import withdraw_mails
from core.threads.models import Message
from core.threads.services import add_message, open_thread
from core.trail.services import record_event

QUESTION_LIMIT: Final = 2000
ANSWER_LIMIT: Final = 6000


@transaction.atomic
def ask_clarification(
    *, application: Application, row: str, question: str, due_on: dt.date, by: User
) -> Clarification:
    """Ask the applicant about one answer of what stands; `row` is its key (applications.parts).

    The city gets a mail and answers in place by the end of the day in Brussels. Raises
    InvalidError for an answer that was not sent, no question, or a day that is over.
    """
    application = lock_application(application, "applications.ask_clarification", by)
    if application.status not in CLARIFIED_IN:
        refuse_moved(application)
    submission = submission_of(application)
    found = rows_of(submission.snapshot).get(row) if submission else None
    if submission is None or found is None:
        raise InvalidError(_("Choose one of the answers that were sent."), field="row")
    part, answer = found
    question = clean_text(
        question,
        field="question",
        limit=QUESTION_LIMIT,
        missing=_("Write what you want to know, so that the applicant can answer it."),
    )
    now = days.now()
    asked = Clarification.objects.create(
        application=application,
        submission=submission,
        thread=open_thread(),
        row=row,
        part=part.title[:200],
        label=answer.label[:300],
        sent_text="\n".join(filter(None, (answer.value, answer.note))),
        question=question,
        asked_by=by,
        asked_at=now,
        told_at=now,
        due_at=_due_at(due_on),
    )
    duties.touch(asked)
    _record("clarification_asked", asked, by, due=due_on)
    _tell_city(asked, "clarification_asked")
    return asked


def _due_at(due_on: dt.date) -> dt.datetime:
    due_at = days.end_of(due_on)
    if due_at <= days.now():
        raise InvalidError(
            _("Set a day that is still to come, so that the applicant can answer."), field="due_on"
        )
    return due_at


@atomic_with_files()
def answer_clarification(
    *, clarification: Clarification, kind: str, answer: str, by: User, upload: Any = None
) -> Clarification:
    """Explain or correct the answer that was asked about; nothing else of what was sent changes.

    It stands beside what was sent, with a fingerprint of both and of the file that was sent along
    (`upload`: a Django file, or one that a form holds). Sent twice it is one; another answer is
    refused, as is one after the due date, and a file that store_file refuses.
    """
    clarification = _lock(clarification, "applications.answer_clarification", by)
    if kind not in ClarificationAnswer.values:
        raise InvalidError(_("Choose whether you explain or correct the answer."), field="kind")
    answer = clean_text(
        answer, field="answer", limit=ANSWER_LIMIT, missing=_("Write the answer, then send it.")
    )
    is_same = (clarification.kind, clarification.answer) == (kind, answer)
    if is_same and (upload is None or _is_on_file(upload, clarification)):
        return clarification
    _require_waiting(clarification)
    if clarification.is_late:
        raise WrongStateError(
            _(
                "The date for this answer is over, so we go on with what you sent. Write to "
                "the coordination unit: it can set a later date."
            ),
            code="late",
        )
    if kind == ClarificationAnswer.CORRECT and answer == clarification.sent_text:
        raise InvalidError(
            _("This is what you sent. Change it, or choose to explain it."), field="answer"
        )
    clarification.kind, clarification.answer = kind, answer
    clarification.answered_by, clarification.answered_at = by, days.now()
    if upload is not None:
        files = files_of(clarification.application)
        require_room(files, upload, quota=settings.APPLICATION_MAX_BYTES)
        clarification.file = store_file(upload=upload, by=by, kinds=SIGNED_PAPERS)
    clarification.sha256 = fingerprint(_addition(clarification))
    fields = ["kind", "answer", "file", "answered_by", "answered_at", "sha256"]
    clarification.save(update_fields=fields)
    file = {"file": clarification.file.name} if clarification.file else {}
    _record("clarification_answered", clarification, by, answer=kind, **file)
    _end(clarification, _("The question has been answered."))
    _tell_staff(clarification, "clarification_answered")
    return clarification


def _is_on_file(upload: Any, clarification: Clarification) -> bool:
    return clarification.file is not None and sha256_of(upload) == clarification.file.sha256


def _addition(clarification: Clarification) -> dict[str, Any]:
    """Return what the fingerprint of an answer is made of."""
    file = {"file": clarification.file.sha256} if clarification.file else {}
    return {
        **file,
        "submission": clarification.submission.sha256,
        "row": clarification.row,
        "question": clarification.question,
        "kind": clarification.kind,
        "answer": clarification.answer,
    }


@transaction.atomic
def extend_clarification(
    *, clarification: Clarification, due_on: dt.date, by: User
) -> Clarification:
    """Set a later date, also once the first is over, and tell the city."""
    clarification = _lock(clarification, "applications.ask_clarification", by)
    _require_waiting(clarification)
    due_at = _due_at(due_on)
    if due_at == clarification.due_at:
        return clarification
    if due_at < clarification.due_at:
        raise InvalidError(
            _("The applicant counts on its date: set a later one, or take the question back."),
            field="due_on",
        )
    clarification.due_at, clarification.told_at = due_at, days.now()
    clarification.save(update_fields=["due_at", "told_at"])
    duties.touch(clarification)
    _record("clarification_extended", clarification, by, due=due_on)
    _tell_city(clarification, "clarification_extended")
    return clarification


@transaction.atomic
def withdraw_clarification(*, clarification: Clarification, reason: str, by: User) -> Clarification:
    """Take a question back: the city owes nothing any more, and is told why."""
    clarification = _lock(clarification, "applications.ask_clarification", by)
    if clarification.withdrawn_at is not None:
        return clarification
    _require_waiting(clarification)
    reason = require_reason(reason)
    clarification.withdrawn_at = days.now()
    clarification.save(update_fields=["withdrawn_at"])
    _record("clarification_withdrawn", clarification, by, reason=reason)
    _end(clarification, _("The question was taken back."))
    _tell_city(clarification, "clarification_withdrawn", reason=reason)
    return clarification


@transaction.atomic
def write_on_clarification(*, clarification: Clarification, text: str, by: User) -> Message:
    """Ask back, or reply: either side writes in the thread while the question waits.

    It counts as no answer. The other side gets a mail.
    """
    clarification = _lock(clarification, None, by)
    is_city = by.has_perm("applications.answer_clarification", clarification.application)
    if not is_city and not by.has_perm("applications.ask_clarification", clarification.application):
        raise NotAllowedError(_("Only the applicant's writers and the unit's staff write here."))
    _require_waiting(clarification)
    newest = clarification.thread.messages.last()
    if newest and (newest.by_id, newest.words) == (by.pk, clean_paragraphs(text)):
        return newest
    message = add_message(thread=clarification.thread, text=text, by=by)
    _record("clarification_message", clarification, by)
    if is_city:
        _tell_staff(clarification, "clarification_message", message=message)
    else:
        _tell_city(clarification, "clarification_message", message=message)
    return message


def _lock(clarification: Clarification, permission: str | None, by: User) -> Clarification:
    """Lock the application, then re-read the question under that lock."""
    application = lock_application(clarification.application, permission, by)
    rows = Clarification.objects.select_related("submission", "thread", "asked_by", "kept_by")
    found = still_there(rows, clarification.pk)
    found.application = application
    return found


def _require_waiting(clarification: Clarification) -> None:
    application = clarification.application
    if application.status not in CLARIFIED_IN:
        refuse_moved(application)
    if not clarification.is_waiting:
        raise WrongStateError(
            _("This question has been answered meanwhile. Open the page again to read it.")
            if clarification.is_answered
            else _("This question was taken back. Nothing is owed any more."),
            code="ended",
        )


def _record(verb: str, clarification: Clarification, by: User, **more: Any) -> None:
    reason = more.pop("reason", "")
    details = {"clarified": clarification.label}
    details |= {
        key: value.isoformat() if isinstance(value, dt.date) else str(value)
        for key, value in more.items()
    }
    record_event(
        verb=f"application.{verb}",
        target=clarification.application,
        by=by,
        reason=reason,
        details=details,
    )


def _end(clarification: Clarification, why: str) -> None:
    withdraw_mails(
        about=[key_of(clarification)],
        why=why,
        kinds=["clarification_asked", "clarification_extended", "reminder_clarification"],
    )


@transaction.atomic
def pass_on_clarification(*, row: Clarification, to: User, by: User, reason: str = "") -> None:
    """Let another member of staff be told of what the city says to an open question.

    Who asked it stays. Raises InvalidError for who may not ask this city, NotAllowedError for who
    does not manage people.
    """
    people = lock_people(to, by=by)
    clarification = _lock(row, None, by)
    if not people[to.pk].has_perm("applications.ask_clarification", clarification.application):
        raise InvalidError(
            _("%(name)s may not ask %(city)s. Choose somebody else.")
            % {"name": to, "city": clarification.application.organisation}
        )
    if clarification.is_waiting and clarification.kept_by_id != to.pk:
        clarification.kept_by = to
        clarification.save(update_fields=["kept_by"])
        _record("clarification_passed_on", clarification, by, keeper=str(to), reason=reason)


def _tell_city(clarification: Clarification, template: str, **values: Any) -> None:
    write_to_city(
        clarification.application,
        template,
        {"clarification": clarification, **values},
        about=key_of(clarification),
    )


def _tell_staff(clarification: Clarification, template: str, **values: Any) -> None:
    asker = clarification.kept_by or clarification.asked_by
    if asker is None or not asker.is_active or not asker.is_staff_member:
        return
    send_mail(
        template=template,
        to=asker.email,
        language=asker.language,
        context={
            "application": clarification.application,
            "clarification": clarification,
            "for_staff": True,
            **values,
        },
        about=key_of(clarification),
        owner=key_of(asker),
    )
