"""The numbers in the console's menu."""

import pytest
import time_machine

from applications.selectors import sent_applications
from applications.selectors.checking import to_judge
from applications.states import ApplicationStatus
from core.kit.rows import asking_for_numbers
from core.post.states import MailStatus
from iuc_portal.navigation import staff_counts, to_count
from programme.organisations.states import Standing
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
)
from tests.factories.applications import (
    ClarificationFactory,
    FirstCheckFactory,
    SubmittedApplicationFactory,
)
from tests.factories.pairings import PairingFactory, PublishedPairingFactory
from tests.factories.programme import CallFactory, OrganisationFactory, PartnerCountryFactory
from tests.factories.reminders import MailFactory

pytestmark = pytest.mark.django_db


def test_coordinator_counts_what_waits(django_assert_num_queries):
    boss = CoordinatorFactory()
    PairingFactory.create_batch(2)
    PublishedPairingFactory()
    MailFactory(status=MailStatus.FAILED)
    MailFactory(status=MailStatus.HELD)
    MailFactory(status=MailStatus.SENT)
    OrganisationFactory(standing=Standing.TO_CONFIRM)

    with django_assert_num_queries(1):
        counts = staff_counts(boss)

    assert counts == {
        "applications:staff_list": 0,
        "pairings:staff_list": 2,
        "reminders:outbox": 2,
        "organisations:staff_claims": 1,
        "calls:staff_calls": 0,
        "calls:staff_questions": 0,
        "casework:mine": 0,
    }


def test_desk_counts_its_own_countries():
    india, japan = PartnerCountryFactory(), PartnerCountryFactory(code="JP", name="Japan")
    PairingFactory()

    assert staff_counts(DeskFactory(countries=[india]))["pairings:staff_list"] == 1
    assert staff_counts(DeskFactory(countries=[japan]))["pairings:staff_list"] == 0


def test_assessor_counts_applications_alone():
    assert staff_counts(AssessorFactory()) == {
        "applications:staff_list": 0,
        "assessment:mine": 0,
    }


@pytest.mark.parametrize("role", [CoordinatorFactory, ObserverFactory])
def test_query_that_is_kept_hangs_on_the_person_alone(role, django_assert_num_queries):
    """An entry whose rows hang on the time, or on what is read meanwhile, would go stale."""
    person = role()

    def sql():
        return asking_for_numbers(person, to_count(person)).query.sql_with_params()

    with django_assert_num_queries(0), time_machine.travel("2026-01-01T00:00:00Z"):
        before = sql()
    with time_machine.travel("2030-01-01T00:00:00Z"):
        assert sql() == before


def test_what_changes_is_counted_anew_by_the_query_that_is_kept():
    boss = CoordinatorFactory()
    first = staff_counts(boss)["pairings:staff_list"]
    PairingFactory()
    assert (first, staff_counts(boss)["pairings:staff_list"]) == (0, 1)


def test_menu_and_home_count_what_the_worklist_of_the_check_holds(sign_in, settings):
    settings.DEMO = True
    boss, colleague = CoordinatorFactory(), CoordinatorFactory()
    two = CallFactory(checkers=2)
    SubmittedApplicationFactory()
    # Waits for its city; has been checked by this person; a refusal that a colleague turned round.
    ClarificationFactory(application=SubmittedApplicationFactory())
    FirstCheckFactory(application=SubmittedApplicationFactory(call=two), by=boss)
    turned = SubmittedApplicationFactory(call=two, status=ApplicationStatus.INELIGIBLE)
    FirstCheckFactory(application=turned, by=colleague)

    page = sign_in(boss).get("/staff/")

    waiting = to_judge(sent_applications(boss), boss).count()
    assert waiting == 2
    assert staff_counts(boss)["applications:staff_list"] == waiting
    [tile] = [tile for tile in page.context["tiles"] if tile.icon == "check-circle"]
    assert (tile.number, tile.url) == (waiting, "/staff/applications/?view=check")
