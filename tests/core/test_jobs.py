"""Long work: started once, done once, stopped, found again, and gone after a week."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.files.kinds import CSV, PDF
from core.files.models import StoredFile
from core.jobs import kinds, services, tasks
from core.jobs.kinds import JobKind, Made
from core.jobs.models import Job
from core.jobs.services import (
    AT_ONCE,
    MOST_ATTEMPTS,
    ask_for_workers,
    cancel_job,
    remove_expired_jobs,
    run_job,
    start_job,
)
from core.jobs.states import JobState
from core.kit import wakeups
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.models import AuditEvent
from tests.factories.accounts import UserFactory
from tests.factories.jobs import DoneJobFactory, JobFactory
from tests.infra.threads import run_in_threads

pytestmark = pytest.mark.django_db
S = JobState


class Workshop:
    """A kind of job whose work and right a test sets."""

    def __init__(self):
        self.runs = 0
        self.allowed = True
        self.act = lambda _work: None

    def work(self, work):
        self.runs += 1
        work.file.write(b"\xef\xbb\xbfa\r\n")
        self.act(work)
        return Made(name="list", kind=CSV, message="1 row")


@pytest.fixture
def workshop(monkeypatch):
    shop = Workshop()
    kind = JobKind(
        title="Count the stars",
        work=shop.work,
        may=lambda _person, _params: shop.allowed,
        back="showcase:home",
    )
    monkeypatch.setattr(services.Job, "what", kind)
    return shop


@pytest.fixture
def asked(monkeypatch):
    """Collect the wake-ups instead of asking a broker."""
    calls = []
    monkeypatch.setattr(wakeups._wake_ups, "call", lambda *call: calls.append(call))
    return calls


def start(by, **params):
    return start_job(kind="stars.count", params=params, by=by)


def fresh(job):
    return Job.objects.get(pk=job.pk)


# Start ------------------------------------------------------------------------------
def test_start_queues_records_and_wakes_a_worker(
    workshop, asked, django_capture_on_commit_callbacks
):
    person = UserFactory()
    with django_capture_on_commit_callbacks(execute=True):
        job = start(person, call=3)
    assert (job.state, job.params, job.by, job.language) == ("queued", {"call": 3}, person, "en-gb")
    assert asked == [("core.jobs.tasks.run_job", job.pk)]
    assert AuditEvent.objects.get().verb == "job.started"
    assert job.expires_at - job.created_at == pytest.approx(
        dt.timedelta(days=7), abs=dt.timedelta(seconds=1)
    )


def test_second_click_starts_nothing(workshop):
    person = UserFactory()
    first = start(person, call=3)
    assert start(person, call=3) == first
    assert start(person, call=4) != first
    assert start(UserFactory(), call=3) != first


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("asked")
def test_two_clicks_at_once_start_one(workshop):
    person = UserFactory()
    first, second = run_in_threads(2, lambda _number: start(person, call=3))
    assert first == second == Job.objects.get()


def test_finished_job_can_be_started_again(workshop):
    person = UserFactory()
    first = start(person)
    run_job(pk=first.pk)
    assert start(person) != first


def test_start_needs_the_right(workshop):
    workshop.allowed = False
    with pytest.raises(NotAllowedError):
        start(UserFactory())
    assert not Job.objects.exists()


def test_unknown_kind_is_refused():
    with pytest.raises(NotAllowedError):
        start(UserFactory())


def test_one_person_has_five_at_once(workshop):
    person = UserFactory()
    jobs = [start(person, number=number) for number in range(AT_ONCE)]
    with pytest.raises(WrongStateError) as refusal:
        start(person, number=99)
    assert refusal.value.code == "too_many_jobs"
    cancel_job(job=jobs[0], by=person)
    start(person, number=99)


# Work -------------------------------------------------------------------------------
def test_work_makes_a_file_for_its_starter(workshop):
    workshop.act = lambda work: work.progress(1, 1)
    job = JobFactory(by=UserFactory())
    run_job(pk=job.pk)
    job = fresh(job)
    assert (job.state, job.done, job.total, job.message) == ("done", 1, 1, "1 row")
    assert (job.result.name, job.result.kind, job.result.by) == ("list.csv", "text/csv", job.by)
    with default_storage.open(job.result.path) as file:
        assert file.read() == b"\xef\xbb\xbfa\r\n"


def test_work_without_a_file(workshop, monkeypatch):
    job = JobFactory()
    monkeypatch.setattr(services, "_make", lambda *_: None)
    run_job(pk=job.pk)
    assert (fresh(job).state, fresh(job).result) == ("done", None)


def test_work_is_done_once(workshop):
    job = JobFactory()
    run_job(pk=job.pk)
    run_job(pk=job.pk)
    run_job(pk=0)
    assert workshop.runs == 1


def test_progress_is_written_and_read_while_it_runs(workshop):
    def act(work):
        work.progress(3, 12, "Hamburg")
        job = Job.objects.get()
        assert (job.state, job.done, job.total, job.message) == ("running", 3, 12, "Hamburg")
        assert job.leased_until > timezone.now()
        work.progress(4, 12)
        assert Job.objects.get().done == 3, "at most twice a second"

    workshop.act = act
    run_job(pk=JobFactory().pk)
    assert Job.objects.get().state == "done"


def test_work_speaks_the_language_of_its_starter(workshop):
    heard = []
    workshop.act = lambda _work: heard.append(services.translation.get_language())
    run_job(pk=JobFactory(language="es").pk)
    assert heard == ["es"]


def test_refusal_of_the_work_is_told(workshop):
    def act(work):
        raise InvalidError("The call has no list.")

    workshop.act = act
    job = JobFactory()
    run_job(pk=job.pk)
    assert (fresh(job).state, fresh(job).message) == ("failed", "The call has no list.")


def test_error_of_the_work_is_logged_and_told_kindly(workshop, caplog):
    def act(work):
        raise ZeroDivisionError

    workshop.act = act
    job = JobFactory()
    run_job(pk=job.pk)
    assert fresh(job).state == "failed"
    assert fresh(job).message.startswith("The work broke off")
    assert "ZeroDivisionError" in caplog.text


def test_file_that_is_not_what_it_says_is_refused(workshop, monkeypatch):
    monkeypatch.setattr(services, "_make", lambda *_: Made("list", PDF))
    job = JobFactory()
    run_job(pk=job.pk)
    assert fresh(job).state == "failed"
    assert not StoredFile.objects.exists()


def test_work_needs_the_right_when_it_begins(workshop):
    job = JobFactory()
    workshop.allowed = False
    run_job(pk=job.pk)
    assert (fresh(job).state, workshop.runs) == ("failed", 0)


def test_work_of_a_deleted_account_fails(workshop):
    job = JobFactory(by=None)
    run_job(pk=job.pk)
    assert (fresh(job).state, workshop.runs) == ("failed", 0)


# Stop -------------------------------------------------------------------------------
def test_waiting_job_is_stopped(workshop):
    job = JobFactory()
    cancel_job(job=job, by=job.by)
    cancel_job(job=job, by=job.by)
    run_job(pk=job.pk)
    assert (fresh(job).state, workshop.runs) == ("cancelled", 0)
    assert [event.verb for event in AuditEvent.objects.all()] == ["job.cancelled"]


@pytest.mark.parametrize("sign", [True, False])
def test_running_job_is_stopped_and_leaves_nothing(sign, workshop, settings):
    job = JobFactory()

    def act(work):
        cancel_job(job=job, by=job.by)
        if sign:
            work.progress(1, 2)

    workshop.act = act
    run_job(pk=job.pk)
    assert fresh(job).state == "cancelled"
    assert not StoredFile.objects.exists()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_others_stop_nothing(workshop):
    job = JobFactory()
    with pytest.raises(NotAllowedError):
        cancel_job(job=job, by=UserFactory())
    assert fresh(job).state == "queued"


def test_finished_job_is_not_stopped():
    job = DoneJobFactory()
    with pytest.raises(WrongStateError):
        cancel_job(job=job, by=job.by)
    assert fresh(job).state == "done"


# Dead workers and lost wake-ups -----------------------------------------------------
def test_beat_asks_for_a_worker_once_in_a_while():
    job = JobFactory()
    assert ask_for_workers() == [], "its wake-up is on its way"
    now = timezone.now()
    with time_machine.travel(now + dt.timedelta(seconds=30)):
        assert ask_for_workers() == [job.pk]
        assert ask_for_workers() == []
    with time_machine.travel(now + dt.timedelta(minutes=6)):
        assert ask_for_workers() == [job.pk]


def test_sweep_does_the_work_that_waits(workshop):
    job = JobFactory(created_at=timezone.now() - dt.timedelta(minutes=1))
    tasks.sweep_jobs()
    assert fresh(job).state == "done"


def test_job_of_a_dead_worker_is_begun_again(workshop):
    past = timezone.now() - dt.timedelta(minutes=1)
    job = JobFactory(state=S.RUNNING, attempts=1, leased_until=past, created_at=past)
    assert ask_for_workers() == [job.pk]
    run_job(pk=job.pk)
    assert (fresh(job).state, fresh(job).attempts) == ("done", 2)


def test_job_of_a_living_worker_is_left_alone(workshop):
    soon = timezone.now() + dt.timedelta(minutes=1)
    job = JobFactory(state=S.RUNNING, attempts=1, leased_until=soon)
    run_job(pk=job.pk)
    assert (fresh(job).state, workshop.runs) == ("running", 0)


def test_worker_that_lost_its_job_writes_nothing(workshop):
    job = JobFactory()
    workshop.act = lambda _work: Job.objects.update(attempts=2)
    run_job(pk=job.pk)
    assert (fresh(job).state, fresh(job).result) == ("running", None)
    assert not StoredFile.objects.exists()


def test_job_that_kills_its_workers_is_given_up(workshop):
    past = timezone.now() - dt.timedelta(minutes=1)
    job = JobFactory(state=S.RUNNING, attempts=MOST_ATTEMPTS, leased_until=past)
    run_job(pk=job.pk)
    assert (fresh(job).state, workshop.runs) == ("failed", 0)


# A week later -----------------------------------------------------------------------
def test_expired_job_goes_with_its_file(django_capture_on_commit_callbacks):
    old = DoneJobFactory()
    new = DoneJobFactory(expires_at=timezone.now() + dt.timedelta(days=9))
    JobFactory(state=S.RUNNING, leased_until=timezone.now() + dt.timedelta(days=9))
    with (
        time_machine.travel(timezone.now() + dt.timedelta(days=7, minutes=1)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert remove_expired_jobs() == 1
    assert not Job.objects.filter(pk=old.pk).exists()
    assert not default_storage.exists(old.result.path)
    assert list(StoredFile.objects.all()) == [new.result]


# The pages --------------------------------------------------------------------------
@pytest.fixture
def enter(sign_in, settings):
    settings.DEMO = True  # Staff need no second factor.
    return sign_in


def page(client, name, job, **options):
    return client.get(reverse(f"jobs:{name}", args=[job.key]), **options)


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_page_of_a_waiting_job_asks_for_progress_and_can_be_stopped(enter):
    job = JobFactory()
    response = page(enter(job.by), "job", job)
    assert "Export of applications" in words(response)
    assert "It starts as soon as a worker is free" in words(response)
    assert f'hx-get="/jobs/{job.key}/"' in response.content.decode()
    assert "Look again" in words(response)


def test_page_that_is_open_gets_its_progress_alone(enter):
    job = JobFactory(state=S.RUNNING, done=1234, total=10_000)
    response = page(enter(job.by), "job", job, headers={"hx-request": "true"})
    assert "1,234 of 10,000" in words(response)
    assert 'value="1234" max="10000"' in " ".join(response.content.decode().split())
    assert "<html" not in response.content.decode()


def test_page_that_is_open_loads_itself_anew_at_the_end(enter):
    job = DoneJobFactory()
    response = page(enter(job.by), "job", job, headers={"hx-request": "true"})
    assert response["HX-Refresh"] == "true"


def test_page_of_a_finished_job_links_to_its_result(enter):
    job = DoneJobFactory()
    response = page(enter(job.by), "job", job)
    assert "applications-2026-11-26.csv" in words(response)
    assert "hx-get" not in response.content.decode()
    assert "Stop" not in words(response)


def test_result_is_handed_out(enter):
    job = DoneJobFactory()
    response = page(enter(job.by), "result", job)
    assert response["Content-Type"] == "text/csv"
    assert "applications-2026-11-26.csv" in response["Content-Disposition"]


def test_result_is_refused_once_the_right_is_lost(enter):
    job = DoneJobFactory()
    job.by.staff_role = ""
    job.by.save()
    response = page(enter(job.by), "result", job)
    assert response.status_code == 403


def test_stop_button_of_the_page_works(settings):
    settings.DEMO = True
    job = JobFactory()
    client = Client(enforce_csrf_checks=True)
    client.force_login(job.by, backend="accounts.backends.PersonBackend")
    html = page(client, "job", job).content.decode()
    form = re.search(
        rf'<form method="post" action="(/jobs/{job.key}/stop/)">(.*?)</form>', html, re.DOTALL
    )
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form[2])[1]
    assert client.post(form[1]).status_code == 403
    response = client.post(form[1], {"csrfmiddlewaretoken": token}, follow=True)
    assert "The job is stopped." in words(response)
    assert fresh(job).state == "cancelled"


def test_others_do_not_learn_of_a_job(enter):
    job = DoneJobFactory()
    client = enter(JobFactory().by)
    assert {page(client, name, job).status_code for name in ("job", "result")} == {404}
    assert client.post(reverse("jobs:cancel", args=[job.key])).status_code == 404


def test_list_shows_own_jobs(enter, django_assert_num_queries):
    job = DoneJobFactory()
    JobFactory(by=job.by, state=S.FAILED, message="No.")
    DoneJobFactory(result__name="secret.csv")
    response = enter(job.by).get(reverse("jobs:mine"))
    assert "applications-2026-11-26.csv" in words(response)
    assert "Failed" in words(response)
    assert "secret" not in words(response)
    assert "No job yet" in words(enter(UserFactory()).get(reverse("jobs:mine")))


def test_list_takes_the_same_queries_for_one_and_three(enter, django_assert_num_queries):
    job = DoneJobFactory()
    client = enter(job.by)
    client.get(reverse("jobs:mine"))
    with django_assert_num_queries(3):
        client.get(reverse("jobs:mine"))
    DoneJobFactory.create_batch(2, by=job.by)
    with django_assert_num_queries(3):
        client.get(reverse("jobs:mine"))


def test_every_kind_leads_back_to_a_page():
    found = kinds.job_kinds()
    assert "applications.export" in found
    for kind in found.values():
        assert reverse(kind.back)
