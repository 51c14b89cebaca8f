"""Pairings: the list with its map, one pairing, and the list as files."""

import gzip
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
)
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from core.kit import days
from core.kit.paging import page_of
from core.kit.saving import INVALID
from core.kit.tables import csv_lines
from pairings.models import Pairing
from showcase import exports
from showcase.atlas import MOST_LINES, atlas_of, pair_map
from showcase.forms import PairingFilterForm
from showcase.remembered import drawn
from showcase.selectors import pairings as selectors
from showcase.selectors.directory import Directory, directory
from showcase.selectors.rows import PairingRow

PAGE_SIZE = 20
HERO_WIDTH, HERO_HEIGHT = 350, 245
NEIGHBOURS = 3
FILTERS = ("q", "europe", "partner", "theme", "sort")


def _form(request: HttpRequest, listed: Directory) -> PairingFilterForm:
    return PairingFilterForm(
        request.GET,
        europe=listed.europe_choices,
        partner=listed.partner_choices,
        theme=listed.theme_choices,
    )


def _found(listed: Directory, chosen: dict[str, str]) -> "QuerySet[Pairing]":
    """Return the pairings that fit the filters."""
    return listed.find(
        text=chosen.get("q", ""),
        europe=chosen.get("europe", ""),
        partner=chosen.get("partner", ""),
        theme=chosen.get("theme", ""),
    )


@require_safe
def pairing_list(request: HttpRequest) -> HttpResponse:
    """Show the pairings that fit the filters, as a map and as a table."""
    listed = directory()
    form = _form(request, listed)
    context = {
        "has_errors": not form.is_valid(),
        "list": drawn(
            listed,
            "showcase/parts/pairings_list.html",
            lambda: _list(request, listed, form),
            request.GET.urlencode(),
        ),
    }
    return render(request, "showcase/pairings.html", context)


def _list(request: HttpRequest, listed: Directory, form: PairingFilterForm) -> dict[str, Any]:
    """Return what stands below the heading; of the request nothing but its address."""
    chosen = form.chosen()
    sort = chosen.pop("sort", "")
    found = _found(listed, chosen)
    page = page_of(request, listed.in_order(found, sort), size=PAGE_SIZE)
    count = page.paginator.count
    return {
        "form": form,
        "has_errors": bool(form.errors),
        "filters": form.tags(),
        "page": page,
        "rows": listed.rows(page),
        "by_country": count > MOST_LINES,
        "total": listed.numbers.pairings,
        "found": count,
        "sort": sort or "eu",
        # Sorted and paged, the same pairings are the same map.
        "map": drawn(
            listed,
            "showcase/parts/pairings_map.html",
            lambda: {"atlas": atlas_of(listed, found if chosen else None), "found": count},
            *(chosen.get(name, "") for name in FILTERS),
        ),
        "request": request,
    }


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
    listed = directory()
    context = {
        "row": row,
        "map": pair_map(row, width=HERO_WIDTH, height=HERO_HEIGHT, margin=0.35),
        "clocks": selectors.clocks(row, days.now()),
        "milestones": selectors.milestones_of(pairing),
        "pairing": pairing,
        "neighbours": drawn(
            listed,
            "showcase/parts/neighbours.html",
            lambda: {"neighbours": listed.rows(listed.neighbours(row, limit=NEIGHBOURS))},
            slug,
        ),
    }
    return render(request, "showcase/pairing.html", context)


def _file(
    request: HttpRequest, content_type: str, write: Callable[[list[PairingRow]], str]
) -> HttpResponse:
    """Send the pairings that fit the filters as a file, or 304 to who has this very one.

    A file is written once for each choice of filters, language and state of the list. A filter
    that cannot be read gives 422 and the reason: never another list than was asked for.
    """
    listed = directory()
    form = _form(request, listed)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors.get_json_data()}, status=INVALID)
    chosen = form.chosen()

    def make() -> bytes:
        found = listed.in_order(_found(listed, chosen), chosen.get("sort", ""))
        return write(listed.rows(found)).encode()

    key = (content_type, get_language(), *(chosen.get(name, "") for name in FILTERS))
    content: bytes = listed.remember(key, make)
    packed = bool(re.search(r"\bgzip\b", request.headers.get("Accept-Encoding", "")))
    if packed:
        # Once for all who ask, not anew by the middleware for each.
        plain, key = content, ("gzip", *key)
        content = listed.remember(key, lambda: gzip.compress(plain, mtime=0))
    etag: str = listed.remember(
        ("etag", *key), lambda: quote_etag(hashlib.sha256(content).hexdigest()[:32])
    )
    response = HttpResponse(content, content_type=content_type)
    response["ETag"] = etag
    patch_vary_headers(response, ["Accept-Encoding"])
    if packed:
        response["Content-Encoding"] = "gzip"
    # Kept by whoever likes, but asked for again each time: what is withdrawn is gone at once.
    patch_cache_control(response, no_cache=True)
    return get_conditional_response(request, etag=etag, response=response) or response


@require_safe
def pairings_csv(request: HttpRequest) -> HttpResponse:
    """Send the pairings that fit the filters as CSV."""

    def write(rows: list[PairingRow]) -> str:
        return "".join(csv_lines(exports.table_of(rows, base_url=settings.BASE_URL)))

    response = _file(request, "text/csv; charset=utf-8", write)
    response["Content-Disposition"] = 'attachment; filename="pairings.csv"'
    return response


@require_safe
def pairings_json(request: HttpRequest) -> HttpResponse:
    """Send the pairings that fit the filters as JSON."""
    return _file(
        request,
        "application/json",
        lambda rows: json.dumps(exports.as_json(rows, base_url=settings.BASE_URL)),
    )


@require_safe
def pairings_geojson(request: HttpRequest) -> HttpResponse:
    """Send the pairings that fit the filters as GeoJSON."""
    return _file(
        request,
        "application/geo+json",
        lambda rows: json.dumps(exports.as_geojson(rows, base_url=settings.BASE_URL)),
    )
