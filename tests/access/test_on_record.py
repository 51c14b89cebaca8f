"""Every service that changes something changes the record."""

import pytest
from django.db import transaction

from core.kit.errors import PortalError
from core.trail.models import AuditEvent
from core.trail.proving import prove
from tests.access.services import SERVICES
from tests.access.test_services import again, takes_a_person

pytestmark = pytest.mark.django_db

# What leaves no record when it is called as its row says, each with its reason.
NOT_ON_RECORD = {
    "reactivate_person": "The account is open.",
    "end_sessions": "Signing out changes nothing of the portal's.",
    "require_result": "Reads.",
    "describe_organisation": "Says what is said already.",
    "follow_answers": "A person's own wish for mails.",
    "say_helped": "A reader's own mark.",
    "note_seen": "A mark of reading.",
    "tick_step": "A colleague's own mark.",
    "untick_step": "A colleague's own mark.",
    **dict.fromkeys(
        ("begin_practice", "end_practice", "read_in_practice", "leave_practice"),
        "Made-up cases of a colleague's own.",
    ),
    "save_view": "A colleague's own view of a list.",
    "remove_view": "A colleague's own view of a list.",
    "pass_on_view": "A view of a list gives nobody a right.",
    "work_out_fairness": "Says what follows from a run, which is on record.",
    "stop_run": "It has no work that could be stopped.",
    "remove_document": "There is none.",
    "open_plan": "It is open.",
    "reopen_plan_section": "It is open.",
}
# What its row does not bring to an end: the tests of each assert its record.
NOT_DONE = {
    *("end_first_steps", "publish_call", "submit_application", "start_interest", "send_interest"),
    *(
        "mark_section_done",
        "start_interest_trial",
        "assign_readings",
        "rule_criterion (a draft is the city's)",
    ),
}


def records_made(row, world):
    """Return how many records the service makes for the first whom it serves; None undone."""
    [name] = takes_a_person(row.does)
    args = row.args(world)
    for role in row.roles.split():
        before = AuditEvent.objects.count()
        try:
            with transaction.atomic():
                row.does(**args, **{name: again(world.people[role])})
        except PortalError:
            continue
        return AuditEvent.objects.count() - before
    return None


@pytest.mark.parametrize("row", SERVICES, ids=str)
def test_service_leaves_a_record(row, world):
    with transaction.atomic():
        made = records_made(row, world)
        faults = prove().faults
        transaction.set_rollback(True)
    if str(row) in NOT_DONE:
        assert made is None
    elif str(row) in NOT_ON_RECORD:
        assert made == 0
    else:
        assert made
    assert not faults


def test_reasons_name_services_that_are_there():
    assert {*NOT_ON_RECORD, *NOT_DONE} <= {str(row) for row in SERVICES}
