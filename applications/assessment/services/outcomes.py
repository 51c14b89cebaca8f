"""Preparing what becomes of applications: no city learns of it before the release."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from applications.assessment.models import FreePlace, Outcome, Paragraph
from applications.assessment.services.placeholders import filled, require_known
from applications.assessment.states import DECIDABLE, PendingOutcome
from applications.models import Application
from applications.selectors import recipients_of, submission_of
from applications.services.locking import lock_application, refuse_moved
from applications.states import ApplicationStatus
from core.kit import days
from core.kit.errors import InvalidError, StaleError, WrongStateError
from core.kit.writes import clean_reason, require_version
from core.trail.services import record_event

# So many that were left as they are stand by name in one sentence.
NAMED = 10
# What of an outcome is put back when a change of it is taken back, moments beside.
_KEPT = (
    *("outcome", "reason", "submission_id", "is_held", "prepared_by_id", "release_id"),
    *("failure", "decision_id"),
)


@dataclass(frozen=True)
class Prepared:
    """What became of several: those that are prepared, and why the others are left as they are."""

    done: list[Outcome] = field(default_factory=list)
    left: list[tuple[Application, str]] = field(default_factory=list)


def prepared_words(prepared: Prepared) -> str:
    """Say how many are prepared, and name those that were left as they are, each with why.

    Where many were left the first of them are named: the ranking shows what has nothing prepared.
    """
    words = ngettext(
        "%(count)d outcome is prepared. Nobody is told before the release.",
        "%(count)d outcomes are prepared. Nobody is told before the release.",
        len(prepared.done),
    ) % {"count": len(prepared.done)}
    if not prepared.left:
        return words
    names = [f"{row.organisation} ({why})" for row, why in prepared.left]
    shown = "; ".join(names[:NAMED])
    if len(names) > NAMED:
        more = ngettext("and %(count)d more", "and %(count)d more", len(names) - NAMED)
        shown += " " + more % {"count": len(names) - NAMED}
    return words + " " + _("Left as they are: %(names)s") % {"names": shown}


@transaction.atomic
def prepare_outcome(
    *,
    application: Application,
    outcome: str,
    reason: str,
    by: User,
    read_version: int = 0,
    paragraphs: Collection[Paragraph] = (),
    place: FreePlace | None = None,
) -> Outcome:
    """Prepare what becomes of an application, or change it; nobody outside the unit is told.

    The reason is what the city will read: the paragraphs in its language, then the text, both
    with their placeholders filled. `place` is the free one that it is to fill: while its call has
    such a place, nobody moves up from the reserve list otherwise. Raises StaleError when somebody
    saved first, WrongStateError when it cannot be decided or a release has it in hand.
    """
    application = lock_application(application, "assessment.prepare_outcome", by)
    if outcome not in PendingOutcome.values:
        raise InvalidError(_("Choose accept, reserve list, reject or hold."), field="outcome")
    if application.status not in DECIDABLE or application.status == outcome:
        refuse_moved(application)
    submission = submission_of(application)
    if submission is None:
        refuse_moved(application)
    reason = _reason(application, reason, paragraphs)
    if not reason and outcome != PendingOutcome.HELD:
        raise InvalidError(
            _("Write the reason, or choose a paragraph: the applicant reads it in the letter."),
            field="reason",
        )
    row = Outcome.objects.select_for_update().filter(application=application).first()
    stored = row.version if row else 0
    require_version(stored, read_version, current=row, otherwise=_saved_first(row))
    row = row or Outcome(application=application, version=0)
    require_not_leaving(row)
    is_accepted = row.outcome == PendingOutcome.ACCEPT and not row.is_released
    if outcome == PendingOutcome.ACCEPT and not is_accepted and place is None:
        _require_no_place(application)
    asked = (outcome, reason, submission.pk)
    stands = row.version and not row.is_released and not row.failure
    if stands and asked == (row.outcome, row.reason, row.submission_id):
        return row
    row.outcome, row.reason, row.submission = outcome, reason, submission
    row.prepared_by, row.prepared_at = by, days.now()
    row.version += 1
    # A city on the reserve list is decided on anew: what it was told stays in its decisions.
    row.release = row.decision = row.released_at = None
    row.failure = ""
    row.save()
    record_event(
        verb="outcome.prepared",
        target=row,
        by=by,
        reason=reason,
        details={"outcome": outcome},
    )
    return row


def prepare_outcomes(
    *,
    versions: Mapping[Application, int],
    outcome: str,
    reason: str,
    by: User,
    paragraphs: Collection[Paragraph] = (),
) -> Prepared:
    """Prepare the same for several; each by itself, in a transaction of its own.

    `versions` says what was read of each. Whatever was changed meanwhile is left as it is, and
    named with the reason. Raises InvalidError where the input fits none of them.
    """
    found = Prepared()
    for application in sorted(versions, key=lambda one: one.pk):
        try:
            row = prepare_outcome(
                application=application,
                outcome=outcome,
                reason=reason,
                by=by,
                read_version=versions[application],
                paragraphs=paragraphs,
            )
        except (StaleError, WrongStateError) as error:
            found.left.append((application, str(error)))
        else:
            found.done.append(row)
    if not versions:
        raise InvalidError(_("Choose at least one application."), field="applications")
    return found


@transaction.atomic
def hold_letter(*, outcome: Outcome, held: bool, by: User, read_version: int) -> Outcome:
    """Keep a letter back from the next release, or let it go with it again."""
    outcome = lock_outcome(outcome, by)
    require_version(outcome.version, read_version, current=outcome, otherwise=_saved_first(outcome))
    if outcome.is_held == held:
        return outcome
    outcome.is_held = held
    outcome.version += 1
    outcome.save(update_fields=["is_held", "version"])
    verb = "outcome.held" if held else "outcome.let_go"
    record_event(verb=verb, target=outcome, by=by)
    return outcome


def kept_of(row: Outcome | None) -> dict[str, Any]:
    """Return what stands prepared, as JSON, for `take_back_outcome` to put it back."""
    if row is None:
        return {}
    place = FreePlace.objects.filter(taken_by=row.application_id).values_list("pk", flat=True)
    return {
        **{name: getattr(row, name) for name in _KEPT},
        "place": place.first(),
        "prepared_at": row.prepared_at.isoformat(),
        "released_at": row.released_at.isoformat() if row.released_at else None,
    }


@transaction.atomic
def take_back_outcome(
    *, application: Application, kept: Mapping[str, Any], read_version: int, reason: str, by: User
) -> None:
    """Put back what stood before an outcome was prepared; with nothing `kept`, it is open again.

    Raises StaleError when it was changed since `read_version`, WrongStateError when a release has
    it in hand, a letter was written for it that would be lost, or the place that it was to fill
    is another's by now.
    """
    # Whoever fills a place holds its call.
    application = lock_application(application, "assessment.prepare_outcome", by, above=("call",))
    row = Outcome.objects.select_for_update().filter(application=application).first()
    if row is None:
        return
    if not kept and row.drafts.exists():
        raise WrongStateError(
            _("A letter was written for it meanwhile. Change the outcome on its page."),
            code="letter_written",
        )
    require_version(row.version, read_version, current=row, otherwise=_saved_first(row))
    if row.is_released or application.status not in DECIDABLE:
        refuse_moved(application)
    require_not_leaving(row)
    if kept and kept["outcome"] == PendingOutcome.ACCEPT and not kept["released_at"]:
        _require_place_back(application, kept.get("place"))
    record_event(
        verb="outcome.taken_back",
        target=row,
        by=by,
        reason=reason,
        details={"outcome": row.outcome},
    )
    if not kept:
        row.delete()
        return
    for name in _KEPT:
        setattr(row, name, kept[name])
    row.prepared_at = parse_datetime(kept["prepared_at"]) or days.now()
    row.released_at = parse_datetime(kept["released_at"]) if kept["released_at"] else None
    row.version += 1
    row.save()


def lock_outcome(outcome: Outcome, by: User) -> Outcome:
    """Re-read what is prepared under the lock of its application; it must still be pending.

    The application is locked first, as by everybody who decides on it.
    """
    application = lock_application(outcome.application, "assessment.prepare_outcome", by)
    outcome = Outcome.objects.select_for_update().get(pk=outcome.pk)
    outcome.application = application
    if outcome.is_released or application.status not in DECIDABLE:
        refuse_moved(application)
    require_not_leaving(outcome)
    return outcome


def _require_no_place(application: Application) -> None:
    """Raise WrongStateError for who would move up past a place that is filled in an order."""
    if application.status != ApplicationStatus.RESERVE:
        return
    if FreePlace.objects.to_fill().filter(application__call=application.call_id).exists():
        raise WrongStateError(
            _("A place is free: fill it from the reserve list of the call, where the next stands."),
            code="place_free",
        )


def _require_place_back(application: Application, place: int | None) -> None:
    """Raise WrongStateError unless the acceptance that is put back still has its place."""
    if place is None:
        _require_no_place(application)
    elif not FreePlace.objects.filter(pk=place, taken_by=application, closed_at=None).exists():
        raise WrongStateError(
            _(
                "The place that it was to fill is taken by another, or left empty. Open the "
                "reserve list of the call and see who is next."
            ),
            code="place_gone",
        )


def require_not_leaving(outcome: Outcome) -> None:
    """Raise WrongStateError while a release has the outcome in hand."""
    if outcome.is_leaving:
        raise WrongStateError(
            _("This outcome is being released right now. Open the release to see how it ends."),
            code="leaving",
        )


def language_of(application: Application) -> str:
    """Return the language of the first who is written to."""
    recipients = recipients_of(application)
    return recipients[0][1] if recipients else "en-gb"


def _reason(application: Application, reason: str, paragraphs: Collection[Paragraph]) -> str:
    language = language_of(application) if paragraphs else ""
    parts = [one.words_in(language) for one in paragraphs]
    typed = clean_reason(reason)
    for text in (*parts, typed):
        require_known(text, field="reason")
    text = "\n\n".join(filled(part, application) for part in (*parts, typed) if part)
    return clean_reason(text)


def _saved_first(row: Outcome | None) -> str:
    if row is None or row.prepared_by is None:
        return ""
    return _("%(name)s saved this first: %(outcome)s. Compare both and save what should stand.") % {
        "name": str(row.prepared_by),
        "outcome": row.get_outcome_display(),
    }
