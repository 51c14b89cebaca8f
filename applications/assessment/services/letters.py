"""Letters on prepared outcomes: looked at, written anew, tried on oneself."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.assessment.models import LetterDraft, Outcome
from applications.assessment.selectors.outcomes import draft_that_counts
from applications.assessment.services.outcomes import language_of, lock_outcome
from applications.assessment.services.placeholders import filled, require_known
from applications.services.letters import (
    LONGEST_LETTER,
    Preview,
    decision_values,
    preview_mail,
    usual_words,
)
from applications.states import DecisionOutcome
from core.duties.catalogue import key_of
from core.kit.errors import WrongStateError
from core.kit.text import clean_line
from core.kit.writes import clean_text, require_version
from core.post.mail import send_mail
from core.post.texts import LONGEST_SUBJECT, OwnWords
from core.trail.services import record_event

DECIDED = "application_decided"


def own_words_of(outcome: Outcome) -> OwnWords | None:
    """Return what staff wrote in place of the usual letter, while it fits what is prepared."""
    draft = draft_that_counts(outcome)
    return OwnWords(draft.subject, draft.text) if draft else None


def preview_of(outcome: Outcome, language: str = "") -> Preview:
    """Return the letter as it would leave now, or in another language for who reads it here."""
    return preview_mail(outcome.application, DECIDED, _values(outcome), language)


def words_of(outcome: Outcome) -> OwnWords:
    """Return subject and words that can be changed, as they would leave now."""
    own = own_words_of(outcome)
    if own is not None:
        return own
    application = outcome.application
    return usual_words(application, DECIDED, _values(outcome), language_of(application))


def _values(outcome: Outcome) -> dict[str, object]:
    return decision_values(
        outcome=outcome.outcome, reason=outcome.reason, words=own_words_of(outcome)
    )


@transaction.atomic
def edit_letter(
    *, outcome: Outcome, subject: str, text: str, by: User, read_version: int
) -> LetterDraft:
    """Write a letter in the words of staff; the outcome itself always stands above them.

    Every writing is kept. Raises StaleError when somebody saved first, WrongStateError where
    there is nothing to write about yet.
    """
    outcome = lock_outcome(outcome, by)
    require_version(outcome.version, read_version, current=outcome)
    _require_decided(outcome)
    for name, value in (("subject", subject), ("text", text)):
        require_known(value, field=name)
    application = outcome.application
    # What leaves is measured, not what is typed: a placeholder may be shorter than its words.
    subject = clean_text(
        clean_line(filled(subject, application)),
        field="subject",
        limit=LONGEST_SUBJECT,
        missing=_("Write what the letter is about."),
    )
    text = clean_text(
        filled(text, application),
        field="text",
        limit=LONGEST_LETTER,
        missing=_("Write the letter, or take the usual one again."),
    )
    return _write(outcome, subject, text, by)


@transaction.atomic
def take_usual_letter(*, outcome: Outcome, by: User, read_version: int) -> LetterDraft:
    """Let the usual letter leave again; what was written stays among the earlier ones."""
    outcome = lock_outcome(outcome, by)
    require_version(outcome.version, read_version, current=outcome)
    _require_decided(outcome)
    return _write(outcome, "", "", by)


def send_test_letter(*, outcome: Outcome, by: User) -> None:
    """Send the letter, as it stands, to oneself alone; nothing else changes."""
    with transaction.atomic():
        outcome = lock_outcome(outcome, by)
        _require_decided(outcome)
        application = outcome.application
        send_mail(
            template=DECIDED,
            to=by.email,
            language=language_of(application),
            context={
                "application": application,
                **_values(outcome),
                "is_test": True,
            },
            about=key_of(application),
            owner=f"user:{by.pk}",
        )
        record_event(verb="outcome.tried", target=outcome, by=by)


def _require_decided(outcome: Outcome) -> None:
    if outcome.outcome not in DecisionOutcome.values:
        raise WrongStateError(
            _("Nothing is decided yet, so there is no letter. Prepare the outcome first."),
            code="held",
        )


def _write(outcome: Outcome, subject: str, text: str, by: User) -> LetterDraft:
    draft = LetterDraft.objects.create(
        outcome=outcome,
        number=outcome.drafts.all().next_number(),
        written_for=outcome.outcome,
        reason=outcome.reason,
        subject=subject,
        text=text,
        by=by,
    )
    outcome.version += 1
    outcome.save(update_fields=["version"])
    verb = "outcome.letter_written" if text else "outcome.letter_usual"
    record_event(verb=verb, target=outcome, by=by)
    return draft
