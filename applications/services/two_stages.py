"""The gate between the stages of a call: who was invited, and what comes along."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from applications.eligibility import instant_words
from applications.models import Application, Interest
from applications.selectors.interests import interest_of
from applications.states import InterestStatus
from core.kit.errors import WrongStateError
from core.kit.writes import lock
from programme.calls.models import Call
from programme.calls.selectors import is_let_in_late
from programme.organisations.models import Organisation
from questionnaires.services import save_answers
from questionnaires.structure import structure_of

# By question of the application: the questions of the expression of interest that fill it.
TAKEN_OVER = {
    "challenge": ("interest-topic", "interest-challenge"),
    "share": ("interest-offer",),
    "resources-days": ("readiness-days",),
}


def require_invited(call: Call, organisation: Organisation) -> Interest | None:
    """Return the expression of interest for which an organisation is invited, locked.

    None where nobody needs an invitation: the call has one stage, or a code for a late entry lets
    this organisation in by name. Raises WrongStateError, with what to do next, for the others. An
    invitation cannot be taken back meanwhile.
    """
    if call.interest_closes_at is None:
        return None
    interest = interest_of(call, organisation)
    if interest is not None:
        interest = lock(interest, "response")
        if interest.is_invited:
            return interest
    if is_let_in_late(call, organisation):
        return None
    until = instant_words(call.interest_closes_at)
    raise WrongStateError(_why_not(call, interest, until), code="not_invited")


def _why_not(call: Call, interest: Interest | None, until: str) -> str:
    """Say why an organisation cannot apply; `until` is when the first stage closes, in words."""
    if interest is not None and interest.status == InterestStatus.SENT:
        return _(
            "This call has two stages, and your expression of interest is being read. You get a "
            "mail when you are invited to apply."
        )
    if interest is not None and interest.status == InterestStatus.DECLINED:
        return _("Only those invited apply to this call. Read why you were not.")
    if call.takes_interests():
        return _(
            "This call has two stages. First send your expression of interest, until %(moment)s; "
            "those invited then apply."
        ) % {"moment": until}
    return _(
        "Only those invited apply to this call. Expressions of interest were taken until "
        "%(moment)s. Look at the calls page for the next call."
    ) % {"moment": until}


def bring_interest(application: Application, interest: Interest, by: User) -> None:
    """Fill empty answers of a new application with what the expression of interest said."""
    if application.response is not None:
        answers = list(_empty_ones(application, interest))
        save_answers(response=application.response, answers=answers, by=by)


def _empty_ones(application: Application, interest: Interest) -> Iterator[tuple[str, Any, int]]:
    """Yield (question key, value, version) of what is asked, empty and known."""
    response: Any = application.response
    asked = structure_of(response.version_id).questions
    stored = {row.question.key: row for row in response.answers.select_related("question")}
    given = interest.response.answers.filter(is_wrong=False).exclude(value=None)
    values = {row.question.key: row.value for row in given.select_related("question")}
    for key, sources in TAKEN_OVER.items():
        known = [values[source] for source in sources if source in values]
        answer = stored.get(key)
        if key in asked and known and (answer is None or answer.value is None):
            value = known[0] if len(known) == 1 else "\n\n".join(map(str, known))
            yield key, value, answer.version if answer else 0
