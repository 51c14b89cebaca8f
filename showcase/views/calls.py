"""Calls: the list, one call, and whether a city can apply to it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.selectors import call_rules, ready_for
from applications.services.checked import Checked
from core.kit import days
from programme.calls.states import CallPhase
from showcase.check import answer
from showcase.forms import CheckForm
from showcase.selectors import calls as selectors


@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    """Show open, coming and closed calls."""
    phases = selectors.calls_by_phase()
    context = {
        "open_calls": phases[CallPhase.OPEN],
        "coming_calls": phases[CallPhase.COMING],
        "closed_calls": phases[CallPhase.CLOSED],
    }
    return render(request, "showcase/calls.html", context)


@require_safe
def call_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one call with its rules in words."""
    call = get_object_or_404(selectors.readable_calls(request.user), slug=slug)
    context = {
        "call": call,
        "phase": call.phase(),
        "facts": selectors.call_facts(call),
        "region_calls": [other for other in selectors.calls_for_regions() if other.pk != call.pk],
        "ready": ready_for(call),
    }
    return render(request, "showcase/call.html", context)


@require_safe
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer "Can my city apply?" from what stands in the address; nothing is stored."""
    # Staff try a draft of a call too, as its cities will.
    call = get_object_or_404(selectors.readable_calls(request.user), slug=slug)
    countries = list(selectors.countries_that_may_ask(call))
    form = CheckForm(request.GET or None, call=call, countries=countries)
    result, checked = None, Checked()
    if form.is_bound and form.is_valid():
        checked = Checked(
            kind=form.cleaned_data["kind"],
            name=form.cleaned_data["name"],
            members=tuple(form.cleaned_data["members"]),
            population=form.cleaned_data["population"],
        )
        country: Any = form.fields["country"]
        names = dict(country.choices)
        result = answer(
            call,
            call_rules(call, form.side),
            form.cleaned_data,
            country_name=str(names[form.cleaned_data["country"]]),
            now=days.now(),
        )
    context = {
        "call": call,
        "form": form,
        "answer": result,
        "start_query": checked.query,
        "region_calls": [other for other in selectors.calls_for_regions() if other.pk != call.pk],
    }
    return render(request, "showcase/check.html", context)
