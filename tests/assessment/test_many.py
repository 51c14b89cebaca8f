"""Three hundred decided in bulk and released: each mail exactly once."""

from collections import Counter

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from applications.assessment import services
from applications.assessment.models import Letter, Outcome, Release
from applications.assessment.selectors.outcomes import readiness_of
from applications.assessment.views.outcomes import MOST_CHOSEN
from applications.models import Application
from core.jobs.services import run_job
from core.kit.errors import WrongStateError
from core.post.models import Mail
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import EligibleApplicationFactory
from tests.factories.programme import CallFactory

MANY = 300


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
    several = reverse("assessment:prepare_several", args=[call.slug])
    for outcome, chosen in (
        ("accepted", rows[:30]),
        ("rejected", rows[30 : 30 + MOST_CHOSEN]),
        ("reserve", rows[30 + MOST_CHOSEN :]),
    ):
        data = {"outcome": outcome, "chosen": [f"{one.pk}-0" for one in chosen], "reason": "So."}
        assert client.post(several, data).status_code == 302
    assert Outcome.objects.pending().count() == MANY
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
    assert told == {"accepted": 30, "rejected": MOST_CHOSEN, "reserve": MANY - 30 - MOST_CHOSEN}
    assert Letter.objects.count() == MANY
    # Both contacts of each, once.
    queued = Counter(Mail.objects.values_list("recipient", "subject"))
    assert len(queued) == 2 * MANY
    assert set(queued.values()) == {1}
