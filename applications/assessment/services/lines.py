"""Outcomes set from a line in the ranking: one step, a job, each row by itself."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from applications.assessment.engine.line import Line
from applications.assessment.models import Paragraph
from applications.assessment.selectors.outcomes import paragraphs_for
from applications.assessment.selectors.ranking import ranking_of, to_set
from applications.assessment.services.outcomes import prepare_outcome
from applications.assessment.services.placeholders import require_known
from applications.assessment.states import PendingOutcome
from core.jobs.models import Job
from core.jobs.services import start_job
from core.kit.errors import InvalidError, PortalError
from core.kit.writes import clean_reason, require
from programme.calls.models import Call

FROM_LINE = "assessment.from_line"


def start_from_line(
    *,
    call: Call,
    line: Line,
    reasons: Mapping[str, str],
    paragraphs: Collection[Paragraph],
    by: User,
) -> Job:
    """Begin to prepare all that the line decides; return the job.

    Raises InvalidError where an outcome that the line gives has neither reason nor paragraph.
    """
    require(
        by,
        "assessment.prepare_outcomes",
        otherwise=_("Only coordinators prepare outcomes. Ask one of them."),
    )
    given = {outcome for _one, outcome in to_set(ranking_of(by, call, line))}
    for outcome in given - {PendingOutcome.HELD}:
        field = f"reason_{outcome}"
        text = clean_reason(reasons.get(outcome, ""))
        require_known(text, field=field)
        if not text and not any(one.outcome == outcome for one in paragraphs):
            raise InvalidError(
                _("Write the reason, or choose a paragraph: the applicant reads it in the letter."),
                field=field,
            )
    params = {
        "call": call.pk,
        "line": [
            None if value is None else str(value)
            for value in (line.threshold, line.reserve, line.places)
        ],
        "reasons": dict(reasons),
        "paragraphs": sorted(one.pk for one in paragraphs),
    }
    return start_job(kind=FROM_LINE, params=params, by=by)


def prepare_from_line(
    *,
    call: Call,
    line: Line,
    reasons: Mapping[str, str],
    paragraphs: Collection[int],
    by: User,
    tell: Callable[[int, int], Any],
) -> Counter[str]:
    """Prepare what the line decides; return how many of each outcome, and "left" for the others.

    What staff have prepared by hand stays as they did. `tell` is called with how far it is.
    """
    chosen = list(paragraphs_for(call).filter(pk__in=paragraphs))
    setting = to_set(ranking_of(by, call, line))
    found: Counter[str] = Counter()
    for done, (application, outcome) in enumerate(setting):
        tell(done, len(setting))
        try:
            prepare_outcome(
                application=application,
                outcome=outcome,
                reason="" if outcome == PendingOutcome.HELD else reasons.get(outcome, ""),
                paragraphs=[one for one in chosen if one.outcome == outcome],
                by=by,
            )
        except PortalError:
            found["left"] += 1
        else:
            found[outcome] += 1
    return found
