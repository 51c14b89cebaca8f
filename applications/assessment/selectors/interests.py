"""Of which applicants an assessor is asked whether they have a link with them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from accounts.models import User
from applications.assessment.models import AssessmentPlan
from applications.assessment.models.assessing import has_declared
from applications.models import Application, Conflict, Declaration
from applications.states import ApplicationStatus
from core.kit.fingerprints import fingerprint
from programme.calls.models import Call

S = ApplicationStatus
# Whatever was sent and may still be judged, or was: also what a second ruling may let in.
NAMED = (S.SUBMITTED, S.ELIGIBLE, S.INELIGIBLE, S.RESERVE, S.ACCEPTED, S.REJECTED)
# The assessment goes on: who is to read declares for it.
IS_ASSESSED = Q(assessment_plan__isnull=False, assessment_plan__closed_at=None)


@dataclass(frozen=True)
class Named:
    """An applicant as the page of interests names it; `link` is what was said of it before."""

    application: Application
    members: tuple[str, ...]
    is_new: bool
    link: Conflict | None


def calls_to_declare(user: User) -> "QuerySet[Call]":
    """Return the calls whose applicants the assessor is asked about."""
    assigned = user.assignments.values("application__call")
    before = user.declarations.values("call")
    return Call.objects.filter(Q(pk__in=assigned) | Q(pk__in=before) | IS_ASSESSED).order_by(
        "-closes_at", "pk"
    )


def asked_and_declared(plan: AssessmentPlan) -> dict[str, int]:
    """Return how many assessors were asked to declare for a call, and how many have; one query."""
    return plan.asked.aggregate(asked=Count("pk"), declared=Count("pk", filter=Q(has_declared())))


def last_declaration(call: Call, user: User) -> Declaration | None:
    """Return what the assessor declared last for the call."""
    return user.declarations.filter(call=call).first()


def named_in(call: Call, user: User) -> list[Named]:
    """Return the applicants of a call by country and name; four queries."""
    last = last_declaration(call, user)
    links = {row.application_id: row for row in user.conflicts.filter(lifted_at=None)}
    rows = (
        Application.objects.filter(call=call, status__in=NAMED)
        .select_related("organisation__country")
        .prefetch_related("municipalities")
        .order_by("organisation__country__search_name", "organisation__search_name", "pk")
    )
    return [
        Named(
            application=row,
            members=tuple(
                member.name
                for member in row.municipalities.all()
                if member.name != row.organisation.name
            ),
            is_new=bool(last and row.submitted_at and row.submitted_at > last.made_at),
            link=links.get(row.pk),
        )
        for row in rows
    ]


def named_print(named: Iterable[Application]) -> str:
    """Return the fingerprint of a list of applicants: who stands there, sent when."""
    sent = {one.pk: one.submitted_at for one in named}
    return fingerprint([(pk, at and at.isoformat()) for pk, at in sorted(sent.items())])


def undeclared(user: User) -> dict[int, int]:
    """Return, by call, how many assigned applications the assessor has not declared about."""
    last = dict(user.declarations.order_by().values_list("call").annotate(at=Max("made_at")))
    found: dict[int, int] = {}
    for call, sent in user.assignments.exclude(
        application__in=user.conflicts.filter(lifted_at=None).values("application")
    ).values_list("application__call", "application__submitted_at"):
        if call not in last or sent > last[call]:
            found[call] = found.get(call, 0) + 1
    return found


def links_with(application: Application) -> list[Conflict]:
    """Return who has a link with the application that still stands, the newest first."""
    return list(application.conflicts.filter(lifted_at=None).select_related("person"))
