"""The ranking of a call: its results in order, and what a line would do to countries and themes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.models import User
from applications.assessment.engine.line import Line, Placed, place
from applications.assessment.models import Outcome
from applications.assessment.selectors.outcomes import Waiting
from applications.assessment.selectors.results import Result, results_of
from applications.assessment.states import DECIDABLE, PendingOutcome
from applications.models import Application
from applications.states import ApplicationStatus
from core.kit.fingerprints import fingerprint
from programme.calls.models import Call

Row = Placed[Result]


def ranking_of(user: User, call: Call, line: Line) -> list[Row]:
    """Return what the person's role reaches of the ranking; as many queries for any number.

    All take part in it: what is kept from the person has its rank and its place all the same.
    """
    reached = Application.objects.reached_by(user).filter(call=call).order_by()
    seen = set(reached.values_list("pk", flat=True))
    return [row for row in place(results_of(call), line) if row.result.application.pk in seen]


def accepted_in(rows: Iterable[Row], waiting: Iterable[Waiting], line: Line) -> set[int]:
    """Return the ids of what would be accepted: by the line, else by what waits and was told."""
    if line.is_drawn:
        return {row.result.application.pk for row in rows if row.by_line == PendingOutcome.ACCEPT}
    told = {
        row.result.application.pk
        for row in rows
        if row.result.application.status == ApplicationStatus.ACCEPTED
    }
    return told | {row.application for row in waiting if row.outcome == PendingOutcome.ACCEPT}


@dataclass(frozen=True)
class Share:
    """How many of a country, or of a theme, would be accepted."""

    label: str
    accepted: int
    total: int


def by_country(rows: Iterable[Row], accepted: set[int]) -> list[Share]:
    """Return the shares of the countries, the largest first."""
    pairs = [
        (row.result.application.organisation.country.name, row.result.application.pk)
        for row in rows
    ]
    return _shares(pairs, accepted)


def by_theme(rows: Iterable[Row], call: Call, accepted: set[int]) -> list[Share]:
    """Return the shares of the themes, the largest first; one query."""
    seen = {row.result.application.pk for row in rows}
    through = Application.themes.through.objects.filter(application__call=call)
    pairs = through.values_list("theme__name", "application")
    return _shares([(name, pk) for name, pk in pairs if pk in seen], accepted)


def _shares(pairs: Sequence[tuple[str, int]], accepted: set[int]) -> list[Share]:
    total = Counter(name for name, _pk in pairs)
    taken = Counter(name for name, pk in pairs if pk in accepted)
    ordered = sorted(total.items(), key=lambda one: (-one[1], one[0]))
    return [Share(name, taken[name], number) for name, number in ordered]


def mark_of(setting: Iterable[tuple[Application, PendingOutcome]]) -> str:
    """Return what stands for exactly what a line would set."""
    return fingerprint(sorted([one.pk, str(outcome)] for one, outcome in setting))


def to_set(rows: Iterable[Row]) -> list[tuple[Application, PendingOutcome]]:
    """Return what the line sets: what can be decided and has nothing prepared yet."""
    found = [
        (row.result.application, row.by_line)
        for row in rows
        if row.by_line is not None and row.result.application.status == DECIDABLE[0]
    ]
    calls = {one.call_id for one, _outcome in found}
    prepared = Outcome.objects.pending().filter(application__call__in=calls)
    taken = set(prepared.values_list("application", flat=True))
    return [(one, outcome) for one, outcome in found if one.pk not in taken]
