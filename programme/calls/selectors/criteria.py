"""Assessment criteria that a call can start from, as the programme proposes them."""

import csv
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from programme.calls.models import Call

# The kinds of call that there are criteria for, in the order of the file.
STARTS = {
    "city-to-city": _("City to city"),
    "inter-regional": _("Between regions"),
    "cluster": _("Cluster of cities"),
}


@cache
def _proposed() -> dict[str, list[dict[str, Any]]]:
    path = settings.BASE_DIR / "programme" / "data" / "assessment_criteria.csv"
    found: dict[str, list[dict[str, Any]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            levels = {
                name.removeprefix("guidance_"): words
                for name, words in row.items()
                if name.startswith("guidance_") and words
            }
            found.setdefault(row["call_kind"], []).append(
                {
                    "title": row["title"],
                    "weight": int(row["weight"]),
                    "max_score": int(row["max_score"]),
                    "guidance": row["question"],
                    "ladder": levels,
                }
            )
    return found


def criteria_as_typed(call: Call | None, start_from: str = "") -> list[dict[str, Any]]:
    """Return the rows of a call's criteria; while it has none, those it is to start from."""
    names = ("key", "title", "weight", "max_score", "guidance", "ladder")
    rows = list(call.criteria.values(*names)) if call else []
    return rows or [dict(row) for row in _proposed().get(start_from, ())]
