"""Outcomes that staff prepare, and the paragraphs of their letters."""

import factory
from factory.django import DjangoModelFactory

from applications.assessment.models import Outcome, Paragraph
from applications.assessment.states import PendingOutcome
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import EligibleApplicationFactory
from tests.factories.programme import CallFactory


class OutcomeFactory(DjangoModelFactory):
    """An eligible application that staff will accept; its city knows nothing of it."""

    class Meta:
        model = Outcome

    application = factory.SubFactory(EligibleApplicationFactory)
    outcome = PendingOutcome.ACCEPT
    reason = "A clear problem, and money set aside."
    submission = factory.LazyAttribute(lambda row: row.application.submissions.latest("number"))
    prepared_by = factory.SubFactory(CoordinatorFactory)


class ParagraphFactory(DjangoModelFactory):
    """A reason for those that are rejected, in English and Spanish."""

    class Meta:
        model = Paragraph

    call = factory.SubFactory(CallFactory)
    key = factory.Sequence(lambda n: f"paragraph-{n}")
    title = "The field was strong"
    outcome = PendingOutcome.REJECT
    body = factory.LazyFunction(
        lambda: {"en-gb": "{city} met a strong field.", "es": "{city}: muchas buenas."}
    )
