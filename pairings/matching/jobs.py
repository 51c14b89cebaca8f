"""Long work of the recommender: solving a run of a large call."""

from django.utils.translation import gettext_lazy as _

from core.jobs.kinds import JobKind, Params, Work
from core.kit.people import Person
from pairings.matching.models import Run
from pairings.matching.services.fairness import FAIRNESS, make_fairness
from pairings.matching.services.runs import SOLVE, solve_run


def solve_it(work: Work) -> None:
    """Solve a run, and tell how far it is in hundredths of its step."""

    def tell(step: str, share: float) -> None:
        work.progress(round(share * 100), 100, step)

    solve_run(work.params["run"], by=work.by, on_board=work.params["on_board"], progress=tell)


def work_out_fairly(work: Work) -> None:
    """Work out the curve of a run, and how firm each of its pairs is."""

    def tell(step: str, share: float) -> None:
        work.progress(round(share * 100), 100, step)

    make_fairness(Run.objects.get(pk=work.params["run"]), tell)


def _may(person: Person, params: Params) -> bool:
    """Whether the person still reaches the run, which names all cities of its call."""
    run = Run.objects.light().filter(pk=params["run"]).first()
    return run is not None and person.has_perm("matching.run_matching", run)


JOBS = {
    FAIRNESS: JobKind(
        title=_("Working out how fair a run is"),
        work=work_out_fairly,
        may=_may,
        back="matching:calls",
    ),
    SOLVE: JobKind(
        title=_("Working out pairs"),
        work=solve_it,
        may=_may,
        back="matching:calls",
    ),
}
