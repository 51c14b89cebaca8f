"""Starting, stopping and doing long work; and the pulse."""

import datetime as dt
import logging
import time
from tempfile import TemporaryFile
from typing import BinaryIO

from django.contrib.auth import get_user_model
from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from core.files.services import atomic_with_files, remove_file, store_file
from core.jobs.kinds import Made, Params
from core.jobs.models import Heartbeat, Job
from core.jobs.selectors import expired_jobs, free_jobs, jobs_of, unheard_jobs
from core.jobs.states import UNFINISHED, JobState
from core.kit import days
from core.kit.errors import NotAllowedError, PortalError, WrongStateError
from core.kit.people import Person
from core.kit.rows import in_chunks
from core.kit.wakeups import wake_up
from core.trail.services import record_event

logger = logging.getLogger(__name__)

S = JobState

# So many of one person wait or run at most.
AT_ONCE = 5
# A worker that gives no sign for so long is taken for dead.
LEASE = dt.timedelta(minutes=3)
# A job that takes its worker down with it is not tried for ever.
MOST_ATTEMPTS = 3
# Seconds between two signs of progress that are written down.
PROGRESS_EVERY = 0.5
LARGEST_RESULT = 200 * 1024 * 1024
RUN_TASK = "core.jobs.tasks.run_job"


class JobStoppedError(Exception):
    """The work is no longer wanted: it was stopped, or another worker has begun it again."""


def _require_right(job: Job, by: Person) -> None:
    if job.what is None or not job.what.may(by, job.params):
        words = job.what.otherwise if job.what else ""
        raise NotAllowedError(
            words
            or _("Your role does not allow this any more. Ask the coordination unit if it should.")
        )


def _require_starter(job: Job, by: Person) -> None:
    if job.by_id != by.pk:
        raise NotAllowedError(_("A job is only for the person who started it."))


@transaction.atomic
def start_job(*, kind: str, params: Params, by: Person) -> Job:
    """Queue long work and wake a worker; return the job, whose page tells how far it is.

    The same work that already waits or runs for the person is returned instead, so that a
    second click starts nothing. Raises NotAllowedError without the right, WrongStateError
    when the person has too many jobs already.
    """
    job = Job(kind=kind, params=params, by_id=by.pk, language=translation.get_language() or "")
    _require_right(job, by)
    # Two clicks at once: the second waits here, then finds the job of the first.
    get_user_model()._default_manager.select_for_update(no_key=True).get(pk=by.pk)  # noqa: SLF001
    unfinished = list(jobs_of(by).filter(state__in=UNFINISHED))
    for other in unfinished:
        if (other.kind, other.params) == (kind, params):
            return other
    if len(unfinished) >= AT_ONCE:
        raise WrongStateError(
            _(
                "You have %(number)d jobs that wait or run. Let one finish, or stop one, "
                "and start this one then."
            )
            % {"number": AT_ONCE},
            code="too_many_jobs",
        )
    job.save()
    record_event(verb="job.started", target=job, by=by)
    wake_up(RUN_TASK, job.pk)
    return job


def cancel_job(*, job: Job, by: Person) -> Job:
    """Stop a job that waits or runs; its worker notices with its next sign of progress.

    Stopping twice changes nothing. Raises NotAllowedError for who did not start it,
    WrongStateError once it is finished.
    """
    _require_starter(job, by)
    return stop_work(job=job, by=by)


@transaction.atomic
def stop_work(*, job: Job, by: Person) -> Job:
    """Do as `cancel_job`, for whoever may stop what the job works on: the caller has asked that.

    A job that works on something of several people's is stopped by others than its starter too.
    """
    stopped = Job.objects.filter(pk=job.pk, state__in=UNFINISHED).update(
        state=S.CANCELLED, ended_at=days.now(), leased_until=None
    )
    job.refresh_from_db()
    if stopped:
        record_event(verb="job.cancelled", target=job, by=by)
    elif job.state != S.CANCELLED:
        raise WrongStateError(_("The job is finished already."), code="finished")
    return job


def require_result(*, job: Job, by: Person) -> None:
    """Raise NotAllowedError for who did not start the job, or has lost the right since."""
    _require_starter(job, by)
    _require_right(job, by)


# The work itself --------------------------------------------------------------------


class _Work:
    """A run of a job, as its function sees it (core.jobs.kinds.Work)."""

    def __init__(self, job: Job, by: Person, file: BinaryIO) -> None:
        self.job = job
        self.params = job.params
        self.by = by
        self.file = file
        self._written_at = 0.0

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Write down how far it is, at most twice a second."""
        if time.monotonic() - self._written_at < PROGRESS_EVERY:
            return
        self._written_at = time.monotonic()
        _update(
            self.job,
            done=done,
            total=total,
            message=message[:500],
            leased_until=days.now() + LEASE,
        )


def _update(job: Job, **values: object) -> None:
    """Change a job that this run still holds; raise JobStoppedError when it does not."""
    mine = Job.objects.filter(pk=job.pk, state=S.RUNNING, attempts=job.attempts)
    if not mine.update(**values):
        raise JobStoppedError


def run_job(*, pk: int) -> None:
    """Do the work of a job, unless another worker has it or it is no longer wanted."""
    job = _take(pk)
    if job is None:
        return
    with translation.override(job.language or None), TemporaryFile() as file:
        try:
            _finish(job, _make(job, file), file)
        except JobStoppedError:
            logger.info("Job %s was stopped.", job.pk)
        except PortalError as error:
            _fail(job, str(error.message))
        except Exception:
            logger.exception("Job %s (%s) broke off.", job.pk, job.kind)
            _fail(job, _("The work broke off and we have been told. Try again in a few minutes."))


def _take(pk: int) -> Job | None:
    now = days.now()
    taken = (
        free_jobs(now)
        .filter(pk=pk)
        .update(
            state=S.RUNNING,
            attempts=F("attempts") + 1,
            leased_until=now + LEASE,
            started_at=now,
            done=0,
            total=0,
            message="",
        )
    )
    return Job.objects.select_related("by").get(pk=pk) if taken else None


def _make(job: Job, file: BinaryIO) -> Made | str | None:
    """Let the function of the kind work; raise for a job that nobody may or can do."""
    if job.what is None or job.by is None:
        raise PortalError(_("Whoever started the job, or its kind, is no longer here."))
    if job.attempts > MOST_ATTEMPTS:
        raise PortalError(
            _("The work broke off %(number)d times. Write to the coordination unit.")
            % {"number": MOST_ATTEMPTS}
        )
    _require_right(job, job.by)
    return job.what.work(_Work(job, job.by, file))


@atomic_with_files()
def _finish(job: Job, made: Made | str | None, file: BinaryIO) -> None:
    result, message = None, made.message if isinstance(made, Made) else made or ""
    if isinstance(made, Made):
        file.flush()
        upload = File(file, name=made.name)
        result = store_file(upload=upload, by=job.by, kinds=[made.kind], limit=LARGEST_RESULT)
    _update(
        job,
        state=S.DONE,
        result=result,
        message=message[:500],
        done=F("total"),
        ended_at=days.now(),
        leased_until=None,
    )


def _fail(job: Job, message: str) -> None:
    try:
        _update(
            job,
            state=S.FAILED,
            message=message[:500],
            ended_at=days.now(),
            leased_until=None,
        )
    except JobStoppedError:
        logger.info("Job %s had been stopped before.", job.pk)


def ask_for_workers() -> list[int]:
    """Return the jobs for which no worker was found, for beat to ask again."""
    now = days.now()
    found = list(unheard_jobs(now).values_list("pk", flat=True))
    Job.objects.filter(pk__in=found).update(asked_at=now)
    return found


def remove_expired_jobs() -> int:
    """Remove finished jobs whose time is over, with what they made; return how many."""
    removed = 0
    for job in in_chunks(expired_jobs(days.now())):
        with transaction.atomic():
            job.delete()
            if job.result is not None:
                remove_file(job.result)
        removed += 1
    return removed


# The pulse --------------------------------------------------------------------------


def beat_heart() -> None:
    """Note that a worker was reached just now."""
    Heartbeat.objects.update_or_create(pk=1, defaults={"at": days.now()})
