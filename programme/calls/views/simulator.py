"""What another number of inhabitants would mean for a call."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from core.kit.decorators import require_perm, staff_required
from core.kit.tables import Column, Table, csv_lines
from programme.calls.forms.simulator import TryForm, shown_form
from programme.calls.models import Call
from programme.calls.selectors import (
    CountryCount,
    Simulation,
    countries_without_minimum,
    effect_of,
    simulate,
)

# Countries shown before the others fold away.
FIRST_IN_EUROPE, FIRST_ELSEWHERE = 14, 12


@require_safe
@staff_required
def simulator(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show how many places of the register pass the call's rule, and how many another one."""
    require_perm(request.user, "calls.view_calls")
    call = get_object_or_404(Call, slug=slug)
    typed = TryForm(request.GET or None)
    number = typed.number
    unmeasured = countries_without_minimum(call)
    found = simulate(
        now=call.min_population,
        tried=number,
        strict=call.min_population_strict,
        unmeasured={country.code for country in unmeasured},
    )
    if request.GET.get("format") == "csv":
        return _csv(found, number)
    context = {
        "call": call,
        "form": shown_form(number, typed if typed.is_bound else None),
        "number": number,
        "found": found,
        "unmeasured": unmeasured,
        "groups": [
            ("eu", *_folded(found.europe, FIRST_IN_EUROPE), found.most_europe),
            ("else", *_folded(found.elsewhere, FIRST_ELSEWHERE), found.most_elsewhere),
        ],
        "effect": effect_of(call, number, request.user),
        "may_edit": request.user.has_perm("calls.edit_calls"),
        "nav_current": "calls:staff_calls",
    }
    return render(request, "calls/staff_simulator.html", context)


def _folded(rows: list[CountryCount], first: int) -> tuple[list[CountryCount], list[CountryCount]]:
    """Return the first rows, and those that fold away."""
    return rows[:first], rows[first:]


def _csv(found: Simulation, number: int) -> HttpResponse:
    """Return all countries as a file."""
    table = Table(
        title="Simulation",
        columns=[
            Column("country", lambda row: row.name),
            Column("eu_member", lambda row: row.is_eu),
            Column("places", lambda row: row.places),
            Column("pass_now", lambda row: row.now),
            Column("would_pass", lambda row: row.tried),
        ],
        rows=found.countries,
    )
    response = HttpResponse("".join(csv_lines(table)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="more-than-{number}.csv"'
    return response
