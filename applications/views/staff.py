"""Staff: the list with its export, the application with the eligibility workbench."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import SignedInRequest
from accounts.models import User
from applications import services
from applications.acting import offered_to
from applications.eligibility import JudgedCriterion
from applications.exports import EXPORT, export_params, sheets_for
from applications.forms.staff import (
    AssignForm,
    EligibilityForm,
    FilterForm,
    RulingForm,
    picked_ids,
)
from applications.listing import drawn_rows
from applications.lists import columns_for, columns_shown, read_along
from applications.models import Application
from applications.parts import parts_of
from applications.popbar import popbar_of
from applications.selectors import (
    SORTS,
    UNDER_CHECK,
    assessors_beside,
    assessors_for,
    decisions_of,
    document_links,
    eligibility_decision,
    eligibility_of,
    facts_of,
    municipalities_of,
    narrowed,
    rules_of,
    saved_views,
    sent_applications,
    shown_to,
    stakeholders_of,
    standing_decision,
    submissions_of,
    to_check,
    with_list_columns,
)
from applications.selectors.checking import (
    counts_with_to_judge,
    first_check_of,
    version_of_check,
)
from applications.services.decisions import require_settled
from applications.services.letters import Preview, preview_mail, refusal_values
from applications.states import ApplicationStatus, Criterion, Ruling
from applications.views.checking import next_after
from applications.views.origins import from_query, origin_of
from applications.views.pages import asked, sent_application
from applications.views.why import question_about
from core.jobs.services import start_job
from core.kit.decorators import require_perm, staff_required
from core.kit.paging import page_of
from core.kit.saving import Sent, finish, look, posted, press, save
from core.trail.selectors import events_of
from programme.calls.states import Checkers

S = ApplicationStatus
# So many saved views stand above the list; all stand on their page.
MOST_SAVED = 20
TABS = ("answers", "eligibility", "history")


def _narrowed(request: SignedInRequest, form: FilterForm) -> Any:
    return narrowed(sent_applications(request.user), request.user, form.filters)


@require_GET
@staff_required
def staff_list(request: SignedInRequest) -> HttpResponse:
    """List what was sent: search, filter, sort, 50 a page."""
    require_perm(request.user, "applications.list_applications")
    form = FilterForm(request.GET, by=request.user)
    chosen = form.chosen
    wanted = str(chosen.get("sort") or "")
    sort = wanted if wanted in SORTS else "-sent"
    counts, waiting = counts_with_to_judge(request.user)
    columns = columns_shown(request.user, chosen.get("column", ()))
    rows = with_list_columns(_narrowed(request, form), sort, read_along(columns))
    total, is_on = sum(counts.values()), bool(form.filters)
    page = page_of(request, rows, counted=None if is_on else total)
    picked = picked_ids(request.GET)
    shown = {row.pk for row in page.object_list}
    offered = offered_to(request.user)
    context = {
        "form": form,
        "page": page,
        "sheets": sheets_for(request.user),
        "saved": saved_views(request.user)[:MOST_SAVED],
        "query": form.query,
        "kept": form.kept,
        "columns": columns,
        "all_columns": columns_for(request.user),
        "rows": drawn_rows(
            list(page.object_list), columns, request.user, picked if offered else None
        ),
        "offered": offered,
        "picked": len(picked),
        # What is chosen on other pages goes along unseen.
        "picked_elsewhere": [pk for pk in picked if pk not in shown],
        "sort": sort,
        "is_on": is_on,
        "view": chosen.get("view", ""),
        "counts": counts,
        "total": total,
        "to_check": waiting
        if request.user.has_perm("applications.list_to_check")
        else to_check(sent_applications(request.user), request.user).count(),
        "status": chosen.get("status", ""),
        "shortcuts": [
            (value, S(value).label, counts[value])
            for value in (S.ELIGIBLE, S.ACCEPTED, S.RESERVE)
            if counts.get(value)
        ],
    }
    return render(request, "applications/staff/list.html", context)


@require_POST
@staff_required
def export(request: SignedInRequest) -> HttpResponse:
    """Start writing the filtered list into a file; the address carries the filters."""
    require_perm(request.user, "applications.list_applications")
    filters = FilterForm(request.GET, by=request.user).filters
    sent = request.POST
    params = export_params(
        filters, sent.get("ending", ""), kind=sent.get("kind", ""), by=request.user
    )
    started = press(request, lambda: start_job(kind=EXPORT, params=params, by=request.user))
    if not started.is_done:
        return redirect("applications:staff_list")
    return redirect("jobs:job", started.result.key)


def _detail(
    request: SignedInRequest,
    application: Application,
    tab: str,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    members = municipalities_of(application)
    submissions, decisions = submissions_of(application), decisions_of(application)
    submission = submissions[0] if submissions else None
    # Nobody writes a letter for what was sent: where it names none, none is looked for.
    named = submission.snapshot.get("stakeholders", ()) if submission else ()
    stakeholders = stakeholders_of(application) if any(row["letter"] for row in named) else []
    facts = rules = None
    if tab == "eligibility":
        facts, rules = facts_of(application, members), rules_of(application, submission)
    criteria = eligibility_of(application, facts, rules)
    assigned, assessors = assessors_beside(application)
    may_check = application.status in UNDER_CHECK and request.user.has_perm(
        "applications.check_application", application
    )
    context = {
        "application": application,
        "tab": tab,
        "members": members,
        "stakeholders": stakeholders,
        "has_files": any(getattr(row, "commitment", None) for row in members)
        or any(getattr(row, "letter", None) for row in stakeholders),
        "criteria": shown_to(request.user, criteria),
        "has_failed": _has_failed(criteria),
        "unsettled": [item for item in criteria if item.is_open or item.is_failed],
        "submissions": submissions,
        "snapshot": submission.snapshot if submission else None,
        "parts": parts_of(submission.snapshot) if submission else None,
        "links": document_links(application, submission.snapshot) if submission else {},
        "decisions": decisions,
        "decision": standing_decision(application, decisions),
        "checked": eligibility_decision(decisions),
        **asked(request, application),
        "events": events_of(application),
        "assigned": assigned,
        "assign_form": AssignForm(assessors_for(application), known=assessors),
        "may_check": may_check,
        "may_assign": request.user.has_perm("applications.assign_assessor", application),
        "may_decide": application.status in (S.ELIGIBLE, S.RESERVE)
        and request.user.has_perm("applications.decide_application", application),
        "may_explain": request.user.has_perm("applications.explain_application", application),
        "question": question_about(application),
        "from_query": from_query(origin_of(request)),
        "nav_current": "applications:staff_list",
    }
    if may_check:
        first = first_check_of(application, criteria)
        context["version"] = version_of_check(application, criteria, members, first)
    if rules and facts:
        context["bar"] = popbar_of(rules, facts)
    return render(request, "applications/staff/detail.html", context | more, status=status)


@require_GET
@staff_required
def staff_detail(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show the answers, the eligibility workbench or the history."""
    application = sent_application(request, reference)
    first = _first_tab(application)
    tab = request.GET.get("tab", first)
    return _detail(request, application, tab if tab in TABS else first)


def _first_tab(application: Application) -> str:
    return "eligibility" if application.status in UNDER_CHECK else "answers"


def _workbench(application: Application, criterion: str) -> str:
    url = reverse("applications:staff_detail", args=[application.reference])
    return f"{url}?tab=eligibility#criterion-{criterion}"


@require_POST
@staff_required
def staff_rule(request: SignedInRequest, reference: str) -> HttpResponse:
    """Rule one criterion; a refused ruling comes back with what was typed."""
    application = sent_application(request, reference)
    require_perm(request.user, "applications.check_application", application)
    ruled = request.POST.get("criterion", "")
    # The page has a reason for each criterion: the summary links to the one meant.
    form = RulingForm(request.POST, auto_id=f"%s-{ruled}" if ruled in Criterion.values else "id_%s")
    sent = save(
        request,
        form,
        lambda: services.rule_criterion(application=application, by=request.user, **form.values),
    )
    if not sent.is_done:
        return _detail(request, application, "eligibility", sent.status, form=form, ruled=ruled)
    done = _("%(criterion)s: %(ruling)s. Your reason is kept with your name and the time.") % {
        "criterion": Criterion(form.cleaned_data["criterion"]).label,
        "ruling": Ruling(form.cleaned_data["ruling"]).label,
    }
    return finish(request, done, _workbench(application, form.cleaned_data["criterion"]))


def _decide(
    request: HttpRequest,
    application: Application,
    form: EligibilityForm,
    heading: str,
    *,
    mail: Callable[[], Any],
    service: Callable[[], Application],
    done: Callable[[Application], str],
    then: Callable[[], HttpResponse],
    **more: Any,
) -> HttpResponse:
    """Decide in two steps: what was written comes back as the `mail` it makes, then confirm."""
    preview = None
    sent: Sent[Any] = Sent()
    if "confirm" not in request.POST:
        sent = look(request, form, mail)
        preview = sent.result if sent.is_done else None
    if preview:
        sent = Sent()
    elif sent.is_done or "confirm" in request.POST:
        sent = save(request, form, service)
    if sent.is_done:
        messages.success(request, done(sent.result))
        return then()
    context = more | {
        "application": application,
        "form": form,
        "heading": heading,
        "preview": preview,
        "nav_current": "applications:staff_list",
    }
    return render(request, "applications/staff/decide.html", context, status=sent.status)


def _has_failed(criteria: list[JudgedCriterion]) -> bool:
    return any(item.is_failed for item in criteria)


def _eligibility_mail(application: Application, form: EligibilityForm) -> Preview | None:
    """Return the mail that the decision makes; the first "eligible" makes none."""
    criteria = eligibility_of(application)
    require_settled(criteria, eligible=form.is_eligible)
    if not form.is_eligible:
        values = refusal_values(criteria=criteria, reason=form.cleaned_data["reason"])
        return preview_mail(application, "application_ineligible", values)
    if application.status == S.INELIGIBLE:
        return preview_mail(application, "application_eligible_after_all", {})
    return None


@require_http_methods(["GET", "POST"])
@staff_required
def staff_decide_eligibility(request: SignedInRequest, reference: str) -> HttpResponse:
    """Decide eligibility; a refusal, and taking one back, make a mail to be looked at before."""
    application = sent_application(request, reference)
    require_perm(request.user, "applications.check_application", application)
    members, origin = municipalities_of(application), origin_of(request)
    criteria = eligibility_of(application, facts_of(application, members))
    # Whoever comes from the workbench goes on with its next case.
    from_queue = "from" in request.GET or "from" in request.POST
    first = first_check_of(application, criteria)
    initial = {
        "eligible": request.GET.get("eligible", "yes"),
        "version": version_of_check(application, criteria, members, first),
    }
    if first is not None and first.outcome == S.INELIGIBLE:
        initial["reason"] = first.reason
    may_refuse = application.status == S.SUBMITTED and _has_failed(criteria)
    form = EligibilityForm(posted(request), initial=initial, may_refuse=may_refuse)
    was_refused = application.status == S.INELIGIBLE
    words = {
        True: _("%(reference)s is eligible. The applicant gets the mail.")
        if was_refused
        else _("%(reference)s is eligible."),
        False: _("%(reference)s is not eligible. The applicant gets the mail."),
    }

    def said(result: Application) -> str:
        if result.status == application.status:
            return _("%(reference)s: your finding is kept. A colleague confirms it.") % {
                "reference": reference
            }
        return words[form.is_eligible] % {"reference": reference}

    return _decide(
        request,
        application,
        form,
        _("Decide eligibility"),
        mail=lambda: _eligibility_mail(application, form),
        service=lambda: services.decide_eligibility(
            application=application,
            eligible=form.is_eligible,
            reason=form.cleaned_data["reason"],
            by=request.user,
            read_version=form.cleaned_data["version"],
        ),
        done=said,
        then=next_after(request, reference, origin)
        if from_queue
        else lambda: redirect("applications:staff_detail", reference),
        origin=origin,
        from_queue=from_queue,
        first=first,
        # Whoever comes second reads the mail that leaves; before that nothing does.
        waits=application.call.checkers == Checkers.TWO
        and (first is None or first.by_id == request.user.pk),
    )


@require_POST
@staff_required
def staff_assign(request: SignedInRequest, reference: str) -> HttpResponse:
    """Assign an assessor, or take one off."""
    application = sent_application(request, reference)
    require_perm(request.user, "applications.assign_assessor", application)
    if "remove" in request.POST:
        return _take_off(request, application)
    form = AssignForm(assessors_for(application), request.POST)
    sent = save(
        request,
        form,
        lambda: services.assign_assessor(
            application=application, by=request.user, **form.cleaned_data
        ),
    )
    if not sent.is_done:
        tab = _first_tab(application)
        return _detail(request, application, tab, sent.status, assign_form=form, has_errors=True)
    done = _("%(name)s reads this application.") % {"name": str(form.cleaned_data["assessor"])}
    return finish(request, done, "applications:staff_detail", reference)


def _take_off(request: SignedInRequest, application: Application) -> HttpResponse:
    person = User.objects.filter(
        assignments__application=application, pk=_number(request.POST["remove"])
    ).first()
    if person is not None:
        done = _("%(name)s is taken off.") % {"name": str(person)}
        press(
            request,
            lambda: services.unassign_assessor(
                application=application, assessor=person, by=request.user
            ),
            done,
        )
    return redirect("applications:staff_detail", application.reference)


def _number(typed: str) -> int:
    """Return a row's number from a button, 0 for nonsense."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0  # noqa: PLR2004
