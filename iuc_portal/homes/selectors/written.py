"""What the portal knows of the texts a person has typed: what it has, and what is wrong in it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from iuc_portal.homes.selectors.cards import ApplicationRow, PlanCard
from questionnaires.models import Answer


@dataclass(frozen=True)
class Written:
    """The answer a person saved last, and how many are theirs to be put right."""

    title: str
    at: dt.datetime | None
    wrong: int
    # Where the first of the wrong ones is written.
    wrong_url: str


def written_by(
    user: User, rows: Sequence[ApplicationRow], plans: Sequence[PlanCard]
) -> Written | None:
    """Return what is known of the drafts and plans; None when no answer of theirs is known.

    One query. What stands unsaved in a window of theirs the portal does not know. Who only reads
    is not asked to put anything right.
    """
    # Where the call has closed, nothing can be put right any more.
    drafts = [row.application for row in rows if row.is_open]
    places = {
        draft.response_id: ("applications:section", draft.key)
        for draft in drafts
        if draft.response_id and user.has_perm("applications.edit_application", draft)
    } | {
        card.plan.response_id: ("action_plans:section", card.plan.reference)
        for card in plans
        if user.has_perm("action_plans.edit_plan", card.plan)
    }
    answers = (
        Answer.objects.filter(Q(saved_by=user) | Q(is_wrong=True), response__in=places)
        .select_related("question__section")
        .defer("value")
        .order_by("-saved_at")
    )
    own = next((answer for answer in answers if answer.saved_by_id == user.pk), None)
    wrong = [answer for answer in answers if answer.is_wrong]
    if own is None and not wrong:
        return None
    url = ""
    if wrong:
        name, key = places[wrong[0].response_id]
        url = reverse(name, args=[key, wrong[0].question.section.key])
    return Written(
        title=str(own.question.section) if own else "",
        at=own.saved_at if own else None,
        wrong=len(wrong),
        wrong_url=url,
    )
