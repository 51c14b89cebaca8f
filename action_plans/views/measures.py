"""Objectives, measures, and the drawings made of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest
from action_plans.charts import money_bar, money_charts
from action_plans.charts import timeline as draw_timeline
from action_plans.forms import MeasureFilterForm, MeasureForms, ObjectiveForm
from action_plans.models import Measure, Objective, Plan
from action_plans.selectors import (
    MeasureRow,
    fitting,
    measure_row,
    measure_rows,
    measures_of,
    totals,
)
from action_plans.services import (
    add_objective,
    remove_measure,
    remove_objective,
    rename_objective,
    save_measure,
)
from action_plans.states import MeasureKind
from action_plans.views.common import closed_page, own_plan_or_403, plan_context, plan_or_404
from core.kit.differences import saved_first
from core.kit.paging import page_of
from core.kit.saving import Sent, finish, posted, press, save


@require_GET
@login_required
def measures(request: SignedInRequest, reference: str) -> HttpResponse:
    """List a plan's measures with their money."""
    plan = plan_or_404(request, reference)
    form = MeasureFilterForm(request.GET or None)
    filters = form.chosen
    everything = rows = measure_rows(plan)
    if any(filters.values()):
        rows = fitting(
            everything,
            search=filters["q"],
            kind=filters["kind"],
            only_gap=filters["gap"] == "yes",
        )
    page = page_of(request, rows)
    context = plan_context(
        request,
        plan,
        filter_form=form,
        is_filtered=form.is_on,
        everything=everything,
        page=page,
        rows=[(row, money_bar(row.money)) for row in page],
        sums=totals(everything),
        shown_sums=totals(rows),
        pilots=sum(row.measure.kind == MeasureKind.PILOT for row in everything),
        has_objectives=plan.objectives.exists(),
    )
    return render(request, "action_plans/measures.html", context)


@require_GET
@login_required
def timeline(request: SignedInRequest, reference: str) -> HttpResponse:
    """Draw the measures in time, and who pays them; those of a page of a long list."""
    plan = plan_or_404(request, reference)
    everything = measure_rows(plan)
    page = page_of(request, everything)
    rows = list(page)
    ends_on = plan.member.pairing.ends_on
    words = ""
    if ends_on:
        words = _("Pairing ends, %(date)s") % {"date": date_format(ends_on, "SHORT_DATE_FORMAT")}
    context = plan_context(
        request,
        plan,
        page=page,
        rows=rows,
        undated=[r for r in rows if not (r.measure.start_date and r.measure.end_date)],
        drawings=[
            (name, drawing)
            for name in ("wide", "narrow")
            if (
                drawing := draw_timeline(
                    rows, ends_on=ends_on, end_label=words, narrow=name == "narrow"
                )
            )
        ],
        charts=money_charts(rows, totals(everything)),
    )
    return render(request, "action_plans/timeline.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def objectives(request: SignedInRequest, reference: str) -> HttpResponse:
    """List the objectives with their measures; authors add one."""
    plan = plan_or_404(request, reference)
    if request.method == "POST":
        plan = own_plan_or_403(request, reference)
    form = ObjectiveForm(posted(request))
    sent = save(
        request, form, lambda: add_objective(plan=plan, by=request.user, **form.cleaned_data)
    )
    if sent.is_done:
        done = _("The objective is added. Now add measures that serve it.")
        return finish(request, done, "action_plans:objectives", reference)
    context = plan_context(
        request,
        plan,
        form=form,
        objectives=list(plan.objectives.prefetch_related("measures")),
    )
    return render(request, "action_plans/objectives.html", context, status=sent.status)


def _objective(plan: Plan, number: int) -> Objective:
    return get_object_or_404(plan.objectives.prefetch_related("measures"), number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def objective(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """Change the words of an objective."""
    plan = own_plan_or_403(request, reference)
    if closed := closed_page(request, plan):
        return closed
    found = _objective(plan, number)
    form = ObjectiveForm(posted(request), initial={"title": found.title})
    sent = save(
        request,
        form,
        lambda: rename_objective(objective=found, by=request.user, **form.cleaned_data),
    )
    if sent.is_done:
        done = _("The objective is saved. Its measures follow it.")
        return finish(request, done, "action_plans:objectives", reference)
    context = plan_context(request, plan, form=form, objective=found)
    return render(request, "action_plans/objective.html", context, status=sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def objective_remove(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """Ask, then remove an objective that no measure serves."""
    plan = own_plan_or_403(request, reference)
    if closed := closed_page(request, plan):
        return closed
    found = _objective(plan, number)
    if request.method == "POST":
        done = _("The objective is removed. The others keep their numbers.")
        press(request, lambda: remove_objective(objective=found, by=request.user), done)
        return redirect("action_plans:objectives", reference)
    context = plan_context(request, plan, objective=found)
    return render(request, "action_plans/objective_remove.html", context)


def _measure(plan: Plan, code: str) -> Measure:
    found = measures_of(plan).filter(code=code).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def measure_new(request: SignedInRequest, reference: str) -> HttpResponse:
    """Add a measure; without an objective there is nothing it could serve."""
    plan = own_plan_or_403(request, reference)
    if closed := closed_page(request, plan):
        return closed
    if not plan.objectives.exists():
        messages.info(request, _("Name an objective first: every measure serves one."))
        return redirect("action_plans:objectives", reference)
    return _edit(request, plan, None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def measure(request: SignedInRequest, reference: str, code: str) -> HttpResponse:
    """Show a measure; its authors change it here."""
    plan = plan_or_404(request, reference)
    found = _measure(plan, code)
    context = plan_context(request, plan)
    if request.method == "POST":
        return _edit(request, own_plan_or_403(request, reference), found)
    if context["may_write"]:
        return _edit(request, plan, found)
    row = measure_row(found)
    context |= {"row": row, "bar": money_bar(row.money, width=420)}
    return render(request, "action_plans/measure_read.html", context)


def _edit(request: SignedInRequest, plan: Plan, found: Measure | None) -> HttpResponse:
    forms = MeasureForms(plan=plan, measure=found, data=posted(request))
    sent: Sent[Measure] = Sent()
    if not forms.wants_row:
        sent = save(
            request,
            forms,
            lambda: save_measure(
                plan=plan,
                measure=found,
                data=forms.measure_data(),
                read_version=forms.form.cleaned_data["version"],
                by=request.user,
            ),
        )
    if sent.is_done:
        messages.success(request, _("Measure %(code)s is saved.") % {"code": sent.result.code})
        return _after_saving(request, plan, sent.result)
    row = measure_row(found) if found else None
    context = plan_context(
        request,
        plan,
        forms=forms,
        form=forms.form,
        has_errors=forms.has_errors,
        measure=found,
        row=row,
        bar=money_bar(row.money, width=420) if row else [],
        saved_first=saved_first(sent, by=lambda now: now.saved_by, rows=forms.differences),
    )
    return render(request, "action_plans/measure.html", context, status=sent.status)


def _after_saving(request: HttpRequest, plan: Plan, saved: Measure) -> HttpResponse:
    """Go on as the pressed button says: stay, or open the next measure."""
    if request.POST.get("do") != "next":
        return redirect("action_plans:measure", plan.reference, saved.code)
    codes = list(plan.measures.values_list("code", flat=True))
    following = codes[codes.index(saved.code) + 1 :]
    if following:
        return redirect("action_plans:measure", plan.reference, following[0])
    return redirect("action_plans:measures", plan.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def measure_remove(request: SignedInRequest, reference: str, code: str) -> HttpResponse:
    """Ask, then remove a measure."""
    plan = own_plan_or_403(request, reference)
    if closed := closed_page(request, plan):
        return closed
    found = _measure(plan, code)
    if request.method == "POST":
        done = _("Measure %(code)s is removed. The others keep their codes.") % {"code": code}
        press(request, lambda: remove_measure(measure=found, by=request.user), done)
        return redirect("action_plans:measures", reference)
    row: MeasureRow = measure_row(found)
    context = plan_context(request, plan, row=row)
    return render(request, "action_plans/measure_remove.html", context)
