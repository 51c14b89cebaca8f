"""Staff: the list with its export, the application with the eligibility workbench."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from applications import services
from applications.exports import table_of
from applications.forms.staff import (
    AssignForm,
    DecisionForm,
    EligibilityForm,
    FilterForm,
    RulingForm,
)
from applications.models import Application
from applications.popbar import popbar_of
from applications.selectors import (
    SORTS,
    UNDER_CHECK,
    assessors_for,
    call_rules,
    counts_by_status,
    decisions_of,
    eligibility_decision,
    eligibility_of,
    facts_of,
    municipalities_of,
    narrowed,
    sent_applications,
    standing_decision,
    submission_of,
    to_check,
    with_export_columns,
    with_list_columns,
)
from applications.services.letters import decision_values, preview_mail, refusal_values
from applications.states import ApplicationStatus, Criterion, DecisionOutcome, Ruling
from core.kit.decorators import require_perm, staff_required
from core.kit.errors import InvalidError, WrongStateError
from core.kit.tables import csv_lines
from core.trail.selectors import events_of

S = ApplicationStatus
PER_PAGE = 50
CHUNK = 500
TABS = ("answers", "eligibility", "history")


def _narrowed(request: HttpRequest, form: FilterForm) -> Any:
    return narrowed(sent_applications(request.user), request.user, form.chosen)


@require_GET
@staff_required
def staff_list(request: HttpRequest) -> HttpResponse:
    """List what was sent: search, filter, sort, 50 a page."""
    require_perm(request.user, "applications.list_applications")
    form = FilterForm(request.GET)
    chosen = form.chosen
    sort = chosen.get("sort") if chosen.get("sort") in SORTS else "-sent"
    everything = sent_applications(request.user)
    counts = counts_by_status(everything)
    rows = with_list_columns(_narrowed(request, form), sort)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    filters = {key: value for key, value in chosen.items() if key != "sort"}
    context = {
        "form": form,
        "page": page,
        "sort": sort,
        "is_on": bool(filters),
        "view": chosen.get("view", ""),
        "counts": counts,
        "total": sum(counts.values()),
        "to_check": to_check(everything, request.user).count(),
        "status": chosen.get("status", ""),
        "shortcuts": [
            (value, S(value).label, counts[value])
            for value in (S.ELIGIBLE, S.ACCEPTED, S.RESERVE)
            if counts.get(value)
        ],
    }
    return render(request, "applications/staff/list.html", context)


@require_GET
@staff_required
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand out the filtered list as CSV for spreadsheets."""
    require_perm(request.user, "applications.list_applications")
    rows = with_export_columns(_narrowed(request, FilterForm(request.GET)))
    lines = csv_lines(table_of(rows.iterator(chunk_size=CHUNK)))
    response = StreamingHttpResponse(list(lines), content_type="text/csv; charset=utf-8")
    name = f"applications-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _application(request: HttpRequest, reference: str) -> Application:
    """Return an application the person of staff may see; 404 otherwise."""
    found = (
        sent_applications(request.user)
        .filter(reference=reference)
        .select_related("call", "organisation__country", "response")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _detail(
    request: HttpRequest,
    application: Application,
    tab: str,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    members = municipalities_of(application)
    facts = rules = None
    if tab == "eligibility":
        facts, rules = facts_of(application, members), call_rules(application.call)
    criteria = eligibility_of(application, facts, rules)
    submission, decisions = submission_of(application), decisions_of(application)
    assigned = [row.assessor for row in application.assignments.select_related("assessor")]
    may_check = application.status in UNDER_CHECK and request.user.has_perm(
        "applications.check_application", application
    )
    context = {
        "application": application,
        "tab": tab,
        "members": members,
        "has_files": any(getattr(row, "commitment", None) for row in members),
        "criteria": criteria,
        "unsettled": [item for item in criteria if item.is_open or item.is_failed],
        "snapshot": submission.snapshot if submission else None,
        "decisions": decisions,
        "decision": standing_decision(application, decisions),
        "checked": eligibility_decision(decisions),
        "events": events_of(application),
        "assigned": assigned,
        "assign_form": AssignForm(assessors_for(application)),
        "may_check": may_check,
        "may_assign": request.user.has_perm("applications.assign_assessor", application),
        "may_decide": application.status in (S.ELIGIBLE, S.RESERVE)
        and request.user.has_perm("applications.decide_application", application),
        "rulings": Ruling.choices,
        "nav_current": "applications:staff_list",
    }
    if rules and facts:
        context["bar"] = popbar_of(rules, facts)
    return render(request, "applications/staff/detail.html", context | more, status=status)


@require_GET
@staff_required
def staff_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the answers, the eligibility workbench or the history."""
    application = _application(request, reference)
    first = "eligibility" if application.status in UNDER_CHECK else "answers"
    tab = request.GET.get("tab", first)
    return _detail(request, application, tab if tab in TABS else first)


def _to_workbench(application: Application, criterion: str = "") -> HttpResponse:
    url = reverse("applications:staff_detail", args=[application.reference])
    anchor = f"#criterion-{criterion}" if criterion else ""
    return redirect(f"{url}?tab=eligibility{anchor}")


@require_POST
@staff_required
def staff_rule(request: HttpRequest, reference: str) -> HttpResponse:
    """Rule one criterion; a refused ruling comes back with what was typed."""
    application = _application(request, reference)
    require_perm(request.user, "applications.check_application", application)
    ruled = request.POST.get("criterion", "")
    # The page has a reason for each criterion: the summary links to the one meant.
    form = RulingForm(request.POST, auto_id=f"%s-{ruled}" if ruled in Criterion.values else "id_%s")
    if form.is_valid():
        try:
            services.rule_criterion(application=application, by=request.user, **form.cleaned_data)
        except WrongStateError as error:
            return _detail(
                request, application, "eligibility", 409, refusal=error.message, form=form
            )
        messages.success(
            request,
            _("%(criterion)s: %(ruling)s. Your reason is kept with your name and the time.")
            % {
                "criterion": Criterion(form.cleaned_data["criterion"]).label,
                "ruling": Ruling(form.cleaned_data["ruling"]).label,
            },
        )
        return _to_workbench(application, form.cleaned_data["criterion"])
    return _detail(
        request,
        application,
        "eligibility",
        form=form,
        ruled=ruled,
        has_errors=True,
    )


def _confirm(
    request: HttpRequest,
    application: Application,
    form: Any,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "application": application,
        "form": form,
        "nav_current": "applications:staff_list",
        **more,
    }
    return render(request, "applications/staff/decide.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff_required
def staff_decide_eligibility(request: HttpRequest, reference: str) -> HttpResponse:
    """Decide eligibility in two steps: write, look at the mail, confirm."""
    application = _application(request, reference)
    require_perm(request.user, "applications.check_application", application)
    words = {"heading": _("Decide eligibility")}
    if request.method == "GET":
        form = EligibilityForm(initial={"eligible": request.GET.get("eligible", "yes")})
        return _confirm(request, application, form, **words)
    form = EligibilityForm(request.POST)
    if not form.is_valid():
        return _confirm(request, application, form, **words)
    eligible = form.cleaned_data["eligible"] == "yes"
    reason = form.cleaned_data["reason"]
    if not eligible and "confirm" not in request.POST:
        values = refusal_values(criteria=eligibility_of(application), reason=reason)
        preview = preview_mail(application, "application_ineligible", values)
        return _confirm(request, application, form, preview=preview, **words)
    try:
        services.decide_eligibility(
            application=application, eligible=eligible, reason=reason, by=request.user
        )
    except InvalidError as error:
        form.add_error(None, error.message)
        return _confirm(request, application, form, 400, **words)
    except WrongStateError as error:
        return _confirm(request, application, form, 409, refusal=error.message, **words)
    messages.success(
        request,
        _("%(reference)s is eligible.") % {"reference": reference}
        if eligible
        else _("%(reference)s is not eligible. The city gets the mail.") % {"reference": reference},
    )
    return redirect("applications:staff_detail", reference)


@require_http_methods(["GET", "POST"])
@staff_required
def staff_decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Accept, reserve or reject in two steps: write, look at the mail, confirm."""
    application = _application(request, reference)
    require_perm(request.user, "applications.decide_application", application)
    words = {"heading": _("Decide the application")}
    if request.method == "GET":
        form = DecisionForm(initial={"outcome": request.GET.get("outcome", "")})
        return _confirm(request, application, form, **words)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _confirm(request, application, form, **words)
    values = decision_values(**form.cleaned_data)
    if "confirm" not in request.POST:
        preview = preview_mail(application, "application_decided", values)
        return _confirm(request, application, form, preview=preview, **words)
    try:
        services.decide_application(application=application, by=request.user, **form.cleaned_data)
    except WrongStateError as error:
        return _confirm(request, application, form, 409, refusal=error.message, **words)
    messages.success(
        request,
        _("%(reference)s: %(outcome)s. The city gets the mail.")
        % {
            "reference": reference,
            "outcome": DecisionOutcome(form.cleaned_data["outcome"]).label,
        },
    )
    return redirect("applications:staff_detail", reference)


@require_POST
@staff_required
def staff_assign(request: HttpRequest, reference: str) -> HttpResponse:
    """Assign an assessor, or take one off."""
    application = _application(request, reference)
    require_perm(request.user, "applications.assign_assessor", application)
    if "remove" in request.POST:
        person = User.objects.filter(
            assignments__application=application, pk=_number(request.POST["remove"])
        ).first()
        if person is not None:
            services.unassign_assessor(application=application, assessor=person, by=request.user)
            messages.success(request, _("%(name)s is taken off.") % {"name": str(person)})
        return redirect("applications:staff_detail", reference)
    form = AssignForm(assessors_for(application), request.POST)
    if not form.is_valid():
        for error in form.errors.get("assessor", []):
            messages.error(request, error)
        return redirect("applications:staff_detail", reference)
    person = form.cleaned_data["assessor"]
    try:
        services.assign_assessor(application=application, assessor=person, by=request.user)
    except WrongStateError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("%(name)s reads this application.") % {"name": str(person)})
    return redirect("applications:staff_detail", reference)


def _number(typed: str) -> int:
    """Return a row's number from a button, 0 for nonsense."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0  # noqa: PLR2004
