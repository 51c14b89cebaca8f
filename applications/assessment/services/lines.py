"""Outcomes set from a line in the ranking: one step, a job, each row by itself."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from applications.assessment.engine.line import Line
from applications.assessment.models import Outcome, Paragraph
from applications.assessment.selectors.outcomes import paragraphs_for
from applications.assessment.selectors.ranking import mark_of, ranking_of, to_set
from applications.assessment.services.outcomes import Prepared, prepare_outcome
from applications.assessment.services.placeholders import require_known
from applications.assessment.states import PendingOutcome
from core.jobs.models import Job
from core.jobs.services import start_job
from core.kit.errors import InvalidError, PortalError, StaleError
from core.kit.writes import clean_reason, require
from programme.calls.models import Call

FROM_LINE = "assessment.from_line"


def start_from_line(
    *,
    call: Call,
    line: Line,
    reasons: Mapping[str, str],
    paragraphs: Collection[Paragraph],
    mark: str,
    by: User,
) -> Job:
    """Begin to prepare all that the line decides; return the job.

    `mark` stands for exactly what was shown. Raises InvalidError where an outcome that the line
    gives has neither reason nor paragraph, StaleError when the line decides something else by now.
    """
    require(
        by,
        "assessment.prepare_outcomes",
        otherwise=_("Only coordinators prepare outcomes. Ask one of them."),
    )
    setting = to_set(ranking_of(by, call, line))
    if mark_of(setting) != mark:
        raise StaleError(_moved_on())
    given = {outcome for _one, outcome in setting}
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
        "setting": [[one.pk, str(outcome)] for one, outcome in setting],
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
    setting: Sequence[tuple[int, str]],
    by: User,
    tell: Callable[[int, int], Any],
) -> Prepared:
    """Prepare what the line was shown to decide, by application; return what became of each.

    What staff have prepared by hand stays as they did. `tell` is called with how far it is.
    Raises StaleError, and prepares nothing, when the line decides otherwise by now. A second
    time it goes on with what the first has not prepared.
    """
    chosen = list(paragraphs_for(call).filter(pk__in=paragraphs))
    placed = {row.result.application.pk: row for row in ranking_of(by, call, line)}
    if any(pk not in placed or placed[pk].by_line != outcome for pk, outcome in setting):
        raise StaleError(_moved_on())
    stored = Outcome.objects.filter(
        application__in=[pk for pk, _outcome in setting], prepared_by=by
    )
    mine = {(row.application_id, row.outcome): row for row in stored.filter(released_at=None)}
    found = Prepared()
    for done, (pk, outcome) in enumerate(setting):
        tell(done, len(setting))
        if (pk, outcome) in mine:
            found.done.append(mine[pk, outcome])
            continue
        application = placed[pk].result.application
        try:
            row = prepare_outcome(
                application=application,
                outcome=outcome,
                reason="" if outcome == PendingOutcome.HELD else reasons.get(outcome, ""),
                paragraphs=[one for one in chosen if one.outcome == outcome],
                by=by,
            )
        except PortalError as error:
            found.left.append((application, str(error)))
        else:
            found.done.append(row)
    return found


def _moved_on() -> str:
    return _("The ranking has changed since you looked. Read the numbers again.")
