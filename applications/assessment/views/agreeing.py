"""The talk about an application on which its assessors differ."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from accounts.models import User
from applications.assessment import services
from applications.assessment.forms.agreeing import AgreedForm
from applications.assessment.forms.planning import read_pairs
from applications.assessment.selectors.readings import can_be_scored
from applications.assessment.selectors.results import OfCriterion, Result, result_of
from applications.assessment.views.pages import page_of, read_application
from applications.models import Application
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import SHOWN, finish, press, save


@dataclass(frozen=True)
class Mark:
    """The points of one assessor on the strip of a criterion."""

    person: User
    value: Decimal
    at: int


@dataclass(frozen=True)
class Line:
    """A criterion of the talk: the strip, and the form where they lie far apart."""

    part: OfCriterion
    marks: list[Mark]
    form: AgreedForm | None
    agreed_by: list[User]

    @property
    def span(self) -> tuple[int, int]:
        """Return where the strip's bar begins and how long it is, of 100."""
        places = [mark.at for mark in self.marks] or [0]
        return min(places), max(places) - min(places)


def _lines(result: Result, people: dict[int, User], bound: AgreedForm | None) -> list[Line]:
    lines = []
    for part in result.by_criterion:
        agreed = part.agreed
        form = None
        if part.needs_talk or agreed:
            initial = {
                "value": f"{agreed.value:.1f}" if agreed else "",
                "sentence": agreed.sentence if agreed else "",
                "version": agreed.version if agreed else 0,
            }
            is_bound = bound is not None and bound.prefix == part.criterion.key
            form = bound if is_bound else AgreedForm(part.criterion, initial=initial)
        marks = [
            Mark(people[pk], value, round(100 * value / part.criterion.max_score))
            for pk, value in sorted(part.values.items(), key=lambda pair: pair[1])
        ]
        agreements = agreed.agreements.all() if agreed else ()
        agreed_by = [people[row.person_id] for row in agreements if row.person_id in people]
        lines.append(Line(part, marks, form, agreed_by))
    return lines


def _page(
    request: SignedInRequest,
    application: Application,
    *,
    bound: AgreedForm | None = None,
    status: int = SHOWN,
) -> HttpResponse:
    result = result_of(application)
    ids = {pk for part in result.by_criterion for pk in part.values}
    people = User.objects.in_bulk(ids)
    lines = _lines(result, people, bound)
    proposed = [line.part.agreed for line in lines if line.part.agreed]
    is_reader = request.user.has_perm("assessment.agree_scores", application)
    # What was typed stays on the page, with the sentence that says why it is not taken.
    may_agree = is_reader and (can_be_scored(application) or bound is not None)
    context = {
        "application": application,
        "plan": getattr(application.call, "assessment_plan", None),
        "result": result,
        "lines": lines,
        "people": sorted(people.values(), key=lambda one: one.search_name),
        "apart": max((part.spread for part in result.by_criterion), default=Decimal(0)),
        "proposed": [f"{row.pk}-{row.version}" for row in proposed],
        "may_agree": may_agree,
        "has_agreed": bool(proposed)
        and all(request.user in line.agreed_by for line in lines if line.part.agreed),
        "back_url": page_of(request, application),
        "nav_current": "assessment:mine" if is_reader else "applications:staff_list",
    }
    return render(request, "assessment/consensus.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff_required
def consensus(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show where the assessors differ; one of them proposes what should count."""
    application = read_application(request, reference)
    require_perm(request.user, "assessment.view_scores", application)
    if request.method != "POST":
        return _page(request, application)
    require_perm(request.user, "assessment.agree_scores", application)
    wanted = request.POST.get("criterion", "")
    criterion = next((one for one in application.call.criteria.all() if one.key == wanted), None)
    if criterion is None:
        raise Http404
    form = AgreedForm(criterion, request.POST)

    def service() -> Any:
        return services.propose_value(
            application=application, criterion=criterion, by=request.user, **form.values()
        )

    sent = save(request, form, service)
    if not sent.is_done:
        return _page(request, application, bound=form, status=sent.status)
    done = _("Proposed. It counts once all of you agree.")
    return finish(request, done, "assessment:consensus", reference)


@require_POST
@staff_required
def agree(request: SignedInRequest, reference: str) -> HttpResponse:
    """Agree to all that is proposed, as it was read."""
    application = read_application(request, reference)
    require_perm(request.user, "assessment.agree_scores", application)
    seen = dict(read_pairs(request.POST.getlist("seen")))
    press(
        request,
        lambda: services.agree(application=application, seen=seen, by=request.user),
        _("You agree."),
    )
    return redirect("assessment:consensus", reference)
