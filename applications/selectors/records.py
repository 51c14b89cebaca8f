"""What was sent and what was decided: rows that stay."""

from applications.models import Application, Decision, Submission
from applications.states import ApplicationStatus, DecisionStage


def submission_of(application: Application) -> Submission | None:
    """Return what was sent last, with who sent it; None while nothing was."""
    return application.submissions.select_related("by").first()


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


def decision_told(application: Application) -> Decision | None:
    """Return the decision that the city was told by mail, while it stands."""
    decision = standing_decision(application, decisions_of(application))
    told = decision is not None and decision.outcome != ApplicationStatus.ELIGIBLE
    return decision if told else None
