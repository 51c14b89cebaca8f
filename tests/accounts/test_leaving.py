"""Deleting an account works whatever the person did; what they did stays."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from accounts.services import delete_person
from applications.models import CriterionRuling, Decision, Submission
from applications.selectors import rulings_of
from core.trail.services import record_event
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    CriterionRulingFactory,
    DecisionFactory,
    SubmittedApplicationFactory,
)

pytestmark = pytest.mark.django_db


def keys_to_people():
    """Return every foreign key to the account, of whatever app."""
    people = get_user_model()
    return [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is people
    ]


def test_keys_are_found():
    assert len(keys_to_people()) >= 20


@pytest.mark.parametrize("field", keys_to_people(), ids=str)
def test_no_key_holds_an_account_back(field):
    on_delete = field.remote_field.on_delete
    assert on_delete in (models.SET_NULL, models.CASCADE), f"{field} protects the account"
    if on_delete is models.SET_NULL:
        assert field.null


def test_former_member_of_staff_with_a_history_can_be_deleted():
    person = CoordinatorFactory(full_name="Ilse Verbeek")
    application = SubmittedApplicationFactory(submission={"by": person})
    ruling = CriterionRulingFactory(application=application, by=person)
    DecisionFactory(application=application, by=person)
    record_event(verb="application.submitted", target=application, by=person)
    person.staff_role = ""
    person.save()

    delete_person(person=person)

    assert CriterionRuling.objects.get().reason == ruling.reason
    assert (Decision.objects.get().by, Submission.objects.get().by) == (None, None)
    (shown,) = rulings_of(application)["population"]
    assert shown.by == "A former member of staff"
