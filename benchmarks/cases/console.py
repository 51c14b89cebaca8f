"""Pages of the console, as a coordinator reads them."""

from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from accounts.states import StaffRole
from applications.exports import EXPORT, export_params
from applications.lists import columns_for
from applications.models import Application
from applications.states import ApplicationStatus
from benchmarks.browser import coordinator, getting
from benchmarks.data import call_of_all, keep_waiting, rank
from benchmarks.harness import Action, Figures, case
from benchmarks.sizes import Size
from core.jobs.services import run_job, start_job
from iuc_portal.demo.assessments import ASSESSED, DECIDED
from programme.calls.models import Call

QUICK = Figures(queries=15, sql=100)
# Most that the CPU of a page may grow from the smallest size to the largest.
FLAT = 1.5
OUTBOX = Figures(queries=15, sql=50)
# So many a call takes at most: the city-to-city call of 2026 had 151.
RANKED = 300
LEFT_OPEN = 30


@case("console, home", QUICK)
def home(_size: Size) -> Action:
    return getting(coordinator(), reverse("homes:console"))


@case(
    "console, applications",
    Figures(queries=14, loops=0.3),
    by_size={"large": Figures(queries=14, loops=0.45)},
    growth=FLAT,
)
def applications(_size: Size) -> Action:
    return getting(coordinator(), reverse("applications:staff_list"))


@case(
    "console, applications, all columns",
    Figures(queries=15),
    by_size={"medium": Figures(queries=15, loops=0.3)},
    growth=FLAT,
)
def applications_all_columns(_size: Size) -> Action:
    by = User.objects.filter(staff_role=StaffRole.COORDINATOR).earliest("pk")
    chosen = urlencode({"column": [one.key for one in columns_for(by)]}, doseq=True)
    return getting(coordinator(), f"{reverse('applications:staff_list')}?{chosen}")


@case("console, applications, search", QUICK, growth=FLAT)
def applications_search(_size: Size) -> Action:
    return getting(coordinator(), f"{reverse('applications:staff_list')}?q=bench+99")


@case("console, one application", Figures(queries=15), growth=FLAT)
def application(_size: Size) -> Action:
    sent = Application.objects.filter(is_demo=True, status=ApplicationStatus.SUBMITTED)
    return getting(
        coordinator(),
        reverse("applications:staff_detail", args=[sent.earliest("pk").reference]),
    )


@case("console, eligibility workbench", Figures(queries=15), growth=FLAT)
def workbench(_size: Size) -> Action:
    # Somebody has left the first ones open and works on.
    waiting = Application.objects.filter(call=call_of_all(), status=ApplicationStatus.SUBMITTED)
    found = waiting.order_by("-submitted_at")[LEFT_OPEN]
    address = reverse("applications:staff_check", args=[found.reference])
    return getting(coordinator(), f"{address}?{urlencode({'from': f'call={found.call.slug}'})}")


def _ranked() -> str:
    """Return the call of the demo that is assessed, with as many applications as a large one."""
    call = Call.objects.get(code=ASSESSED)
    if call.applications.count() < RANKED:
        rank(call, RANKED)
    return call.slug


@case("console, ranking", Figures(queries=15, sql=100), growth=FLAT)
def ranking(_size: Size) -> Action:
    return getting(coordinator(), reverse("assessment:ranking", args=[_ranked()]))


@case("console, letters", Figures(queries=15, sql=100))
def letters(_size: Size) -> Action:
    return getting(coordinator(), reverse("assessment:letters", args=[_ranked()]))


@case("console, reserve list", Figures(queries=15, sql=100), growth=FLAT)
def reserve(_size: Size) -> Action:
    call = Call.objects.get(code=DECIDED)
    if call.applications.count() < RANKED:
        keep_waiting(call, RANKED)
    return getting(coordinator(), reverse("assessment:reserve", args=[call.slug]))


@case("console, applications as a table", Figures(mb=80), is_heavy=True)
def export(_size: Size) -> Action:
    return exporting("csv")


@case("console, applications as a workbook", Figures(mb=80), is_heavy=True)
def workbook(_size: Size) -> Action:
    return exporting("xlsx")


def exporting(ending: str) -> Action:
    """Return an action that writes all of the list as a file, and what its size is."""
    by = User.objects.filter(staff_role=StaffRole.COORDINATOR).earliest("pk")
    params = export_params({}, ending=ending, by=by)

    def write() -> int:
        job = start_job(kind=EXPORT, params=params, by=by)
        run_job(pk=job.pk)
        job.refresh_from_db()
        if job.result is None:
            message = f"The export failed: {job.message}"
            raise RuntimeError(message)
        return int(job.result.size)

    return write


@case("console, pairings", QUICK)
def pairings(_size: Size) -> Action:
    return getting(coordinator(), reverse("pairings:staff_list"))


@case("console, plans", QUICK)
def plans(_size: Size) -> Action:
    return getting(coordinator(), reverse("action_plans:staff_list"))


@case("console, audit trail", QUICK)
def audit(_size: Size) -> Action:
    return getting(coordinator(), reverse("trail:audit"))


@case("console, people", QUICK)
def people(_size: Size) -> Action:
    return getting(coordinator(), reverse("organisations:staff_people"))


@case("outbox, sent", OUTBOX)
def outbox_sent(_size: Size) -> Action:
    return getting(coordinator(), f"{reverse('reminders:outbox')}?view=sent")


@case("outbox, failed", OUTBOX)
def outbox_failed(_size: Size) -> Action:
    return getting(coordinator(), f"{reverse('reminders:outbox')}?view=failed")


@case("outbox, search", OUTBOX)
def outbox_search(_size: Size) -> Action:
    return getting(coordinator(), f"{reverse('reminders:outbox')}?view=sent&q=bench-77")
