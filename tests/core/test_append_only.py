"""Rows that are only added, tried on the audit trail."""

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from core.kit.fingerprints import fingerprint
from core.trail.append_only import AppendOnlyModel
from core.trail.models import AuditEvent
from core.trail.services import record_event
from tests.factories.accounts import UserFactory


@pytest.fixture
def event(db):
    return record_event(verb="x.y", target=UserFactory(), by=None)


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: AuditEvent(pk=event.pk, verb="z", target=event.target).save(),
        lambda _: AuditEvent.objects.update(verb="z"),
        lambda _: AuditEvent.objects.all().delete(),
        lambda event: AuditEvent.objects.bulk_update([event], ["verb"]),
        lambda event: AuditEvent.objects.update_or_create(pk=event.pk, defaults={"verb": "z"}),
    ],
    ids=["save", "delete", "same key", "update", "delete all", "bulk update", "update or create"],
)
def test_row_is_never_changed_or_removed(event, change):
    event.verb = "z"
    with pytest.raises((TypeError, IntegrityError)), transaction.atomic():
        change(event)
    assert AuditEvent.objects.get().verb == "x.y"


def test_tables_that_are_only_added_to():
    tables = {m._meta.label for m in apps.get_models() if issubclass(m, AppendOnlyModel)}
    assert tables == {
        "applications.Decision",
        "applications.Submission",
        "assessment.Letter",
        "assessment.LetterDraft",
        "matching.Fairness",
        "pairings.Amendment",
        "pairings.MilestoneMove",
        "pairings.PairingClosing",
        "post.MailText",
        "threads.Message",
        "trail.AuditEvent",
        "trail.AuditRoot",
        "trail.SealedChain",
    }


def test_fingerprint_minds_every_letter_and_not_the_order_of_keys():
    sent = {"name": "Łódź", "figures": [1, 2]}
    assert fingerprint(sent) == fingerprint({"figures": [1, 2], "name": "Łódź"})
    assert fingerprint(sent) != fingerprint({"name": "Lódź", "figures": [1, 2]})
    assert fingerprint(sent) != fingerprint({"name": "Łódź", "figures": [2, 1]})
    # sha256 of {"a":"é"} in UTF-8, computed elsewhere.
    assert (
        fingerprint({"a": "é"})
        == "b3a092a6af48807fa9482b2ee140105575daa26d5b24b3c0e60a7e2dee6683b1"
    )
