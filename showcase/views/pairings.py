"""Pairings: the list with its map, one pairing, and the list as files."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.kit import days
from core.kit.paging import page_of
from core.kit.tables import csv_lines
from showcase import exports
from showcase.atlas import pair_map, world_atlas
from showcase.forms import PairingFilterForm
from showcase.selectors import pairings as selectors
from showcase.selectors.pairings import PairingRow

PAGE_SIZE = 20
HERO_WIDTH, HERO_HEIGHT = 350, 245
NEIGHBOURS = 3


def _filtered(
    request: HttpRequest,
) -> tuple[list[PairingRow], list[PairingRow], PairingFilterForm]:
    """Return all rows, those that fit the filters, and the filter form."""
    rows = selectors.public_rows()
    form = PairingFilterForm(
        request.GET,
        europe=selectors.country_choices(rows, european=True),
        partner=selectors.country_choices(rows, european=False),
        theme=selectors.theme_choices(),
    )
    chosen = form.chosen()
    found = selectors.filtered_rows(
        rows,
        text=chosen.get("q", ""),
        europe=chosen.get("europe", ""),
        partner=chosen.get("partner", ""),
        theme=chosen.get("theme", ""),
        sort=chosen.get("sort", ""),
    )
    return rows, found, form


@require_safe
def pairing_list(request: HttpRequest) -> HttpResponse:
    """Show the pairings that fit the filters, as a map and as a table."""
    rows, found, form = _filtered(request)
    chosen = form.chosen()
    sort = chosen.pop("sort", "") or "eu"
    context = {
        "form": form,
        "has_errors": bool(form.errors),
        "filters": form.tags(),
        "page": page_of(request, found, size=PAGE_SIZE),
        "total": len(rows),
        "found": len(found),
        "sort": sort,
        "atlas": world_atlas(rows, shown=found if chosen else None),
    }
    return render(request, "showcase/pairings.html", context)


@require_safe
def pairing_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one pairing with what is known of it, and nothing else."""
    found = selectors.public_row(slug)
    if found is None:
        successor = selectors.successor_of(slug)
        if successor is None:
            raise Http404
        return redirect("showcase:pairing", successor)
    row, pairing = found
    context = {
        "row": row,
        "map": pair_map(row, width=HERO_WIDTH, height=HERO_HEIGHT, margin=0.35),
        "clocks": selectors.clocks(row, days.now()),
        "milestones": selectors.milestones_of(pairing),
        "pairing": pairing,
        "neighbours": selectors.neighbours(row, selectors.public_rows(), limit=NEIGHBOURS),
    }
    return render(request, "showcase/pairing.html", context)


@require_safe
def pairings_csv(request: HttpRequest) -> HttpResponse:
    """Send the pairings that fit the filters as CSV."""
    _rows, found, _form = _filtered(request)
    table = exports.table_of(found, base_url=settings.BASE_URL)
    response = HttpResponse("".join(csv_lines(table)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="pairings.csv"'
    return response


@require_safe
def pairings_json(request: HttpRequest) -> HttpResponse:
    """Send the pairings that fit the filters as JSON."""
    _rows, found, _form = _filtered(request)
    return JsonResponse(exports.as_json(found, base_url=settings.BASE_URL))


@require_safe
def pairings_geojson(request: HttpRequest) -> HttpResponse:
    """Send the pairings that fit the filters as GeoJSON."""
    _rows, found, _form = _filtered(request)
    return JsonResponse(
        exports.as_geojson(found, base_url=settings.BASE_URL),
        content_type="application/geo+json",
    )
