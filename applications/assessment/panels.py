"""What the assessment shows on the staff page of an application."""

from typing import Any

from django.http import HttpRequest

from applications.assessment.models import FreePlace
from applications.assessment.selectors.interests import links_with
from applications.assessment.selectors.outcomes import open_correction
from applications.assessment.selectors.readings import can_be_scored
from applications.assessment.selectors.results import RANKED, result_of
from applications.assessment.selectors.scoring import assessments_of, own_assessment
from applications.assessment.states import TOLD
from applications.models import Application
from applications.states import ApplicationStatus
from core.kit.panelled import Panel


def _links(request: HttpRequest, application: Application) -> dict[str, Any]:
    may_lift = request.user.has_perm("assessment.lift_link", application)
    return {
        "application": application,
        "links": links_with(application) if may_lift else [],
        "may_declare": request.user.has_perm("assessment.declare_link", application),
    }


def _scores(request: HttpRequest, application: Application) -> dict[str, Any] | None:
    user: Any = request.user
    own = user.has_perm("assessment.score_application", application)
    may_see = request.user.has_perm("assessment.view_scores", application)
    if not (own or may_see):
        return None
    written = own_assessment(application, user) if own else None
    # Before the check is over nobody scores.
    is_scored = may_see and application.status in RANKED
    assessments = assessments_of(application) if is_scored else []
    return {
        "application": application,
        "to_score": own and can_be_scored(application) and (written is None or written.is_draft),
        "has_own": written is not None,
        "assessments": assessments,
        "result": result_of(application) if assessments else None,
        "may_reopen": can_be_scored(application)
        and request.user.has_perm("assessment.reopen_assessment", application),
    }


def _correction(request: HttpRequest, application: Application) -> dict[str, Any] | None:
    if application.status not in TOLD or not request.user.has_perm("assessment.view_outcomes"):
        return None
    return {
        "application": application,
        "correction": open_correction(application),
        "may_correct": request.user.has_perm("assessment.correct_decision", application),
    }


def _place(request: HttpRequest, application: Application) -> dict[str, Any] | None:
    if application.status == ApplicationStatus.WITHDRAWN:
        place = FreePlace.objects.filter(application=application).first()
        may_read = request.user.has_perm("assessment.view_outcomes")
        return {"application": application, "place": place} if place and may_read else None
    if application.status != ApplicationStatus.ACCEPTED:
        return None
    may_give_up = request.user.has_perm("applications.give_up_place", application)
    return {"application": application, "may_give_up": may_give_up}


def _own_place(request: HttpRequest, application: Application) -> dict[str, Any] | None:
    is_held = application.status == ApplicationStatus.ACCEPTED
    may_give_up = is_held and request.user.has_perm("applications.give_up_place", application)
    return {"application": application} if may_give_up else None


PANELS = [
    Panel("decision", 10, "assessment/correction_panel.html", _correction),
    Panel("decision", 20, "assessment/place_panel.html", _place),
    Panel("sent", 10, "assessment/place_own.html", _own_place),
    Panel("application", 10, "assessment/scores_panel.html", _scores),
    Panel("application", 20, "assessment/links_panel.html", _links),
]
