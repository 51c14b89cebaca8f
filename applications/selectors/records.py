"""What was sent and what was decided: rows that stay."""

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, QuerySet

from applications.models import Application, Decision, Submission
from applications.states import ApplicationStatus, DecisionStage
from programme.calls.models import Call
from programme.organisations.models import Organisation


def submission_of(application: Application) -> Submission | None:
    """Return what was sent last, with who sent it; None while nothing was."""
    return application.submissions.select_related("by").first()


def newest_submissions(ids: Collection[int]) -> "QuerySet[Submission]":
    """Return what was sent last of each of the applications, by their ids."""
    newer = Submission.objects.filter(
        application=OuterRef("application"), number__gt=OuterRef("number")
    )
    return Submission.objects.filter(~Exists(newer), application__in=ids).order_by("application")


def submissions_of(application: Application) -> list[Submission]:
    """Return everything that was sent, the newest first, with who sent it."""
    return list(application.submissions.select_related("by"))


def working_copy_of(application: Application) -> Application | None:
    """Return the draft in which the city changes what it has sent; None while there is none."""
    rows = Application.objects.filter(revises=application, status=ApplicationStatus.DRAFT)
    related = ("call__strand", "organisation__country", "response", "profile")
    return rows.with_last_saved().select_related(*related).first()


def _withdrawn(call: Call, organisations: Iterable[Organisation]) -> "QuerySet[Application]":
    rows = Application.objects.filter(call=call, organisation__in=organisations, revises=None)
    return rows.filter(status=ApplicationStatus.WITHDRAWN)


def withdrawn_of(call: Call, organisation: Organisation) -> Application | None:
    """Return the application to a call that the organisation withdrew last."""
    return _withdrawn(call, [organisation]).select_related("response").order_by("-pk").first()


def has_withdrawn(call: Call, organisations: Iterable[Organisation]) -> bool:
    """Return whether one of the organisations withdrew an application to the call."""
    return _withdrawn(call, list(organisations)).exists()


def written_last(application: Application) -> Application:
    """Return where the last words of a withdrawn application stand: in it, or in its copy.

    A copy that was sent or dropped says what was sent, so the newest is always right.
    """
    return (
        application.working_copies.select_related("response").order_by("-pk").first() or application
    )


def decisions_of(application: Application) -> list[Decision]:
    """Return every decision, the newest first, with who made it."""
    return list(application.decisions.select_related("by"))


def eligibility_decision(decisions: list[Decision]) -> Decision | None:
    """Return the newest decision on eligibility among decisions that stand newest first."""
    return next((row for row in decisions if row.stage == DecisionStage.ELIGIBILITY), None)


def standing_decision(application: Application, decisions: list[Decision]) -> Decision | None:
    """Return the newest decision while the application is where it led; else None.

    What was withdrawn after a decision stands by no decision any more.
    """
    newest = decisions[0] if decisions else None
    return newest if newest and newest.outcome == application.status else None


def decision_told(application: Application, decisions: list[Decision]) -> Decision | None:
    """Return of its decisions the one that the city was told by mail, while it stands."""
    decision = standing_decision(application, decisions)
    told = decision is not None and decision.outcome != ApplicationStatus.ELIGIBLE
    return decision if told else None
