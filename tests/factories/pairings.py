"""Pairings in each of their states, with two members that hold a place."""

import datetime as dt

import factory
from django.utils import timezone

from pairings.models import (
    Amendment,
    Milestone,
    MilestoneMove,
    Pairing,
    PairingClosing,
    PairingMember,
    PartnerWish,
    Signature,
)
from pairings.selectors import members_key
from pairings.states import ENDS, PairingStatus, PartyAnswer
from programme.states import Origin
from tests.factories.accounts import CoordinatorFactory
from tests.factories.programme import (
    CallFactory,
    OrganisationFactory,
    PartnerOrganisationFactory,
    TopicFactory,
)


class PairingMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PairingMember

    organisation = factory.SubFactory(OrganisationFactory)
    side = factory.LazyAttribute(lambda o: o.organisation.side)


class PairingFactory(factory.django.DjangoModelFactory):
    """A proposed pairing; `organisations=[...]` and `topics=[...]` choose its parts."""

    class Meta:
        model = Pairing
        skip_postgeneration_save = True

    reference = factory.Sequence(lambda n: f"PAIR-2026-{n:04d}")
    slug = factory.Sequence(lambda n: f"city-{n}-partner-{n}")
    call = factory.SubFactory(CallFactory)
    status = PairingStatus.PROPOSED
    members_key = factory.Sequence(lambda n: f"unknown-{n}")
    reason = "Both cities share a river."
    proposed_by = factory.SubFactory(CoordinatorFactory)
    proposed_at = factory.LazyFunction(timezone.now)
    accept_by = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=21))

    @factory.post_generation
    def organisations(self, create, extracted, **kwargs):
        members = extracted or [OrganisationFactory(), PartnerOrganisationFactory()]
        for order, organisation in enumerate(members):
            PairingMemberFactory(
                pairing=self,
                organisation=organisation,
                order=order,
                answer=_answer_in(self.status),
                slot=_slot_in(self.status, organisation),
            )
        self.members_key = members_key(members)
        self.save(update_fields=["members_key"])

    @factory.post_generation
    def closing(self, create, extracted, **kwargs):
        if self.status in ENDS:
            PairingClosingFactory(pairing=self, outcome=self.status)

    @factory.post_generation
    def topics(self, create, extracted, **kwargs):
        self.topics.set([TopicFactory()] if extracted is None else extracted)


class AcceptedPairingFactory(PairingFactory):
    status = PairingStatus.ACCEPTED
    sign_by = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=60))


class SignatureFactory(factory.django.DjangoModelFactory):
    """Of the given `member`, today."""

    class Meta:
        model = Signature

    signed_on = factory.LazyFunction(timezone.localdate)
    signatory_name = "Mato Franković"
    signatory_office = "Mayor"


class RunningPairingFactory(AcceptedPairingFactory):
    """Signed by all and running since today; without milestones."""

    status = PairingStatus.RUNNING
    started_on = factory.LazyFunction(timezone.localdate)
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=548))

    @factory.post_generation
    def signatures(self, create, extracted, **kwargs):
        for member in self.members.all():
            SignatureFactory(member=member, signed_on=self.started_on)


class PublishedPairingFactory(PairingFactory):
    """A published record: no call, date, answer or place."""

    status = PairingStatus.PUBLISHED
    origin = Origin.PUBLISHED
    call = None
    reason = ""
    proposed_by = None
    proposed_at = None
    accept_by = None


class PairingClosingFactory(factory.django.DjangoModelFactory):
    """Cancelled, unless `outcome` says otherwise, by somebody whose account is gone."""

    class Meta:
        model = PairingClosing

    pairing = factory.SubFactory(PairingFactory)
    number = factory.LazyAttribute(lambda o: o.pairing.closings.next_number())
    outcome = PairingStatus.CANCELLED
    reason = "The call was stopped."


class MilestoneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Milestone

    pairing = factory.SubFactory(RunningPairingFactory)
    key = factory.Sequence(lambda n: f"milestone-{n}")
    title = factory.Sequence(lambda n: f"Milestone {n}")
    due_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=30))


class MilestoneMoveFactory(factory.django.DjangoModelFactory):
    """Moved to its present day from a month before, by somebody whose account is gone."""

    class Meta:
        model = MilestoneMove

    milestone = factory.SubFactory(MilestoneFactory)
    number = factory.LazyAttribute(lambda o: o.milestone.moves.next_number())
    moved_to = factory.SelfAttribute("milestone.due_on")
    moved_from = factory.LazyAttribute(lambda o: o.moved_to - dt.timedelta(days=30))
    reason = "Elections"


class AmendmentFactory(factory.django.DjangoModelFactory):
    """Another reason, by somebody whose account is gone."""

    class Meta:
        model = Amendment

    pairing = factory.SubFactory(RunningPairingFactory)
    number = factory.LazyAttribute(lambda o: o.pairing.amendments.next_number())
    name = "Another reason"
    words = "Both asked for it."
    changes = factory.LazyFunction(lambda: {"reason": ["A sea.", "A river."]})


class PartnerWishFactory(factory.django.DjangoModelFactory):
    """That a chosen city would like another one, said by somebody whose account is gone."""

    class Meta:
        model = PartnerWish

    call = factory.SubFactory(CallFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    about = factory.SubFactory(PartnerOrganisationFactory)
    is_wanted = True


def _answer_in(status):
    signed = (PairingStatus.ACCEPTED, PairingStatus.RUNNING, PairingStatus.COMPLETED)
    return PartyAnswer.ACCEPTED if status in signed else PartyAnswer.PENDING


def _slot_in(status, organisation):
    live = (PairingStatus.PROPOSED, PairingStatus.ACCEPTED, PairingStatus.RUNNING)
    return organisation.slots.filter(held_by=None).first() if status in live else None
