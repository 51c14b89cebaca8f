"""Applications, from an empty draft to a sent one, their municipalities and files."""

import datetime as dt

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from applications.models import (
    Application,
    ApplicationDocument,
    Assignment,
    Challenge,
    Clarification,
    Commitment,
    Conflict,
    CriterionRuling,
    Decision,
    Declaration,
    FirstCheck,
    Interest,
    LeadOffer,
    Municipality,
    OnlineInvitation,
    Stakeholder,
    Submission,
    SupportLetter,
    Wish,
)
from applications.selectors import call_rules, eligibility_of, searched_text
from applications.selectors.checking import states_of
from applications.services.carrying import carry_over
from applications.snapshots import snapshot_of
from applications.states import (
    ApplicantKind,
    ApplicationStatus,
    DecisionStage,
    Direction,
    InterestStatus,
    Ruling,
    StakeholderKind,
    WishKind,
)
from core.threads.models import Message, Thread
from programme.organisations.models import hash_of
from questionnaires.states import Purpose
from tests.factories.accounts import AssessorFactory, CoordinatorFactory, UserFactory
from tests.factories.files import StoredFileFactory
from tests.factories.programme import (
    CallDocumentFactory,
    CallFactory,
    CityFactory,
    CountryFactory,
    MainTopicFactory,
    OrganisationFactory,
    TwoStageCallFactory,
)
from tests.factories.questionnaires import (
    ResponseFactory,
    TemplateFactory,
    TemplateVersionFactory,
)

NO_CRITERIA = {"results": [], "states": {}}


def write_searched(application):
    """Let search find the application by what it says now, as the services do."""
    application.search_text = searched_text(application)
    application.save(update_fields=["search_text"])


class MunicipalityFactory(DjangoModelFactory):
    """A member of a group with 60,000 documented inhabitants."""

    class Meta:
        model = Municipality
        skip_postgeneration_save = True

    application = factory.SubFactory("tests.factories.applications.ApplicationFactory")
    name = factory.Sequence(lambda n: f"Municipality {n}")
    country = factory.SubFactory(CountryFactory)
    population = 60_000
    population_year = 2021
    population_source = "Bureau of Statistics, census"
    order = factory.Sequence(lambda n: n)

    @factory.post_generation
    def searched(self, create, extracted, **kwargs):
        write_searched(self.application)


class ChallengeFactory(DjangoModelFactory):
    """A topic that the applicant wants to learn about."""

    class Meta:
        model = Challenge

    application = factory.SubFactory("tests.factories.applications.ApplicationFactory")
    topic = factory.SubFactory(MainTopicFactory)
    direction = Direction.LEARN
    words = "How others did it."
    order = factory.Sequence(lambda n: n)


class WishFactory(DjangoModelFactory):
    """A city that is wished for."""

    class Meta:
        model = Wish

    application = factory.SubFactory("tests.factories.applications.ApplicationFactory")
    kind = WishKind.CITY
    city = factory.SubFactory(CityFactory)
    order = factory.Sequence(lambda n: n)


class StakeholderFactory(DjangoModelFactory):
    """A region that backs the applicant; it has written no letter."""

    class Meta:
        model = Stakeholder

    application = factory.SubFactory("tests.factories.applications.ApplicationFactory")
    kind = StakeholderKind.REGION
    name = factory.Sequence(lambda n: f"County {n}")
    role = "Runs the buses between the towns."
    order = factory.Sequence(lambda n: n)


class ApplicationFactory(DjangoModelFactory):
    """A draft of one city with 120,000 inhabitants (`lead={...}` changes it, None leaves it out).

    It wants to learn about one topic, which any call offers, and a university works on it with
    the city; `topic=False` and `partnership=False` leave them out.

    Its questions have no answer yet: "first" asks "why", "second" asks "where".
    """

    class Meta:
        model = Application
        skip_postgeneration_save = True

    call = factory.SubFactory(CallFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    kind = ApplicantKind.SINGLE
    contact_name = "Ana Kovačević"
    contact_email = "ana@city.example"
    deputy_name = "Iva Horvat"
    deputy_email = "iva@city.example"
    signatory_name = "Mato Franković"
    response = factory.SubFactory(
        ResponseFactory,
        version=factory.SubFactory(
            TemplateVersionFactory,
            template=factory.SubFactory(TemplateFactory, purpose=Purpose.APPLICATION),
        ),
    )

    @factory.post_generation
    def lead(self, create, extracted, **kwargs):
        values = {"name": self.organisation.name, "population": 120_000}
        if extracted is not False:
            MunicipalityFactory(
                application=self,
                country=self.organisation.country,
                is_lead=True,
                **{**values, **(extracted or {})},
            )

        else:
            write_searched(self)

    @factory.post_generation
    def topic(self, create, extracted, **kwargs):
        if extracted is not False:
            theme = self.call.themes.first()
            theme = {"topic__theme": theme} if theme else {}
            ChallengeFactory(application=self, **theme)

    @factory.post_generation
    def partnership(self, create, extracted, **kwargs):
        if extracted is not False:
            StakeholderFactory(
                application=self, kind=StakeholderKind.ACADEMIA, name="University of the city"
            )

    @factory.post_generation
    def themes(self, create, extracted, **kwargs):
        self.themes.set(extracted or [])

    @factory.post_generation
    def partner_countries(self, create, extracted, **kwargs):
        self.partner_countries.set(extracted or [])


class GroupApplicationFactory(ApplicationFactory):
    """A draft of a group; add the others with MunicipalityFactory."""

    kind = ApplicantKind.GROUP


class SubmissionFactory(DjangoModelFactory):
    """What was sent an hour ago; `snapshot={...}` says what, else all that stands there."""

    class Meta:
        model = Submission

    application = factory.SubFactory(ApplicationFactory)
    number = 1
    at = factory.LazyAttribute(lambda o: o.application.submitted_at or timezone.now())
    by = factory.SubFactory(UserFactory)
    snapshot = factory.LazyAttribute(lambda o: snapshot_of(o.application, at=o.at, by=o.by))
    rules = factory.LazyAttribute(
        lambda o: call_rules(o.application.call, o.application.organisation.side).as_json()
    )


class DecisionFactory(DjangoModelFactory):
    """Found eligible, with an empty record, by somebody whose account is gone."""

    class Meta:
        model = Decision

    application = factory.SubFactory("tests.factories.applications.SubmittedApplicationFactory")
    submission = factory.LazyAttribute(lambda o: o.application.submissions.first())
    number = factory.LazyAttribute(lambda o: o.application.decisions.next_number())
    stage = DecisionStage.ELIGIBILITY
    outcome = ApplicationStatus.ELIGIBLE
    record = factory.LazyAttribute(lambda o: NO_CRITERIA if o.stage == "eligibility" else None)


class SubmittedApplicationFactory(ApplicationFactory):
    """Sent an hour ago, to be checked; it asks no questions of its own.

    `submission={...}` changes what was sent, False leaves it out.
    """

    status = ApplicationStatus.SUBMITTED
    reference = factory.Sequence(lambda n: f"C2C-2026-{n + 1:04d}")
    submitted_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(hours=1))
    commitments_accepted = True
    response = None

    # After `lead`, themes and countries: they are part of what was sent.
    @factory.post_generation
    def submission(self, create, extracted, **kwargs):
        if extracted is not False:
            SubmissionFactory(application=self, **(extracted or {}))


class LeadOfferFactory(DjangoModelFactory):
    """A lead that asks another member of its group, whose people are in the portal, to lead."""

    class Meta:
        model = LeadOffer

    application = factory.SubFactory(GroupApplicationFactory)
    former = factory.SelfAttribute("application.organisation")
    organisation = factory.SubFactory(
        OrganisationFactory, country=factory.SelfAttribute("..application.organisation.country")
    )
    municipality = factory.LazyAttribute(
        lambda offer: MunicipalityFactory(
            application=offer.application,
            name=offer.organisation.name,
            country=offer.organisation.country,
        )
    )


class WorkingCopyFactory(ApplicationFactory):
    """A draft in which a city changes what it has sent (`revises`); it says the same."""

    revises = factory.SubFactory(SubmittedApplicationFactory)
    call = factory.SelfAttribute("revises.call")
    organisation = factory.SelfAttribute("revises.organisation")
    response = None
    lead = factory.PostGeneration(lambda copy, *_args, **_more: carry_over(copy.revises, copy))
    # Carried over with the rest.
    partnership = factory.PostGeneration(lambda *_args, **_more: None)


class EligibleApplicationFactory(SubmittedApplicationFactory):
    """Found eligible; nobody has decided what becomes of it."""

    status = ApplicationStatus.ELIGIBLE

    @factory.post_generation
    def check(self, create, extracted, **kwargs):
        DecisionFactory(application=self)


class AcceptedApplicationFactory(EligibleApplicationFactory):
    status = ApplicationStatus.ACCEPTED

    @factory.post_generation
    def decision(self, create, extracted, **kwargs):
        DecisionFactory(
            application=self,
            stage=DecisionStage.OUTCOME,
            outcome=ApplicationStatus.ACCEPTED,
            reason="A clear problem.",
        )


class OnlineInvitationFactory(DjangoModelFactory):
    """A link that works for two weeks more; `token` is what opens it."""

    class Meta:
        model = OnlineInvitation

    class Params:
        token = factory.Sequence(lambda n: f"link-{n}")

    municipality = factory.SubFactory(MunicipalityFactory)
    email = factory.Sequence(lambda n: f"office{n}@municipality.example")
    token_hash = factory.LazyAttribute(lambda o: hash_of(o.token))
    expires_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=14))


class CommitmentFactory(DjangoModelFactory):
    """A signed letter on file; staff have not opened it."""

    class Meta:
        model = Commitment

    municipality = factory.SubFactory(MunicipalityFactory)
    file = factory.SubFactory(StoredFileFactory)
    signed_by_name = "Silvio Nardelli"
    signed_by_office = "Head of the municipality"
    signed_on = dt.date(2026, 3, 2)


class ApplicationDocumentFactory(DjangoModelFactory):
    """A document of the call on file."""

    class Meta:
        model = ApplicationDocument

    application = factory.SubFactory(ApplicationFactory)
    asked = factory.SubFactory(
        CallDocumentFactory, call=factory.SelfAttribute("..application.call")
    )
    file = factory.SubFactory(StoredFileFactory)


class OnlineCommitmentFactory(CommitmentFactory):
    """Given with a link, without a letter."""

    file = None
    email = "office@municipality.example"
    statement = "The municipality takes part."


class SupportLetterFactory(DjangoModelFactory):
    """A signed letter of a stakeholder, put on file by the city."""

    class Meta:
        model = SupportLetter

    stakeholder = factory.SubFactory(StakeholderFactory)
    file = factory.SubFactory(StoredFileFactory)
    signed_by_name = "Nikola Dobroslavić"
    signed_by_office = "President of the county"
    signed_on = dt.date(2026, 3, 2)


class OnlineLetterFactory(SupportLetterFactory):
    """Written by the stakeholder on the page of its link."""

    file = None
    email = "office@county.example"
    statement = "We run the buses, and give two planners."
    signed_under = factory.LazyAttribute(lambda o: o.stakeholder.name)


class CriterionRulingFactory(DjangoModelFactory):
    class Meta:
        model = CriterionRuling

    application = factory.SubFactory(SubmittedApplicationFactory)
    criterion = "population"
    ruling = Ruling.WAIVE
    reason = "Over a million overnight stays."
    by = factory.SubFactory(CoordinatorFactory)


class FirstCheckFactory(DjangoModelFactory):
    """Found eligible by the first of two people, with every criterion met."""

    class Meta:
        model = FirstCheck

    application = factory.SubFactory(SubmittedApplicationFactory, call__checkers=2)
    outcome = ApplicationStatus.ELIGIBLE
    states = factory.LazyAttribute(lambda o: states_of(eligibility_of(o.application)))
    by = factory.SubFactory(CoordinatorFactory)


class ThreadFactory(DjangoModelFactory):
    class Meta:
        model = Thread


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    thread = factory.SubFactory(ThreadFactory)
    by = factory.SubFactory(UserFactory)
    name = "Ana Kovačević"
    words = "Which year do you mean?"


# What an answer to a question has; a file stands beside it or not.
ANSWERED = {
    "kind": "explain",
    "answer": "That of the deputy mayor.",
    "sha256": "0" * 64,
    "answered_at": dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC),
}


class ClarificationFactory(DjangoModelFactory):
    """A question on the contact, to be answered within a week."""

    class Meta:
        model = Clarification

    application = factory.SubFactory(SubmittedApplicationFactory)
    submission = factory.LazyAttribute(lambda o: o.application.submissions.first())
    thread = factory.SubFactory(ThreadFactory)
    row = "contact"
    part = "Contacts and signatory"
    label = "Administrative contact"
    sent_text = "Ana Kovačević"
    question = "Which office does she hold?"
    asked_by = factory.SubFactory(CoordinatorFactory)
    due_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=7))


class AssignmentFactory(DjangoModelFactory):
    """An assessor who has declared no link since the application was sent: they see it.

    `declared=False`: they have not been asked yet.
    """

    class Meta:
        model = Assignment
        skip_postgeneration_save = True

    application = factory.SubFactory(EligibleApplicationFactory)
    assessor = factory.SubFactory(AssessorFactory)

    @factory.post_generation
    def declared(self, create, extracted, **kwargs):
        if extracted is not False:
            declare(self.assessor, self.application.call)


def declare(assessor, call):
    """Let an assessor have declared, now; a declaration of the same call is renewed."""
    row, _made = Declaration.objects.get_or_create(assessor=assessor, call=call)
    row.made_at = timezone.now()
    row.save()


class ConflictFactory(DjangoModelFactory):
    class Meta:
        model = Conflict

    application = factory.SubFactory(EligibleApplicationFactory)
    person = factory.SubFactory(AssessorFactory)
    reason = "Worked for the city until 2024."


class InterestFactory(DjangoModelFactory):
    """A draft of an expression of interest, open for a week more; its questions are empty.

    "first" asks "why", "second" asks "where".
    """

    class Meta:
        model = Interest
        skip_postgeneration_save = True

    call = factory.SubFactory(TwoStageCallFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    response = factory.SubFactory(
        ResponseFactory,
        version=factory.SubFactory(
            TemplateVersionFactory,
            template=factory.SubFactory(TemplateFactory, purpose=Purpose.EXPRESSION),
        ),
    )


class SentInterestFactory(InterestFactory):
    """Sent an hour ago; nobody has decided."""

    status = InterestStatus.SENT
    reference = factory.Sequence(lambda n: f"C2C-2026-EI-{n + 1:04d}")
    sent_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(hours=1))
    snapshot = factory.LazyAttribute(
        lambda row: {
            "reference": row.reference,
            "call": {"code": row.call.code, "title": row.call.title},
            "organisation": {"name": row.organisation.name},
            "sections": [
                {
                    "key": "first",
                    "title": "First",
                    "answers": [{"key": "why", "question": "Why?", "answer": "Because."}],
                }
            ],
            "sent_by": "Ana Kovačević",
        }
    )
    sha256 = "0" * 64


class InvitedInterestFactory(SentInterestFactory):
    """Its city may write the full application."""

    status = InterestStatus.INVITED
    decided_at = factory.LazyFunction(timezone.now)
    decided_by = factory.SubFactory(CoordinatorFactory)
    reason = "A clear problem."


class DeclinedInterestFactory(InvitedInterestFactory):
    status = InterestStatus.DECLINED
    reason = "Too many on the same topic."
