"""Long work of the recommender: solving a run of a large call."""

from django.utils.translation import gettext_lazy as _

from core.jobs.kinds import JobKind, Work
from pairings.matching.services.runs import SOLVE, solve_run


def solve_it(work: Work) -> None:
    """Solve a run, and tell how far it is in hundredths of its step."""

    def tell(step: str, share: float) -> None:
        work.progress(round(share * 100), 100, step)

    solve_run(work.params["run"], by=work.by, on_board=work.params["on_board"], progress=tell)


JOBS = {
    SOLVE: JobKind(
        title=_("Working out pairs"),
        work=solve_it,
        may=lambda person, _params: person.has_perm("matching.list_runs"),
        back="matching:calls",
    ),
}
