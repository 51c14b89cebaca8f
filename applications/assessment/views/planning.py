"""The assessment of a call, for coordinators: its plan, and who reads what."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest
from accounts.models import User
from applications.assessment import services
from applications.assessment.engine.sharing import Pair
from applications.assessment.forms.planning import (
    EndForm,
    ExpertiseForm,
    PlanForm,
    read_pairs,
    written,
)
from applications.assessment.models import AssessmentPlan, Expertise
from applications.assessment.selectors.calibration import calibration_of
from applications.assessment.selectors.interests import asked_and_declared
from applications.assessment.selectors.sharing import Preview, facts_of_call, preview_of
from applications.models import Application
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import SHOWN, finish, posted, press, save
from programme.calls.models import Call

NAV = "calls:staff_calls"


@require_http_methods(["GET", "POST"])
@staff_required
def plan(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show how a call is assessed; a coordinator opens and changes it."""
    require_perm(request.user, "assessment.view_plans")
    call = get_object_or_404(Call, slug=slug)
    may_plan = request.user.has_perm("assessment.plan_assessment", call)
    if request.method == "POST":
        require_perm(request.user, "assessment.plan_assessment", call)
    stored = AssessmentPlan.objects.filter(call=call).first()
    initial = {
        name: getattr(stored, name)
        for name in (*PlanForm.base_fields,)
        if stored and name != "version"
    }
    initial["version"] = stored.version if stored else 0
    form = PlanForm(posted(request), initial=initial)
    sent = save(
        request,
        form,
        lambda: services.save_plan(call=call, by=request.user, **form.values()),
    )
    if sent.is_done:
        done = _(
            "Saved. Each assessor who was not asked yet gets one mail: declare your interests."
        )
        return finish(request, done, "assessment:assign", call.slug)
    context = {
        "call": call,
        "plan": stored,
        "form": form,
        "may_plan": may_plan,
        **(asked_and_declared(stored) if stored else {}),
        "criteria": list(call.criteria.all()),
        "nav_current": NAV,
    }
    return render(request, "assessment/plan.html", context, status=sent.status)


@require_http_methods(["GET", "POST"])
@staff_required
def plan_close(request: SignedInRequest, slug: str) -> HttpResponse:
    """Let a coordinator close the assessment of a call, with a reason."""
    done = _("The assessment is closed. What was handed in counts.")
    return _end(request, slug, services.close_plan, done, is_closing=True)


@require_http_methods(["GET", "POST"])
@staff_required
def plan_reopen(request: SignedInRequest, slug: str) -> HttpResponse:
    """Let a coordinator reopen the assessment of a call, with a reason."""
    done = _("The assessment is open again.")
    return _end(request, slug, services.reopen_plan, done, is_closing=False)


def _end(
    request: SignedInRequest, slug: str, service: Any, done: str, *, is_closing: bool
) -> HttpResponse:
    call = get_object_or_404(Call, slug=slug, assessment_plan__isnull=False)
    require_perm(request.user, "assessment.plan_assessment", call)
    form = EndForm(posted(request))
    sent = save(request, form, lambda: service(call=call, by=request.user, **form.cleaned_data))
    if sent.is_done:
        return finish(request, done, "assessment:plan", slug)
    context = {"call": call, "form": form, "is_closing": is_closing, "nav_current": NAV}
    return render(request, "assessment/plan_end.html", context, status=sent.status)


@dataclass(frozen=True)
class Given:
    """One reading of an assessor as the page shows it."""

    application: Application
    key: str
    is_locked: bool
    is_new: bool
    why: str


@dataclass(frozen=True)
class Load:
    """One assessor with what they would read."""

    person: User
    number: int
    locked: int
    links: list[tuple[Application, str]]
    readings: list[Given]


def _loads(preview: Preview) -> list[Load]:
    facts = preview.facts
    by_reader: dict[int, list[Pair]] = {reader: [] for reader in facts.readers}
    place_of = {pk: place for place, pk in enumerate(facts.applications)}
    for pair in sorted(preview.sharing.pairs, key=lambda pair: place_of[pair[0]]):
        by_reader.setdefault(pair[1], []).append(pair)
    return [
        Load(
            person=person,
            number=len(by_reader[reader]),
            locked=sum(pair in preview.locked for pair in by_reader[reader]),
            links=[
                (facts.applications[pair[0]], why)
                for pair, why in facts.links.items()
                if pair[1] == reader
            ],
            readings=[
                Given(
                    application=facts.applications[pair[0]],
                    key=written(pair),
                    is_locked=pair in preview.locked,
                    is_new=pair in preview.added,
                    why=", ".join(facts.reasons.get(pair, ())) or str(_("Evens the load")),
                )
                for pair in by_reader[reader]
            ],
        )
        for reader, person in facts.readers.items()
    ]


def _fixed(data: Any) -> tuple[list[Pair], list[Pair]]:
    """Return what is locked and kept away by hand, with a reading that was given on."""
    locked, away = read_pairs(data.getlist("lock")), read_pairs(data.getlist("away"))
    for one, reader in read_pairs(data.getlist("give")):
        to = data.get("to", "")
        away.append((one, reader))
        locked = [pair for pair in locked if pair != (one, reader)]
        locked += read_pairs([f"{one}-{to}"])
        away = [pair for pair in away if pair not in locked]
    return locked, away


def _held(locked: Iterable[Pair], away: Iterable[Pair]) -> str:
    """Return how an address says what is fixed by hand."""
    pairs = [("lock", written(one)) for one in locked] + [("away", written(one)) for one in away]
    return urlencode(pairs)


@require_http_methods(["GET", "POST"])
@staff_required
def assign(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show who would read what, as even as can be; assign it once it was looked at."""
    call = get_object_or_404(Call, slug=slug)
    require_perm(request.user, "assessment.plan_assessment", call)
    stored = AssessmentPlan.objects.filter(call=call).select_related("call").first()
    if stored is None or (stored.closed_at and request.method != "POST"):
        return redirect("assessment:plan", call.slug)
    locked, away = _fixed(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST":
        sent = press(
            request,
            lambda: services.assign_readings(
                call=call,
                locked=locked,
                away=away,
                seen=request.POST.get("seen", ""),
                by=request.user,
            ),
            _("Assigned. Each assessor with something new to read gets one mail."),
        )
        if sent.is_done:
            return redirect("assessment:assign", call.slug)
        return redirect(f"{reverse('assessment:assign', args=[slug])}?{_held(locked, away)}")
    preview = preview_of(facts_of_call(call, stored, request.user), locked, away)
    return _assign_page(request, call, preview)


def _assign_page(request: SignedInRequest, call: Call, preview: Preview) -> HttpResponse:
    loads = _loads(preview)
    chosen = request.GET.get("person", "")
    opened = next((load for load in loads if str(load.person.pk) == chosen), None)
    facts = preview.facts
    context = {
        "call": call,
        "plan": facts.plan,
        "preview": preview,
        "loads": loads,
        "opened": opened or (loads[0] if loads else None),
        "most": max((load.number for load in loads), default=0),
        "least": min((load.number for load in loads), default=0),
        "total": len(preview.sharing.pairs),
        "missing": [
            (facts.applications[pk], number) for pk, number in preview.sharing.missing.items()
        ],
        "applications": len(facts.applications),
        "undeclared": facts.undeclared,
        "held_query": _held(preview.locked - facts.fixed, preview.away),
        "held": [("lock", written(one)) for one in sorted(preview.locked - facts.fixed)]
        + [("away", written(one)) for one in sorted(preview.away)],
        "nav_current": NAV,
    }
    return render(request, "assessment/assign.html", context, status=SHOWN)


@require_GET
@staff_required
def calibration(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show a coordinator who scores high or low beside the others."""
    call = get_object_or_404(Call, slug=slug)
    require_perm(request.user, "assessment.plan_assessment", call)
    context = {"call": call, "rows": calibration_of(request.user, call), "nav_current": NAV}
    return render(request, "assessment/calibration.html", context)


@require_http_methods(["GET", "POST"])
@staff_required
def expertise(request: SignedInRequest) -> HttpResponse:
    """Let an assessor say what they know; applications are given by it."""
    require_perm(request.user, "assessment.assess")
    row = Expertise.objects.filter(assessor=request.user).first()
    initial = (
        {
            "countries": row.countries.all(),
            "themes": row.themes.all(),
            "employer": row.employer,
            "languages": row.languages,
        }
        if row
        else {}
    )
    form = ExpertiseForm(posted(request), initial=initial)
    sent = save(
        request,
        form,
        lambda: services.save_expertise(
            assessor=request.user, by=request.user, **form.cleaned_data
        ),
    )
    if sent.is_done:
        return finish(request, _("Saved."), "assessment:mine")
    context = {"form": form, "nav_current": "assessment:mine"}
    return render(request, "assessment/expertise.html", context, status=sent.status)
