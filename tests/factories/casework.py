"""What staff have beside an application: owner, notes, tags, marks of reading."""

import factory
from factory.django import DjangoModelFactory

from applications.casework.models import CaseOwner, Mention, Note, Seen, StaffTag, Tagging
from core.kit.text import fold
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import SubmittedApplicationFactory


class CaseOwnerFactory(DjangoModelFactory):
    class Meta:
        model = CaseOwner

    application = factory.SubFactory(SubmittedApplicationFactory)
    owner = factory.SubFactory(CoordinatorFactory)
    given_by = factory.SelfAttribute("owner")


class StaffTagFactory(DjangoModelFactory):
    class Meta:
        model = StaffTag

    name = factory.Sequence(lambda n: f"Legal question {n}")
    folded = factory.LazyAttribute(lambda row: fold(row.name))


class TaggingFactory(DjangoModelFactory):
    class Meta:
        model = Tagging

    application = factory.SubFactory(SubmittedApplicationFactory)
    tag = factory.SubFactory(StaffTagFactory)
    by = factory.SubFactory(CoordinatorFactory)


class NoteFactory(DjangoModelFactory):
    class Meta:
        model = Note

    application = factory.SubFactory(SubmittedApplicationFactory)
    by = factory.SubFactory(CoordinatorFactory)
    name = factory.LazyAttribute(lambda row: str(row.by))
    words = "The mayor of Żupa has called: the letter comes on Monday."


class MentionFactory(DjangoModelFactory):
    class Meta:
        model = Mention

    note = factory.SubFactory(NoteFactory)
    person = factory.SubFactory(CoordinatorFactory)


class SeenFactory(DjangoModelFactory):
    class Meta:
        model = Seen

    application = factory.SubFactory(SubmittedApplicationFactory)
    person = factory.SubFactory(CoordinatorFactory)
