"""What staff decide on an application: whether it is eligible, and what becomes of it."""

from typing import Any

from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import User
from applications.eligibility import JudgedCriterion
from applications.models import Application, Decision
from applications.selectors import (
    UNDER_CHECK,
    decisions_of,
    eligibility_of,
    standing_decision,
)
from applications.selectors.checking import states_of
from applications.services.checking import needs_another, require_seen
from applications.services.letters import (
    LONGEST_LETTER,
    decision_values,
    refusal_values,
    write_to_city,
)
from applications.services.locking import (
    lock_application,
    refuse_moved,
    require_reason,
)
from applications.services.passing import end_open_offers
from applications.states import (
    PUBLIC_LABELS,
    ApplicationStatus,
    DecisionOutcome,
    DecisionStage,
)
from core.kit.errors import InvalidError
from core.kit.writes import clean_reason
from core.post.texts import OwnWords
from core.trail.services import record_event

S = ApplicationStatus


@transaction.atomic
def decide_eligibility(
    *,
    application: Application,
    eligible: bool,
    by: User,
    reason: str = "",
    read_version: int | None = None,
) -> Application:
    """Close the eligibility check and keep the criteria as they stood.

    Raises InvalidError, naming them, while criteria are open, or failed and not waived;
    "not eligible" needs a failed criterion and a reason, which the city reads in a mail. A
    refusal that is taken back is told by mail too. Where the call asks for two people, what the
    first finds is kept and moves nothing, until another person finds the same. Raises StaleError
    when the case is not in the `read_version` of the page any more.
    """
    application = lock_application(application, "applications.check_application", by)
    allowed = UNDER_CHECK if eligible else (S.SUBMITTED,)
    if application.status not in allowed:
        refuse_moved(application)
    require_seen(application, read_version)
    criteria = eligibility_of(application)
    require_settled(criteria, eligible=eligible)
    was_refused = application.status == S.INELIGIBLE
    reason = clean_reason(reason) if eligible else require_reason(reason)
    outcome = S.ELIGIBLE if eligible else S.INELIGIBLE
    if needs_another(application, criteria, outcome=outcome, reason=reason, by=by):
        return application
    _decide(
        application,
        stage=DecisionStage.ELIGIBILITY,
        outcome=outcome,
        reason=reason,
        by=by,
        record={
            "results": [item.result.as_json() for item in criteria],
            "states": states_of(criteria),
        },
    )
    if not eligible:
        write_to_city(
            application,
            "application_ineligible",
            refusal_values(criteria=criteria, reason=reason),
        )
    elif was_refused:
        write_to_city(application, "application_eligible_after_all")
    return application


@transaction.atomic
def decide_application(
    *, application: Application, outcome: str, reason: str, by: User, words: OwnWords | None = None
) -> Application:
    """Accept an eligible application, put it on the reserve list, or reject it.

    The reason stands in the mail to the applicant, unless staff wrote `words` of their own for it.
    Raises WrongStateError when it is not eligible, or somebody decided first.

    Nothing that is clicked calls this: outcomes are prepared in the room of the assessment,
    and its release calls it for each of them.
    """
    application = lock_application(application, "applications.decide_application", by)
    if outcome not in DecisionOutcome.values:
        raise InvalidError(_("Choose accept, reserve list or reject."), field="outcome")
    # What the city reads is what stays on record and on its pages: nothing else was released.
    reason = require_reason(words.text, LONGEST_LETTER) if words else require_reason(reason)
    if application.status not in (S.ELIGIBLE, S.RESERVE) or application.status == outcome:
        refuse_moved(application)
    _decide(application, stage=DecisionStage.OUTCOME, outcome=S(outcome), reason=reason, by=by)
    write_to_city(
        application,
        "application_decided",
        decision_values(outcome=outcome, reason=reason, words=words),
    )
    return application


def corrected_values(*, was: Decision, outcome: str, reason: str) -> dict[str, Any]:
    """Return what the mail on a decision that is put right tells."""
    told = PUBLIC_LABELS[S(was.outcome)]
    return {"was": told, "told_at": was.at, "outcome": str(outcome), "reason": reason}


@transaction.atomic
def correct_decision(*, application: Application, outcome: str, reason: str, by: User) -> Decision:
    """Put right an outcome that was told and was wrong; the city gets a correcting letter.

    Both decisions stay on record. Raises WrongStateError unless an outcome was told. It is the
    last step of a correction that two people make, and is called there alone.
    """
    application = lock_application(application, "applications.decide_application", by)
    was = standing_decision(application, decisions_of(application))
    if was is None or was.stage != DecisionStage.OUTCOME or application.status == outcome:
        refuse_moved(application)
    if outcome not in DecisionOutcome.values:
        raise InvalidError(_("Choose accept, reserve list or reject."), field="outcome")
    reason = require_reason(reason)
    _decide(application, stage=DecisionStage.OUTCOME, outcome=S(outcome), reason=reason, by=by)
    write_to_city(
        application,
        "application_corrected",
        corrected_values(was=was, outcome=outcome, reason=reason),
    )
    return application.decisions.latest("number")


def _decide(
    application: Application,
    *,
    stage: DecisionStage,
    outcome: ApplicationStatus,
    reason: str,
    by: User,
    record: dict[str, Any] | None = None,
) -> None:
    """Move a locked application to the outcome; keep who decided on what, when and why."""
    move = {
        S.ELIGIBLE: application.mark_eligible,
        S.INELIGIBLE: application.mark_ineligible,
        S.ACCEPTED: application.mark_accepted,
        S.RESERVE: application.mark_reserve,
        S.REJECTED: application.mark_rejected,
    }[outcome]
    move()
    application.save(update_fields=["status"])
    if not application.can_be_withdrawn:
        end_open_offers(application, by)
    Decision.objects.create(
        application=application,
        submission=application.submissions.latest("number"),
        number=application.decisions.next_number(),
        stage=stage,
        outcome=outcome,
        by=by,
        reason=reason,
        record=record,
    )
    record_event(verb=f"application.{outcome}", target=application, by=by, reason=reason)


def _titles(criteria: list[JudgedCriterion]) -> str:
    return get_text_list([item.result.title for item in criteria], _("and"))


def require_settled(criteria: list[JudgedCriterion], *, eligible: bool) -> None:
    """Raise InvalidError, naming what is in the way, unless the criteria say so already."""
    still_open = [item for item in criteria if item.is_open]
    failed = [item for item in criteria if item.is_failed]
    if eligible and (still_open or failed):
        parts = []
        if still_open:
            parts.append(_("still to judge: %(names)s") % {"names": _titles(still_open)})
        if failed:
            parts.append(_("failed and not waived: %(names)s") % {"names": _titles(failed)})
        raise InvalidError(
            _("Not eligible yet; %(what)s. Rule these criteria first.")
            % {"what": "; ".join(parts)},
            code="unsettled",
        )
    if not eligible and not failed:
        raise InvalidError(
            _(
                "No criterion fails, so the application cannot be refused as not eligible. "
                "Rule the criterion that it fails first."
            ),
            code="nothing_failed",
        )
