"""Working out what a run leaves to choose: total or the worst-off; how firm each pair is."""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.jobs.services import start_job
from core.kit.errors import WrongStateError
from core.kit.writes import lock, require
from pairings.matching.engine import MatchingInputError, Session, read_instance
from pairings.matching.engine.fairness import curve, weight_intervals
from pairings.matching.engine.table import Progress
from pairings.matching.models import Fairness, Run

FAIRNESS = "matching.fairness"
# Up to so many pairs the reach of each is worked out while the page waits.
FEW_PAIRS = 12


@transaction.atomic
def work_out_fairness(*, run: Run, by: User) -> Fairness | None:
    """Work out the curve of a done run and the reach of its weights; None where a job does it.

    What is there already is returned. Raises WrongStateError for a run without a result.
    """
    run = lock(run)
    require(
        by,
        "matching.run_matching",
        run,
        otherwise=_("Pairs are worked out by coordinators without a link with an applicant."),
    )
    if not run.is_done:
        raise WrongStateError(_("This run has no result. Choose one that is done."))
    if known := Fairness.objects.filter(run=run).first():
        return known
    if run.pairs > FEW_PAIRS:
        start_job(kind=FAIRNESS, params={"run": run.pk}, by=by)
        return None
    return make_fairness(run)


def make_fairness(run: Run, progress: Progress | None = None) -> Fairness:
    """Work it out now; whoever comes second finds it done."""
    instance = read_instance(run.instance)
    session = Session.restore(instance, run.potentials or {}, progress=progress)
    points = [asdict(point) for point in curve(session)]
    pairs = [(pair.left, pair.right) for pair in session.solve().pairs]
    made, _is_new = Fairness.objects.get_or_create(
        run=run, defaults={"curve": points, "reaches": _reaches(session, pairs)}
    )
    return made


def _reaches(session: Session, pairs: list[tuple[str, str]]) -> list[list[Any]]:
    try:
        found = weight_intervals(session, pairs)
    except MatchingInputError:
        # Rules outside the network: no prices say how firm a pair is.
        return []
    # Scores that were given depend on no weight.
    return [[left, right, found[left, right]] for left, right in pairs if found[left, right]]
