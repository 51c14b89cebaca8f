"""Countries, cities, organisations, their people, themes and calls."""

import datetime as dt

import factory
from django.utils import timezone

from programme.calls.models import (
    AssessmentCriterion,
    Call,
    CallCommitment,
    CallDocument,
    CallMilestone,
)
from programme.calls.states import CallStatus
from programme.models import City, Country, Goal, Language, MainTopic, Strand, Tag, Theme, Topic
from programme.organisations.models import (
    CapacitySlot,
    Claim,
    Invitation,
    MailDomain,
    Membership,
    Organisation,
    OrganisationCity,
)
from programme.organisations.states import MembershipRole, OrganisationKind
from programme.states import GoalFramework, Side, TagGroup
from tests.factories.accounts import UserFactory


class StrandFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Strand
        django_get_or_create = ("code",)

    code = "city-to-city"
    name = "City-to-city cooperation"
    applicants = "City authorities"
    product = "Local Action Plan"


class CountryFactory(factory.django.DjangoModelFactory):
    """A member state of the EU; Croatia by default, one row however often it is asked."""

    class Meta:
        model = Country
        django_get_or_create = ("code",)

    code = "HR"
    name = "Croatia"
    side = Side.EU
    is_eu_member = True


class PartnerCountryFactory(CountryFactory):
    """A partner country; India by default."""

    code = "IN"
    name = "India"
    side = Side.PARTNER
    is_eu_member = False


class CityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = City

    geonameid = factory.Sequence(lambda n: 9_000_000 + n)
    name = factory.Sequence(lambda n: f"City {n}")
    country = factory.SubFactory(CountryFactory)
    latitude = 42.64
    longitude = 18.11
    time_zone = "Europe/Zagreb"


class OrganisationFactory(factory.django.DjangoModelFactory):
    """A municipality with its seat and as many slots as its capacity."""

    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"city-of-{n}")
    name = factory.Sequence(lambda n: f"City of {n}")
    kind = OrganisationKind.MUNICIPALITY
    country = factory.SubFactory(CountryFactory)
    side = factory.LazyAttribute(lambda o: o.country.side)
    latitude = 42.64
    longitude = 18.11
    time_zone = "Europe/Zagreb"
    capacity = 2

    @factory.post_generation
    def slots(self, create, extracted, **kwargs):
        for number in range(1, self.capacity + 1):
            CapacitySlot.objects.create(organisation=self, number=number)

    @factory.post_generation
    def seat(self, create, extracted, **kwargs):
        if extracted:
            OrganisationCity.objects.create(organisation=self, city=extracted)


class PartnerOrganisationFactory(OrganisationFactory):
    country = factory.SubFactory(PartnerCountryFactory)
    latitude = 15.49
    longitude = 73.83
    time_zone = "Asia/Kolkata"


class MembershipFactory(factory.django.DjangoModelFactory):
    """A lead by default."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = MembershipRole.LEAD


class ClaimFactory(factory.django.DjangoModelFactory):
    """Somebody asks to work for an organisation; nobody has answered."""

    class Meta:
        model = Claim

    organisation = factory.SubFactory(OrganisationFactory)
    person = factory.SubFactory(UserFactory)
    office = "Head of Unit"
    address = "Square 1"
    answer_by = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=5))


class MailDomainFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MailDomain

    organisation = factory.SubFactory(OrganisationFactory)
    host = factory.Sequence(lambda n: f"city{n}.example")


class InvitationFactory(factory.django.DjangoModelFactory):
    """An open invitation; its token is unknown. Use the service where the token counts."""

    class Meta:
        model = Invitation

    organisation = factory.SubFactory(OrganisationFactory)
    email = factory.Sequence(lambda n: f"invited{n}@city.example")
    role = MembershipRole.EDITOR
    token_hash = factory.Sequence(lambda n: f"{n:064d}")
    expires_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=14))


class ThemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Theme

    slug = factory.Sequence(lambda n: f"theme-{n}")
    name = factory.Sequence(lambda n: f"Theme {n}")


class MainTopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MainTopic

    slug = factory.Sequence(lambda n: f"main-topic-{n}")
    name = factory.Sequence(lambda n: f"Main topic {n}")
    theme = factory.SubFactory("tests.factories.programme.ThemeFactory")
    definition = "What it is about."
    need = "We want to learn it"
    offer = "We can show it"
    order = factory.Sequence(lambda n: n)


class TagFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Tag

    slug = factory.Sequence(lambda n: f"tag-{n}")
    name = factory.Sequence(lambda n: f"Tag {n}")
    group = TagGroup.LOCATION
    definition = "What kind of city it is."


class LanguageFactory(factory.django.DjangoModelFactory):
    """English; `code` makes another."""

    class Meta:
        model = Language
        django_get_or_create = ("code",)

    code = "en"
    name = "English"
    own_name = "English"


class TopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Topic
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"topic {n}")

    @factory.post_generation
    def themes(self, create, extracted, **kwargs):
        self.themes.set(extracted or [])


class GoalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Goal

    framework = GoalFramework.SDG
    code = factory.Sequence(str)
    title = factory.Sequence(lambda n: f"Goal {n}")


class CallFactory(factory.django.DjangoModelFactory):
    """A published city-to-city call, open since yesterday and for three more weeks.

    Croatia may apply for partners in India unless `eligible_countries` or
    `partner_countries` say otherwise.
    """

    class Meta:
        model = Call
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"call-{n}")
    code = factory.Sequence(lambda n: f"C2C-{n}")
    strand = factory.SubFactory(StrandFactory)
    title = factory.Sequence(lambda n: f"City pairings {n}")
    status = CallStatus.PUBLISHED
    opens_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=1))
    closes_at = factory.LazyFunction(
        lambda: (timezone.now() + dt.timedelta(days=21)).replace(microsecond=0)
    )
    applicant_kinds = factory.LazyFunction(
        lambda: [
            OrganisationKind.MUNICIPALITY.value,
            OrganisationKind.GROUP.value,
            OrganisationKind.METROPOLITAN.value,
        ]
    )

    @factory.post_generation
    def eligible_countries(self, create, extracted, **kwargs):
        self.eligible_countries.set([CountryFactory()] if extracted is None else extracted)

    @factory.post_generation
    def partner_countries(self, create, extracted, **kwargs):
        self.partner_countries.set([PartnerCountryFactory()] if extracted is None else extracted)

    @factory.post_generation
    def themes(self, create, extracted, **kwargs):
        self.themes.set(extracted or [])


class DraftCallFactory(CallFactory):
    status = CallStatus.DRAFT


class ClosedCallFactory(CallFactory):
    opens_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=30))
    closes_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=1))


class TwoStageCallFactory(CallFactory):
    """Its first stage is open for a week more."""

    interest_closes_at = factory.LazyFunction(
        lambda: (timezone.now() + dt.timedelta(days=7)).replace(microsecond=0)
    )


class CallCommitmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CallCommitment

    call = factory.SubFactory(CallFactory)
    text = factory.Sequence(lambda n: f"Keep promise {n}.")


class CallDocumentFactory(factory.django.DjangoModelFactory):
    """A document that nobody can apply without."""

    class Meta:
        model = CallDocument

    call = factory.SubFactory(CallFactory)
    key = factory.Sequence(lambda n: f"document-{n}")
    title = factory.Sequence(lambda n: f"Document {n}")


class CallMilestoneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CallMilestone

    call = factory.SubFactory(CallFactory)
    key = factory.Sequence(lambda n: f"milestone-{n}")
    title = factory.Sequence(lambda n: f"Milestone {n}")
    offset_months = 3


class AssessmentCriterionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AssessmentCriterion

    call = factory.SubFactory(CallFactory)
    key = factory.Sequence(lambda n: f"criterion-{n}")
    title = factory.Sequence(lambda n: f"Criterion {n}")
    weight = 100
