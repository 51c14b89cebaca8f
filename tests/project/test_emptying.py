"""The database between two tests: nothing stays of what somebody still wrote."""

import threading

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction

from programme.calls.models import Call
from tests.factories.programme import CallFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def flush():
    # As between two tests.
    call_command(
        "flush",
        interactive=False,
        verbosity=0,
        reset_sequences=False,
        inhibit_post_migrate=True,
    )


def test_worker_that_runs_beside_knows_the_kinds_of_things_still():
    kind = ContentType.objects.get_for_model(Call)
    flush()
    assert ContentType.objects.get(pk=kind.pk) == kind


def test_row_of_a_writer_that_ends_late_is_emptied_too():
    wrote, may_end = threading.Event(), threading.Event()

    def write():
        try:
            with transaction.atomic():
                CallFactory()
                wrote.set()
                may_end.wait(10)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    assert wrote.wait(10)
    threading.Timer(0.5, may_end.set).start()
    flush()
    writer.join(10)
    assert not Call.objects.exists()
