"""Actions on many applications."""

import factory
from factory.django import DjangoModelFactory

from applications.bulk.models import BulkRow, BulkRun
from applications.bulk.states import RowState
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import EligibleApplicationFactory


class BulkRunFactory(DjangoModelFactory):
    """A run that prepares outcomes; nothing of it is done yet."""

    class Meta:
        model = BulkRun

    action = "assessment.prepare"
    values = factory.LazyFunction(
        lambda: {"outcome": "rejected", "reason": "Others were stronger.", "paragraphs": []}
    )
    title = "Setting 1 application to “Reject”"
    by = factory.SubFactory(CoordinatorFactory)


class BulkRowFactory(DjangoModelFactory):
    """An application that waits for its turn."""

    class Meta:
        model = BulkRow

    run = factory.SubFactory(BulkRunFactory)
    application = factory.SubFactory(EligibleApplicationFactory)
    state = RowState.WAITING
    seen = "1000000000000"
    before = "open"
    after = "Reject"
