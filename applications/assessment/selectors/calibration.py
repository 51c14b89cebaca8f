"""How the assessors of a call use the scale: each beside the others on what they share."""

from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User
from applications.assessment.engine.leaning import leanings
from applications.assessment.engine.points import mean, rounded, weighted_total
from applications.assessment.selectors.results import Result, results_of
from applications.models import Application
from programme.calls.models import AssessmentCriterion, Call

# With fewer shared readings than this nothing can be said; below so many points, of 100, of
# difference two readers are alike.
FEW, ALIKE = 3, Decimal(5)


@dataclass(frozen=True)
class Beside:
    """One assessor beside the others.

    `difference` is in points of 100 over `shared` readings; `widest` is the criterion on which
    they differ most, `by` how far on its own scale.
    """

    person: User
    shared: int
    difference: Decimal
    widest: AssessmentCriterion | None
    by: Decimal

    @property
    def is_known(self) -> bool:
        """Whether they share enough readings for anything to be said."""
        return self.shared >= FEW

    @property
    def is_alike(self) -> bool:
        """Whether they score as the others do."""
        return abs(self.difference) < ALIKE


def calibration_of(user: User, call: Call) -> list[Beside]:
    """Return the assessors of a call who share readings, who scores highest first; nine queries.

    What is kept from the person is not in it, nor are scores that do not count.
    """
    reached = Application.objects.reached_by(user).filter(call=call).order_by()
    seen = set(reached.values_list("pk", flat=True))
    results = [row for row in results_of(call) if row.application.pk in seen]
    on_the_whole = leanings(_totals(result) for result in results)
    criteria = {part.criterion.pk: part.criterion for row in results for part in row.by_criterion}
    on_each = {
        pk: leanings(
            part.values for row in results for part in row.by_criterion if part.criterion.pk == pk
        )
        for pk in criteria
    }
    people = User.objects.in_bulk(on_the_whole)
    rows = []
    for reader, leaning in on_the_whole.items():
        apart = {pk: found[reader].difference for pk, found in on_each.items() if reader in found}
        widest = max(apart, key=lambda pk: abs(apart[pk]), default=None)
        rows.append(
            Beside(
                person=people[reader],
                shared=leaning.shared,
                difference=rounded(leaning.difference),
                widest=None if widest is None else criteria[widest],
                by=Decimal(0) if widest is None else rounded(apart[widest]),
            )
        )
    return sorted(rows, key=lambda row: (-row.difference, row.person.search_name))


def _totals(result: Result) -> dict[int, Decimal]:
    """Return what each of its readers gave an application as a whole, 0 to 100."""
    readers = {reader for part in result.by_criterion for reader in part.values}
    found = {}
    for reader in readers:
        total = weighted_total(
            (
                part.criterion.weight,
                part.criterion.max_score,
                mean([part.values[reader]] if reader in part.values else []),
            )
            for part in result.by_criterion
        )
        if total is not None:
            found[reader] = total
    return found
