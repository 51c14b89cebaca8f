"""Long work in its states."""

import factory
from django.utils import timezone

from core.jobs.models import Job
from core.jobs.states import JobState
from tests.factories.accounts import CoordinatorFactory
from tests.factories.files import StoredFileFactory


class JobFactory(factory.django.DjangoModelFactory):
    """An export that waits for a worker."""

    class Meta:
        model = Job

    kind = "applications.export"
    params = factory.LazyFunction(lambda: {"filters": {}, "ending": "csv"})
    language = "en-gb"
    by = factory.SubFactory(CoordinatorFactory)


class DoneJobFactory(JobFactory):
    """An export that has made its file."""

    state = JobState.DONE
    attempts = 1
    done = total = 3
    message = "3 applications"
    started_at = ended_at = factory.LazyFunction(timezone.now)
    result = factory.SubFactory(
        StoredFileFactory, name="applications-2026-11-26.csv", kind="text/csv"
    )
