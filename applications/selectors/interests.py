"""Reads on expressions of interest."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from applications.models import Application, Interest
from applications.selectors.tasks import Task, question_task
from applications.states import ApplicationStatus, InterestStatus
from programme.calls.models import Call, OwnClosing
from programme.calls.selectors import with_closing
from programme.organisations.models import Organisation
from programme.organisations.states import MembershipRole
from questionnaires.models import Question
from questionnaires.selectors import answers_by_response, section_list

S = InterestStatus
# The address of a section of an expression of interest.
SECTION = "applications:interest_section"


def interest_of(call: Call, organisation: Organisation) -> Interest | None:
    """Return the expression of interest that counts; None for none, or one withdrawn."""
    rows = Interest.objects.filter(call=call, organisation=organisation)
    return rows.exclude(status=S.WITHDRAWN).select_related("response").first()


def withdrawn_interest_of(call: Call, organisation: Organisation) -> Interest | None:
    """Return the expression of interest that the organisation withdrew last."""
    rows = Interest.objects.filter(call=call, organisation=organisation, status=S.WITHDRAWN)
    return rows.select_related("response").order_by("-pk").first()


# Of the call and the organisation of an outer row.
_SAME = {"call": OuterRef("call"), "organisation": OuterRef("organisation")}


def has_begun(*, or_withdrawn: bool = False) -> Exists:
    """Return the expression on rows of interests: the full application was begun, or sent.

    `or_withdrawn`: also one that its city has withdrawn since.
    """
    rows = Application.objects.filter(revises=None, **_SAME)
    return Exists(rows if or_withdrawn else _applications(**_SAME))


def is_let_in() -> Q:
    """Return the condition on applications: nobody is asked for an invitation, or it is let in.

    By its invitation to the second stage, or by a code for a late entry.
    """
    invited = Interest.objects.filter(status=S.INVITED, **_SAME)
    by_code = OwnClosing.objects.filter(code__isnull=False, **_SAME)
    return Q(call__interest_closes_at=None) | Q(Exists(invited)) | Q(Exists(by_code))


def application_after(interest: Interest) -> Application | None:
    """Return the full application that an invited organisation has begun; None before."""
    return _applications(call=interest.call_id, organisation=interest.organisation_id).first()


def _applications(**whose: Any) -> "QuerySet[Application]":
    rows = Application.objects.filter(revises=None, **whose)
    return rows.exclude(status=ApplicationStatus.WITHDRAWN)


def interests_of(user: User) -> "QuerySet[Interest]":
    """Return the expressions of interest of the person's organisations, drafts first."""
    return as_interest_list(Interest.objects.filter(organisation__memberships__user=user))


def as_interest_list(rows: "QuerySet[Interest]") -> "QuerySet[Interest]":
    """Return expressions of interest drafts first, with all that their cities' lists show.

    `has_begun` says whether the full application was begun, `closes_at` when the call closes for
    the city.
    """
    return (
        with_closing(rows)
        .annotate(has_begun=has_begun())
        .select_related("call", "organisation")
        .order_by(F("sent_at").desc(nulls_first=True), "-id")
    )


def interest_tasks(interest: Interest) -> list[Task]:
    """Return the sections of an expression of interest, each with what it lacks."""
    return [question_task(view, SECTION) for view in section_list(interest.response)]


def interest_tasks_by_draft(drafts: Collection[Interest]) -> dict[int, list[Task]]:
    """Return what `interest_tasks` does for several drafts at once, by id; one query."""
    answers = answers_by_response([draft.response for draft in drafts])
    return {
        draft.pk: [
            question_task(view, SECTION)
            for view in section_list(draft.response, answers[draft.response_id])
        ]
        for draft in drafts
    }


def people_of(interest: Interest) -> list[User]:
    """Return who is written to: the leads, and who sent it while they are of the team."""
    which = Q(role=MembershipRole.LEAD) | Q(user=interest.sent_by_id)
    rows = interest.organisation.memberships.filter(which, user__is_active=True)
    return [row.user for row in rows.select_related("user").order_by("user")]


def sent_interests(user: User, call: Call) -> "QuerySet[Interest]":
    """Return what a person of staff sees of the expressions of interest of a call."""
    return Interest.objects.reached_by(user).filter(call=call)


def interests_narrowed(rows: "QuerySet[Interest]", chosen: dict[str, Any]) -> "QuerySet[Interest]":
    """Return the rows that fit what was chosen: q, status, country."""
    if words := chosen.get("q"):
        bodies = Organisation.objects.matching(words)
        rows = rows.filter(Q(organisation__in=bodies) | Q(reference__icontains=words))
    if status := chosen.get("status"):
        rows = rows.filter(status=status)
    if country := chosen.get("country"):
        rows = rows.filter(organisation__country=country)
    return rows


def as_staff_list(rows: "QuerySet[Interest]") -> "QuerySet[Interest]":
    """Return the rows as the list of staff shows them, the newest first."""
    return (
        rows.annotate(has_begun=has_begun())
        .select_related("organisation__country", "decided_by")
        .order_by("-sent_at", "-id")
    )


def questions_asked(call: Call) -> list[tuple[str, str]]:
    """Return key and text of all that was asked in the first stage of a call, each key once."""
    versions = Interest.objects.filter(call=call, sent_at__isnull=False).values("response__version")
    rows = Question.objects.filter(section__version__in=versions).order_by(
        "section__order", "section__pk", "order", "pk"
    )
    return list({row.key: (row.key, row.text) for row in rows}.values())


def is_filled_in(application: Application) -> bool:
    """Tell whether a new application has answers that its expression of interest brought."""
    response = application.response
    return application.call.is_two_stage and response is not None and response.answers.exists()


def let_in(call: Call, organisations: "QuerySet[Organisation]") -> "QuerySet[Organisation]":
    """Return those of the organisations that may write an application to a call."""
    if not call.is_two_stage:
        return organisations
    invited = Interest.objects.filter(call=call, organisation=OuterRef("pk"), status=S.INVITED)
    late = OwnClosing.objects.filter(call=call, organisation=OuterRef("pk"), code__isnull=False)
    return organisations.filter(Exists(invited) | Exists(late))


def interest_counts(rows: "QuerySet[Interest]") -> dict[str, int]:
    """Return how many rows have which status."""
    found = rows.order_by().values_list("status").annotate(count=Count("pk"))
    return {status: count for status, count in found}  # noqa: C416 - typed rows, not pairs
