"""Three hundred decided in bulk and released: each mail exactly once."""

from collections import Counter

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from applications.assessment import services
from applications.assessment.models import Letter, Outcome, Release
from applications.assessment.selectors.outcomes import readiness_of
from applications.bulk.models import BulkRun
from applications.bulk.selectors import numbers_of
from applications.models import Application
from core.jobs.services import run_job
from core.kit.errors import WrongStateError
from core.post.models import Mail
from core.trail.models import AuditEvent
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import EligibleApplicationFactory
from tests.factories.programme import CallFactory

PARTS = {"accepted": 30, "rejected": 200, "reserve": 70}
MANY = sum(PARTS.values())


def decide(client, rows, outcome):
    """Look at what changes, then begin; the worker does it."""
    chosen = "&".join(f"id={one.pk}" for one in rows)
    address = f"{reverse('bulk:choose')}?{chosen}"
    asked = {"outcome": outcome, "reason": "So."}
    preview = client.post(address, asked).context["preview"]
    begun = client.post(address, {**asked, "go": "1", "seen": preview.seen, "asked": preview.asked})
    run = BulkRun.objects.latest("pk")
    assert begun.url == reverse("bulk:run", args=[run.pk])
    run_job(pk=run.job_id)
    assert numbers_of(run.rows).done == len(rows)


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.timeout(300)
def test_three_hundred_are_decided_and_each_is_told_once(sign_in, outbox):
    person, call = CoordinatorFactory(), CallFactory()
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": ""})
    client = sign_in(person)
    rows = [
        EligibleApplicationFactory(call=call, topic=False, partnership=False) for _ in range(MANY)
    ]
    for outcome, number in PARTS.items():
        decide(client, rows[:number], outcome)
        del rows[:number]
    assert Outcome.objects.pending().filter(prepared_by=person).count() == MANY
    assert AuditEvent.objects.filter(verb="outcome.prepared").count() == MANY
    assert not Mail.objects.exists()

    asked = client.get(reverse("assessment:release", args=[call.slug]))
    mark = asked.context["ready"].mark
    address = reverse("assessment:release", args=[call.slug])
    first = client.post(address, {"mark": mark})
    # Pressed twice, and its worker runs twice.
    assert client.post(address, {"mark": mark}).status_code == 409
    release = Release.objects.get()
    assert first.url == reverse("assessment:release_page", args=[release.pk])
    run_job(pk=release.job_id)
    run_job(pk=release.job_id)
    with pytest.raises(WrongStateError):
        services.retry_release(release=release, by=person)
    assert readiness_of(person, call).total == 0
    told = Counter(Application.objects.values_list("status", flat=True))
    assert told == PARTS
    assert Letter.objects.count() == MANY
    # Both contacts of each, once.
    queued = Counter(Mail.objects.values_list("recipient", "subject"))
    assert len(queued) == 2 * MANY
    assert set(queued.values()) == {1}
