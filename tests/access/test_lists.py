"""Every page at ten times the rows: the same queries, and no page longer than its page size.

The addresses come from the access table and the rows from all tables there are: a new list is
walked by itself.
"""

import datetime as dt
import re
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from applications.assessment.models import Agreed, Agreement, Asked, Expertise, Letter
from applications.models import EarlierCooperation, Profile, SavedView
from applications.states import Direction
from core.duties.catalogue import key_of
from core.kit.days import now
from core.post.states import MailStatus
from core.trail.services import record_event, seal_records
from iuc_portal.colleagues.models import FirstSteps, Practice
from programme.calls.models import Follower, FormerAnswer, Helped, OwnClosing
from programme.calls.states import MilestoneKind
from programme.organisations.models import FormerOrganisation, OrganisationCity, Split
from questionnaires.models import CallQuestionnaire
from questionnaires.states import Purpose
from reminders.models import Delivery
from tests.access.deciding import outcome, place_of, release_of, told
from tests.access.expect import ANONYMOUS, OPEN
from tests.access.multiply import Multiplier
from tests.access.table import TABLE
from tests.factories.action_plans import FundingLineFactory, PlanFactory
from tests.factories.applications import (
    AcceptedApplicationFactory,
    ApplicationDocumentFactory,
    ApplicationFactory,
    AssignmentFactory,
    ChallengeFactory,
    ClarificationFactory,
    CommitmentFactory,
    ConflictFactory,
    CriterionRulingFactory,
    EligibleApplicationFactory,
    FirstCheckFactory,
    InvitedInterestFactory,
    LeadOfferFactory,
    MessageFactory,
    MunicipalityFactory,
    OnlineInvitationFactory,
    OnlineLetterFactory,
    SubmittedApplicationFactory,
    WishFactory,
)
from tests.factories.assessment import AssessmentPlanFactory, HandedInFactory
from tests.factories.bulk import BulkRowFactory
from tests.factories.calls import (
    CallQuestionFactory,
    ExtensionRequestFactory,
    LateCodeFactory,
)
from tests.factories.casework import (
    CaseOwnerFactory,
    MentionFactory,
    NoteFactory,
    SeenFactory,
    TaggingFactory,
)
from tests.factories.colleagues import StaffInvitationFactory
from tests.factories.jobs import DoneJobFactory
from tests.factories.matching import BoardFactory, FairnessFactory
from tests.factories.outcomes import ParagraphFactory
from tests.factories.pairings import (
    AcceptedPairingFactory,
    AmendmentFactory,
    MilestoneFactory,
    MilestoneMoveFactory,
    PairingClosingFactory,
    PairingFactory,
    PartnerWishFactory,
    PublishedPairingFactory,
    RunningPairingFactory,
)
from tests.factories.post import MailTextFactory
from tests.factories.programme import (
    AssessmentCriterionFactory,
    CallCommitmentFactory,
    CallFactory,
    CallMilestoneFactory,
    CityFactory,
    ClaimFactory,
    GoalFactory,
    LanguageFactory,
    MailDomainFactory,
    MainTopicFactory,
    OrganisationFactory,
    PartnerOrganisationFactory,
    TagFactory,
    ThemeFactory,
    TopicFactory,
)
from tests.factories.questionnaires import TemplateVersionFactory
from tests.factories.reminders import MailFactory

# What it asks has the same answer on any database, and takes its time.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

TIMES = 10
# Who reads lists; what everybody may read is read by nobody in particular.
READERS = ("coordinator", "desk", "assessor", "lead")
# Rows on a page: a list asks as often for three as for one.
ONE, THREE = 1, 3
# Bytes by which a page may differ that has two rows more, larger numbers, links to more pages.
NUMBERS = 8_000
# Filters offer all calls of the programme, which has a few a year: they are not counted.
CALL_OFFERED = re.compile(rb'\s*<option value="call-[^>]*>[^<]*</option>')


# What is not in the tables of the walk, or no list grows with it.
NOT_MULTIPLIED = {
    "accounts.User_groups": "rights come from roles",
    "accounts.User_user_permissions": "rights come from roles",
    "calls.AnswerDigest": "one a day, and stands on no page",
    "calls.ReferenceCounter": "counts, and stands on no page",
    "duties.Touch": "gone with the next look",
    "jobs.Heartbeat": "one row",
    "kit.TakenForm": "stands on no page",
    "organisations.LikelyDouble": "its list is counted by a test of its own (test_taken_apart)",
    "organisations.Neighbours": "stands on no list: between the two nobody is warned",
    "programme.Country": "the world has no more",
    "programme.Language": "the world has no more that matter here",
    "reminders.Look": "one row",
}
# Pages that show all there is of something that stays short, each with the reason.
MAY_GROW = {
    "applications:staff_check": "the members, papers and questions of one application",
    "assessment:consensus (without a criterion)": "the assessors of one application",
    "assessment:expertise": "the vocabularies of countries and themes",
    "assessment:mine": "what one assessor has to read",
    "assessment:reserve": "the places that cities gave up in one call, beside a list in pages",
    "accounts:held": "a download of all that is held about one person",
    "action_plans:mine": "the plans of one person's cities",
    "action_plans:objectives": "the objectives of one plan, with the codes of their measures",
    "applications:documents": "the documents that one call asks for",
    "applications:check": "all that one application says",
    "applications:profile": "five topics a side, ten wishes; and the vocabulary of topics",
    "applications:profile_city": "the vocabularies of tags and languages",
    "applications:stakeholders": "the partnership of one application: twenty at most",
    "applications:mine": "the applications of one person's cities, and the open calls",
    "applications:versions": "what one city has sent for one call, and its changes",
    "calls:staff_closings": "the few cities of one call that have a closing time of their own",
    "calls:staff_question": "how one answer read before",
    "calls:staff_question_close": "the answers of one call",
    "calls:staff_call": "the call's choices: themes, topics, countries",
    "calls:staff_mail_text": "what was written of one mail in one language",
    "calls:staff_call_new": "the call's choices: themes, topics, countries",
    "casework:owner": "the choice of colleagues who may look after one application",
    "homes:workspace": "what one person's cities have and owe",
    "organisations:delete_account": "the cities that one person leads alone",
    "organisations:staff_doubles": "the records of one name, beside a list in pages",
    "organisations:staff_organisation_split": "what one city has, and its people",
    "organisations:describe": "the vocabularies of tags and languages",
    "organisations:staff_organisation": "the people of one city",
    "organisations:staff_organisation (in India)": "the people of one city",
    "organisations:team": "the people of one city",
    "organisations:team (in India)": "the people of one city",
    "matching:confirm": "the vocabulary of topics, for each pair that is confirmed",
    "pairings:answer": "the parties of one pairing",
    "pairings:mine": "the pairings of one person's cities: as many as it has places",
    "pairings:questions": "what one city and staff wrote about one pairing",
    "pairings:staff_questions": "what one city and staff wrote about one pairing",
    "pairings:staff_correct": "the vocabulary of topics",
    "pairings:staff_detail": "the parties and milestones of one pairing",
    "pairings:workspace": "the parties and milestones of one pairing",
    "questionnaires:staff_template": "the sections of one questionnaire",
    "questionnaires:staff_templates": "the questionnaires of the programme: a handful",
    "showcase:calls": "the calls of the programme: a few a year",
    "showcase:home": "the map, which has a limit of its own in the benchmarks",
    "showcase:pairing (published)": "the parties of one pairing",
    "showcase:pairings": "the map, which has a limit of its own in the benchmarks",
    "showcase:pairings_geojson": "a download of all",
    "showcase:pairings_json": "a download of all",
}


class ShortPages:
    """Pages of so many rows at most, so that the walk is short as well."""

    def __init__(self):
        self.most = ONE


@pytest.fixture
def short_pages(monkeypatch):
    """Return what says how many rows a page has."""
    pages, as_it_is = ShortPages(), Paginator.__init__

    def short(self, rows, size, *more, **options):
        as_it_is(self, rows, min(size, pages.most), *more, **options)

    monkeypatch.setattr(Paginator, "__init__", short)
    return pages


def readers_of(row):
    if row.GET[ANONYMOUS] == OPEN:
        return [ANONYMOUS]
    return [role for role in READERS if row.GET[role] == OPEN]


@dataclass(frozen=True)
class Look:
    """What a page came to."""

    status: int
    queries: int
    length: int


def look(client, address):
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
        parts = answer.streaming_content if answer.streaming else [answer.content]
        content = CALL_OFFERED.sub(b"", b"".join(parts))
    return Look(answer.status_code, len(captured), len(content))


def problem_of(few, many, name):
    """Return what is wrong with a page of many rows, beside what it was with few; or nothing.

    The first look may read more than the second: what each process reads once.
    """
    if few.status != many.status or many.queries > few.queries:
        return f"{few} became {many}"
    if name not in MAY_GROW and many.length > few.length + NUMBERS:
        return f"{few.length} bytes became {many.length}: page the list, or give the reason here"
    return ""


@pytest.fixture(scope="module")
def furnished(world, django_db_blocker):
    """Put something on every list of the world's people."""
    with django_db_blocker.unblock():
        furnish(world)
    return world


def furnish(w):
    """Add what the lists of staff and of the home city show, in each of its states."""
    call, people = CallFactory(themes=[ThemeFactory()]), w.people
    CallCommitmentFactory(call=call)
    CallMilestoneFactory(call=call)
    AssessmentCriterionFactory(call=call)
    add_questions_and_closings(w, call)
    call.named_partners.add(w.partner)
    OrganisationCity.objects.create(organisation=w.home, city=CityFactory())
    w.home.tags.add(TagFactory())
    w.home.languages.add(LanguageFactory())
    MailDomainFactory(organisation=w.home)
    ClaimFactory(organisation=w.home)
    FirstSteps.objects.create(person=people["observer"])
    Practice.objects.create(person=people["coordinator"])
    StaffInvitationFactory().countries.add(w.partner.country)
    former = FormerOrganisation.objects.create(
        organisation=w.home,
        into_id=w.home.pk,
        day=dt.date(2026, 5, 3),
        slug="former",
        name="Former",
        former_id=10**6,
    )
    # Another record of the same name, for each who may compare them.
    for each in (w.home, w.partner):
        OrganisationFactory(name=each.name, country=each.country)
    former.rows.create(relation="organisations.MailDomain.organisation", row_id=1, how="made")
    w.home.names.create(name="Once", bearer_id=w.home.pk)
    Split.objects.create(
        organisation=w.elsewhere, out_of=w.home, kind="since", day=dt.date(2026, 5, 3)
    )
    add_applications(w, call)
    add_assessment(w, call)
    add_outcomes(w)
    pairing = add_pairings(w)
    FairnessFactory(run=BoardFactory(run__call=call).run)
    add_plan(pairing.members.first(), people["lead"])
    CallQuestionnaire.objects.create(
        call=call, purpose=Purpose.PLAN, version=TemplateVersionFactory()
    )
    for status in MailStatus.values:
        mail = MailFactory(status=status, recipient=people["partner_lead"].email)
    MailTextFactory(scope=key_of(call))
    Delivery.objects.create(kind="report", duty="-", recipient=people["lead"], mail=mail)
    for role in ("coordinator", "lead"):
        DoneJobFactory(by=people[role])
    seal_records()


def add_questions_and_closings(w, call):
    question = CallQuestionFactory(call=call, answered=True)
    Helped.objects.create(of=question, person=w.people["lead"], helped=True)
    Follower.objects.create(call=call, person=w.people["lead"])
    FormerAnswer.objects.create(of=question, question="Who?", answer="You.", since=now())
    CallQuestionFactory(call=call, asked_by=w.people["lead"])
    wish = ExtensionRequestFactory(call=call, organisation=w.home)
    OwnClosing.objects.create(
        call=call, organisation=w.home, closes_at=call.closes_at, extension=wish
    )
    LateCodeFactory(call=call, organisation=w.home, code_hash="0" * 64)


def add_applications(w, call):
    for factory in (ApplicationFactory, SubmittedApplicationFactory, EligibleApplicationFactory):
        application = factory(
            organisation=w.home,
            themes=call.themes.all(),
            partner_countries=call.partner_countries.all(),
            **({"call": call} if factory is ApplicationFactory else {}),
        )
        CommitmentFactory(municipality=MunicipalityFactory(application=application))
        OnlineInvitationFactory(municipality=MunicipalityFactory(application=application))
        county = OnlineLetterFactory(stakeholder__application=application).stakeholder
        OnlineInvitationFactory(municipality=None, stakeholder=county)
        Profile.objects.create(application=application, saved_by=w.people["lead"])
        ApplicationDocumentFactory(application=application)
        WishFactory(application=application)
        EarlierCooperation.objects.create(application=application, partner="Kochi")
        record_event(verb="application.started", target=application, by=w.people["lead"])
        if not application.is_draft:
            AssignmentFactory(application=application, assessor=w.people["assessor"])
    InvitedInterestFactory(organisation=w.home)
    LeadOfferFactory()
    CriterionRulingFactory(application=application)
    FirstCheckFactory(application=application)
    ClarificationFactory(application=application, thread=MessageFactory().thread)
    add_casework(w, application)


def add_casework(w, application):
    boss = w.people["coordinator"]
    CaseOwnerFactory(application=application, owner=boss)
    TaggingFactory(application=application)
    MentionFactory(note=NoteFactory(application=application), person=boss)
    SeenFactory(application=application, person=w.people["observer"])


def add_assessment(w, call):
    """Add what two assessors make of an application, and one that one of them may not read."""
    plan, criterion = AssessmentPlanFactory(call=call), call.criteria.first()
    application = EligibleApplicationFactory(call=call, organisation=OrganisationFactory())
    for reader, points in ((w.people["assessor"], 5), (w.people["assessor_other"], 1)):
        row = HandedInFactory(
            assignment=AssignmentFactory(application=application, assessor=reader),
            scores={criterion: points},
        )
        row.scores.get().versions.create(version=1, value=points, sentence="Clear.")
        Asked.objects.create(plan=plan, assessor=reader)
        expert = Expertise.objects.create(assessor=reader, languages="de en")
        expert.countries.add(application.organisation.country)
        expert.themes.add(call.themes.first())
    agreed = Agreed.objects.create(
        application=application, criterion=criterion, value=3, sentence="So."
    )
    Agreement.objects.create(agreed=agreed, person=reader)
    ConflictFactory(application=EligibleApplicationFactory(call=call), person=reader)


def add_outcomes(w):
    BulkRowFactory(run__by=w.people["coordinator"])
    SavedView.objects.create(person=w.people["coordinator"], name="Asia", query="q=a")
    row = outcome(w)
    row.drafts.create(number=1, written_for="accepted", reason=row.reason, subject="A", text="B")
    ParagraphFactory(call=row.application.call)
    release_of(w)
    place_of(w)
    correction = told(w)
    Letter.objects.create(decision=correction.was, language="en-gb", subject="A", text="B")


def add_pairings(w):
    topic = TopicFactory(themes=[ThemeFactory()])
    topic.main_topics.add(MainTopicFactory())
    PublishedPairingFactory(topics=[topic])
    PartnerWishFactory(organisation=w.home)
    # A chosen city that says what it can share.
    ChallengeFactory(application=AcceptedApplicationFactory(), direction=Direction.SHARE)
    PairingClosingFactory(pairing__organisations=[w.home, PartnerOrganisationFactory()])
    # The last but one has no plan, the last gets one.
    states = (PairingFactory, AcceptedPairingFactory, RunningPairingFactory, RunningPairingFactory)
    for factory in states:
        pairing = factory(organisations=[w.home, PartnerOrganisationFactory()], topics=[topic])
        record_event(verb="pairing.proposed", target=pairing, by=w.people["coordinator"])
    MilestoneMoveFactory(milestone__pairing=pairing)
    AmendmentFactory(pairing=pairing)
    MilestoneFactory(pairing=pairing, kind=MilestoneKind.REPORT)
    return pairing


def add_plan(member, writer):
    plan = PlanFactory(member=member)
    measure = FundingLineFactory(measure__plan=plan).measure
    measure.goals.add(GoalFactory())
    measure.indicators.create(name="Hours")
    measure.risks.create(text="Rain")
    section = plan.response.version.sections.first()
    plan.response.marks.create(section=section, marked_by=writer)
    answer = plan.response.answers.create(
        question=section.questions.first(), value="Floods", saved_by=writer
    )
    answer.revisions.create(version=1, value="Floods", saved_at=now(), saved_by=writer)
    record_event(verb="plan.opened", target=plan, by=writer)


@pytest.mark.parametrize("row", [row for row in TABLE if readers_of(row)], ids=str)
def test_no_page_grows_with_its_tables(row, furnished, clients, short_pages):
    with transaction.atomic():
        address = row.address(furnished)
        before = {role: look(clients[role], address) for role in readers_of(row)}
        Multiplier(TIMES).grow()
        short_pages.most = THREE
        after = {role: look(clients[role], address) for role in readers_of(row)}
        transaction.set_rollback(True)
    problems = {role: problem_of(before[role], after[role], str(row)) for role in before}
    assert not any(problems.values()), problems


def test_reasons_name_pages_that_are_there():
    names = {str(row) for row in TABLE}
    assert MAY_GROW.keys() <= names


@pytest.mark.usefixtures("clients")
def test_every_table_is_multiplied(furnished):
    with transaction.atomic():
        counts = Multiplier(TIMES).grow()
        transaction.set_rollback(True)

    short = {model._meta.label for model, (had, has) in counts.items() if has < 5 * had or not had}
    assert short == set(NOT_MULTIPLIED), "Put a row into `furnish`, or give the reason here."
