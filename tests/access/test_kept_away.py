"""Who has a link with an applicant learns nothing of its application on any page of staff.

Each page is looked at twice, as if the applications had never been sent and once they have: it
is the same, to the last count.
"""

import difflib
import re

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from applications.assessment.models import AssessmentPlan
from applications.models import EarlierCooperation
from applications.states import ApplicationStatus
from core.duties.catalogue import key_of
from core.trail.services import record_event
from programme.calls.models import Call
from tests.access.expect import ANONYMOUS, OPEN
from tests.access.table import TABLE
from tests.factories.applications import (
    AcceptedApplicationFactory,
    AssignmentFactory,
    ClarificationFactory,
    CommitmentFactory,
    ConflictFactory,
    CriterionRulingFactory,
    EligibleApplicationFactory,
    MunicipalityFactory,
    SubmittedApplicationFactory,
    WorkingCopyFactory,
    declare,
)
from tests.factories.assessment import HandedInFactory
from tests.factories.outcomes import OutcomeFactory
from tests.factories.programme import (
    AssessmentCriterionFactory,
    MembershipFactory,
    OrganisationFactory,
)
from tests.factories.reminders import MailFactory

# It draws every page, and has the same answer on any database.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

READERS = ("coordinator", "desk", "observer", "assessor")
NAME = "Zzyzx"
STATES = (SubmittedApplicationFactory, EligibleApplicationFactory, AcceptedApplicationFactory)
# What differs from one answer to the next by itself: tokens, and the keys of forms.
BY_ITSELF = re.compile(r"[A-Za-z0-9_-]{30,}|\d+(?:\.\d+)? ms")
# Where somebody says with whom they have a link, and the download of what they wrote themselves.
OF_ONESELF = {"assessment:interests", "accounts:held"}


@pytest.fixture(scope="module")
def applicants(world, django_db_blocker):
    """Three places that have not applied anywhere, with somebody who leads each."""
    with django_db_blocker.unblock():
        places = [OrganisationFactory(name=f"{NAME} {number}") for number in range(len(STATES))]
        for place in places:
            MembershipFactory(organisation=place)
        return places


def readers_of(row):
    if row.GET[ANONYMOUS] == OPEN:
        return []
    return [role for role in READERS if row.GET[role] == OPEN]


def apply_with_all(world, applicants, linked=READERS):
    """Let each place apply to each call, with all that can hang on it; return the references.

    The `linked` have a link with all of them.
    """
    people = [world.people[role] for role in linked]
    found = []
    for call in Call.objects.order_by("pk"):
        criterion = call.criteria.first() or AssessmentCriterionFactory(call=call)
        for factory, place in zip(STATES, applicants, strict=True):
            found.append(apply(world, factory, call, place, criterion))
        for application in found[-len(STATES) :]:
            for person in people:
                ConflictFactory(application=application, person=person)
    return [row.reference for row in found]


def apply(world, factory, call, place, criterion):
    by, application = (
        world.people["coordinator"],
        # Neither topics nor people come with it: they would stand on pages of their own.
        factory(
            call=call,
            organisation=place,
            topic=False,
            themes=call.themes.all(),
            submission={"by": world.people["stranger"]},
        ),
    )
    CommitmentFactory(municipality=MunicipalityFactory(application=application))
    CriterionRulingFactory(application=application, by=by)
    EarlierCooperation.objects.create(application=application, partner="Kochi")
    MailFactory(about=key_of(application), subject=f"{application.reference} of {place}")
    for verb in ("application.submitted", "application.started"):
        record_event(verb=verb, target=application, by=world.people["stranger"])
    assignment = AssignmentFactory(application=application, assessor=world.people["assessor"])
    declare(world.people["assessor"], call)
    if application.status == ApplicationStatus.SUBMITTED:
        ClarificationFactory(application=application, asked_by=by)
        WorkingCopyFactory(revises=application, topic=False)
    else:
        HandedInFactory(assignment=assignment, scores={criterion: 4})
    if application.status == ApplicationStatus.ELIGIBLE:
        OutcomeFactory(application=application, prepared_by=by)
    return application


def text_of(client, address):
    cache.clear()
    answer = client.get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, BY_ITSELF.sub("", content.decode(errors="replace"))


def difference(before, after):
    lines = difflib.unified_diff(before[1].splitlines(), after[1].splitlines(), lineterm="", n=0)
    return [before[0], after[0], *(line.strip() for line in list(lines)[2:12])]


@pytest.mark.parametrize("row", [row for row in TABLE if readers_of(row)], ids=str)
def test_page_is_the_same_whether_or_not_they_applied(row, world, clients, applicants):
    roles = readers_of(row)
    with transaction.atomic(), time_machine.travel(timezone.now(), tick=False):
        address = row.address(world)
        for call in Call.objects.all():
            # Both are there before: neither says anything of an application.
            call.criteria.first() or AssessmentCriterionFactory(call=call)
            declare(world.people["assessor"], call)
        # The first look takes along what was to be said once.
        _first, before = (
            {role: text_of(clients[role], address) for role in roles} for _ in range(2)
        )
        references = apply_with_all(world, applicants)
        after = {role: text_of(clients[role], address) for role in roles}
        transaction.set_rollback(True)
    named = {role: [one for one in references if one in after[role][1]] for role in roles}
    if row.name in OF_ONESELF:
        return
    assert not any(named.values()), named
    wrong = {role: difference(before[role], after[role]) for role in roles}
    assert before == after, wrong


@pytest.mark.parametrize("row", [row for row in TABLE if "assessor" in readers_of(row)], ids=str)
def test_assessor_who_reads_without_names_meets_none(row, world, clients, applicants):
    with transaction.atomic():
        address = row.address(world)
        apply_with_all(world, applicants, linked=())
        for call in Call.objects.all():
            AssessmentPlan.objects.update_or_create(call=call, defaults={"is_blind": True})
        status, text = text_of(clients["assessor"], address)
        transaction.set_rollback(True)
    if row.name not in OF_ONESELF:
        assert NAME not in text, status
