"""What a declared link keeps from a member of staff: the trail and the mails too."""

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse

from applications.assessment import services
from applications.models import Application
from applications.services import decide_application
from core.post.models import Mail
from core.trail.selectors import audit_events
from core.trail.verbs import _hidden, sentences
from reminders.selectors.outbox import visible_mails
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    ConflictFactory,
    MunicipalityFactory,
    SubmittedApplicationFactory,
)
from tests.factories.outcomes import OutcomeFactory

pytestmark = pytest.mark.django_db


def test_every_target_on_an_application_is_kept_from_who_declared_a_link():
    things = {verb.partition(".")[0] for verb in sentences()}

    def hangs_on_an_application(model):
        try:
            field = model._meta.get_field("application")
        except FieldDoesNotExist:
            return False
        return field.related_model is Application

    found = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.model_name in things and hangs_on_an_application(model)
    }
    assert {"assessment.Outcome", "assessment.Correction"} <= found
    assert found <= set(_hidden())


def test_linked_coordinator_reads_neither_outcome_nor_correction_in_the_trail():
    outcome = OutcomeFactory(outcome="rejected")
    application, by = outcome.application, CoordinatorFactory()
    services.hold_letter(outcome=outcome, held=True, by=by, read_version=1)
    decide_application(application=application, outcome="rejected", reason="Full.", by=by)
    services.prepare_correction(
        application=application, outcome="reserve", reason="A slip.", words="So.", by=by
    )
    reader = CoordinatorFactory()
    verbs = {"outcome.held", "correction.prepared"}
    assert verbs <= {one.verb for one in audit_events(reader=reader)}
    ConflictFactory(application=application, person=reader)
    assert not verbs & {one.verb for one in audit_events(reader=reader)}


def test_letter_tried_is_kept_from_who_declared_a_link(outbox):
    outcome, reader = OutcomeFactory(), CoordinatorFactory()
    services.send_test_letter(outcome=outcome, by=outcome.prepared_by)
    tried = Mail.objects.get()
    assert tried in visible_mails(reader)
    ConflictFactory(application=outcome.application, person=reader)
    assert tried not in visible_mails(reader)


def test_double_is_told_without_naming_what_is_kept_from_the_reader(sign_in, settings):
    settings.DEMO = True  # Staff need no second factor.
    one = SubmittedApplicationFactory(reference="C2C-2026-7001")
    other = SubmittedApplicationFactory(reference="C2C-2026-7002", call=one.call)
    for application in (one, other):
        MunicipalityFactory(application=application, name="Solin", country=one.organisation.country)
    by, linked = CoordinatorFactory(), CoordinatorFactory()
    ConflictFactory(application=other, person=linked)
    for tab in ("?tab=eligibility", "why/"):
        page = reverse("applications:staff_detail", args=[one.reference]) + tab
        assert other.reference in sign_in(by).get(page).content.decode()
        html = sign_in(linked).get(page).content.decode()
        assert "Solin is also named in an application that is kept from you" in html
        assert other.reference not in html
        assert other.organisation.name not in html
