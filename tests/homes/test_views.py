"""The two home pages: a city's workspace and the console."""

import datetime as dt
from collections import Counter

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from action_plans.models import Measure, Objective, Plan
from applications.services import save_section
from core.duties.catalogue import Duty, Words, duty, key_of
from core.kit.rows import NOTHING
from core.post.states import MailStatus
from iuc_portal.homes.selectors import workspace_of
from iuc_portal.homes.selectors.cards import (
    application_rows,
    deferred_interests,
    pairing_cards,
    plan_cards,
)
from iuc_portal.homes.selectors.needs import Owed
from iuc_portal.homes.views.staff import greeting
from pairings.models import Pairing, PairingMember
from pairings.states import PairingStatus
from programme.calls.states import MilestoneKind
from programme.organisations.states import MembershipRole
from questionnaires.models import SectionMark
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
    UserFactory,
)
from tests.factories.applications import (
    AcceptedApplicationFactory,
    ApplicationFactory,
    AssignmentFactory,
    EligibleApplicationFactory,
    InterestFactory,
    InvitedInterestFactory,
    SentInterestFactory,
    SubmittedApplicationFactory,
)
from tests.factories.pairings import (
    AcceptedPairingFactory,
    MilestoneFactory,
    PairingFactory,
    RunningPairingFactory,
)
from tests.factories.programme import (
    CallFactory,
    ClosedCallFactory,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
    ThemeFactory,
    TopicFactory,
)
from tests.factories.questionnaires import ResponseFactory
from tests.factories.reminders import MailFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def demo(settings):
    """Spare staff the second factor."""
    settings.DEMO = True


def member(role=MembershipRole.LEAD, organisation=None):
    organisation = organisation or OrganisationFactory()
    return MembershipFactory(role=role, organisation=organisation).user


def needs_of(user):
    return [need.title for need in workspace_of(user).needs]


# The workspace ------------------------------------------------------------------------


def test_person_without_city_is_told_the_first_step(sign_in):
    call = CallFactory()

    page = sign_in(UserFactory()).get("/my/").content.decode()

    assert "First, find your city" in page
    assert "/my/organisations/find/" in page
    assert call.title in page


def test_city_without_application_is_led_to_the_open_call(sign_in):
    call = CallFactory()

    page = sign_in(member()).get("/my/").content.decode()

    assert "No application yet" in page
    assert f"/applications/new/{call.slug}/" in page
    assert "Nothing waits for you" in page


@pytest.mark.parametrize(
    ("organisation", "words"),
    [
        (OrganisationFactory, "No call is open at present"),
        (PartnerOrganisationFactory, "Partner cities do not apply"),
    ],
)
def test_city_that_cannot_apply_now_is_told_why(organisation, words, sign_in):
    page = sign_in(member(organisation=organisation())).get("/my/").content.decode()

    assert words in page


def test_draft_is_a_need_with_what_it_lacks(sign_in):
    draft = ApplicationFactory()
    lead = member(organisation=draft.organisation)

    page = sign_in(lead).get("/my/").content.decode()

    assert needs_of(lead) == ["Complete and send your application"]
    assert f"/applications/{draft.draft_key}/" in page
    assert "Missing: First, Second" in page


def test_draft_of_a_closed_call_is_kept_and_asks_for_nothing(sign_in):
    draft = ApplicationFactory(call=ClosedCallFactory())
    lead = member(organisation=draft.organisation)

    assert needs_of(lead) == []
    assert b"your text is kept" in sign_in(lead).get("/my/").content


def test_viewer_is_asked_for_nothing():
    draft = ApplicationFactory()
    pairing = PairingFactory(organisations=[draft.organisation, PartnerOrganisationFactory()])

    assert needs_of(member(MembershipRole.VIEWER, draft.organisation)) == []
    assert needs_of(member(MembershipRole.EDITOR, draft.organisation)) == [
        "Complete and send your application"
    ]
    assert len(needs_of(member(MembershipRole.LEAD, draft.organisation))) == 2
    assert pairing.status == PairingStatus.PROPOSED


def test_lead_finds_proposal_then_signature(sign_in):
    proposed, accepted = PairingFactory(), AcceptedPairingFactory()
    first = member(organisation=proposed.members.first().organisation)
    second = member(organisation=accepted.members.first().organisation)

    assert needs_of(first)[0].startswith("Answer the proposal to work with")
    assert needs_of(second) == ["Sign the Partnership Agreement"]
    assert proposed.reference in sign_in(first).get("/my/").content.decode()


@pytest.fixture
def running():
    pairing = RunningPairingFactory()
    plan = Plan.objects.create(
        reference="LAP-1", member=pairing.members.first(), response=ResponseFactory()
    )
    objective = Objective.objects.create(plan=plan, number=1, title="Cool streets")
    measure = Measure.objects.create(
        plan=plan, code="A1.1", title="Trees", kind="pilot", objective=objective, cost_total=1000
    )
    measure.funding.create(source="City", amount=400)
    return pairing


def test_running_pairing_shows_its_plan_and_what_it_lacks(running, sign_in):
    lead = member(organisation=running.members.first().organisation)
    today = timezone.localdate()
    for kind in (MilestoneKind.PLAN_SECTION, MilestoneKind.REPORT):
        MilestoneFactory(pairing=running, kind=kind, title=str(kind), due_on=today - 2 * DAY)
    far = MilestoneKind.FINAL_REPORT
    MilestoneFactory(pairing=running, kind=far, title="Far", due_on=today + 200 * DAY)

    page = sign_in(lead).get("/my/").content.decode()

    assert needs_of(lead) == ["Finish section First", "report"]
    assert "Overdue" in page
    assert "2 days overdue" in page
    assert "0 of 2 required sections done" in page
    assert "EUR 600 of 1,000" in page


def test_what_is_far_ahead_can_wait(running, sign_in):
    lead = member(organisation=running.members.first().organisation)
    due = timezone.localdate() + 90 * DAY
    MilestoneFactory(pairing=running, kind=MilestoneKind.PLAN_SECTION, due_on=due)

    page = sign_in(lead).get("/my/").content.decode()

    assert needs_of(lead) == []
    assert [need.title for need in workspace_of(lead).later] == ["Finish section First"]
    assert "Nothing waits for you" in page
    assert "Later: 1 thing that can wait" in page


def test_header_names_the_organisation_or_counts_them(sign_in):
    user = member(organisation=OrganisationFactory(name="Łódź"))
    assert "<small>Łódź</small>" in sign_in(user).get("/plans/").content.decode()

    MembershipFactory(user=user)
    assert "<small>2 organisations</small>" in sign_in(user).get("/my/").content.decode()


def test_finished_plan_asks_for_nothing(running):
    lead = member(organisation=running.members.first().organisation)
    response = Plan.objects.get().response
    for section in response.version.sections.all():
        SectionMark.objects.create(response=response, section=section)

    assert needs_of(lead) == []


def test_partner_reads_no_plan_of_its_own(running):
    partner = member(organisation=running.members.last().organisation)

    assert workspace_of(partner).plans == []
    assert len(workspace_of(partner).pairings) == 1


@pytest.mark.parametrize("factory", [PairingFactory, RunningPairingFactory])
def test_workspace_says_when_the_plan_can_begin(factory, sign_in):
    pairing = factory()
    lead = member(organisation=pairing.members.first().organisation)
    page = sign_in(lead).get("/my/").content.decode()
    is_running = pairing.status == PairingStatus.RUNNING
    assert ("Start the action plan" in page) is is_running
    assert ("when the last partner has signed" in page) is not is_running


def test_workspace_says_of_what_was_typed_only_what_it_knows(sign_in):
    application = ApplicationFactory()
    lead = member(organisation=application.organisation)
    client = sign_in(lead)
    nothing = client.get("/my/").content.decode()
    assert "saved" not in nothing.split("<main")[1].split("needs-h")[0]

    save_section(application=application, answers=[("why", "So.", 0)], by=lead)
    page = " ".join(client.get("/my/").content.decode().split())
    assert "You last saved “First”, " in page
    assert "put right" not in page

    colleague = member(MembershipRole.EDITOR, application.organisation)
    save_section(application=application, answers=[("where", "x" * 101, 0)], by=colleague)
    page = " ".join(client.get("/my/").content.decode().split())
    assert "You last saved “First”, " in page
    assert "1 saved answer is to be put right" in page
    assert f'href="/applications/{application.key}/sections/second/"' in page

    reader = sign_in(member(MembershipRole.VIEWER, application.organisation))
    assert "put right" not in reader.get("/my/").content.decode()
    with time_machine.travel(application.call.closes_at + dt.timedelta(days=1)):
        assert "put right" not in sign_in(lead).get("/my/").content.decode()


def everything(user, number):
    """Let the person's cities owe whatever a city can owe."""
    today = timezone.localdate()
    for place in range(number):
        draft = ApplicationFactory(call=CallFactory(themes=[ThemeFactory()]))
        for factory in (PairingFactory, AcceptedPairingFactory, RunningPairingFactory):
            pairing = factory(organisations=[draft.organisation, PartnerOrganisationFactory()])
        for kind in (MilestoneKind.PLAN_SECTION, MilestoneKind.REPORT, MilestoneKind.PLAN_SECTION):
            MilestoneFactory(pairing=pairing, kind=kind, due_on=today + place * DAY)
        Plan.objects.create(
            reference=f"LAP-{place}", member=pairing.members.first(), response=ResponseFactory()
        )
        MembershipFactory(user=user, organisation=draft.organisation)
        InvitationFactory(
            organisation=draft.organisation,
            invited_by=user,
            expires_at=timezone.now() + DAY,
        )


@pytest.mark.parametrize("number", [1, 3])
def test_workspace_with_all_that_can_be_owed_takes_fourteen_queries(
    number, sign_in, django_assert_num_queries
):
    user = UserFactory()
    everything(user, number)
    client = sign_in(user)
    # What each questionnaire asks, and the number of each model, is read once.
    client.get("/my/")

    with django_assert_num_queries(14):
        page = client.get("/my/").content.decode()
    assert page.count("Answer the proposal to work with") == number


def rows_of_interests(page):
    return [row.interest for row in page.context["interests"]]


def test_workspace_shows_where_an_expression_of_interest_stands_and_what_is_next(sign_in):
    user = UserFactory()
    draft, sent, invited, begun = (
        factory(call__title=f"Call {n}")
        for n, factory in enumerate(
            (InterestFactory, SentInterestFactory, InvitedInterestFactory, InvitedInterestFactory)
        )
    )
    for one in (draft, sent, invited, begun):
        MembershipFactory(user=user, organisation=one.organisation)
    ApplicationFactory(call=begun.call, organisation=begun.organisation)
    InterestFactory()

    page = sign_in(user).get("/my/")

    # Whose full application is begun stands among the applications.
    assert set(rows_of_interests(page)) == {draft, sent, invited}
    text = " ".join(page.content.decode().split())
    for words in (
        "Next: A lead of your team sends it, until",
        "Next: The coordination unit reads it and writes to you",
        "Next: You start the full application, until",
    ):
        assert words in text
    assert reverse("applications:start", args=[invited.call.slug]) in text
    assert "No application yet" not in text


@pytest.mark.parametrize(
    ("factory", "queries"),
    [(None, 8), (InterestFactory, 8), (SentInterestFactory, 8), (InvitedInterestFactory, 8)],
)
def test_expressions_of_interest_cost_the_workspace_no_query(
    factory, queries, sign_in, django_assert_num_queries
):
    user = UserFactory()
    home = MembershipFactory(user=user).organisation
    for _call in range(3 if factory else 0):
        factory(organisation=home)
    client = sign_in(user)
    client.get("/my/")
    with django_assert_num_queries(queries):
        page = client.get("/my/")
    assert len(rows_of_interests(page)) == (3 if factory else 0)


def test_what_is_owed_of_interests_is_the_same_beside_their_rows_and_without():
    user = UserFactory()
    for factory in (InterestFactory, InvitedInterestFactory, SentInterestFactory):
        MembershipFactory(user=user, organisation=factory().organisation)
    memberships = list(user.memberships.all())
    alone = Counter(duty.key for duty in Owed(user, memberships).all())
    owed = Owed(user, memberships)
    deferred = deferred_interests(owed)
    assert Counter(duty.key for duty in owed.all()) == alone
    assert len(deferred.found) == 3
    assert {key.partition("/")[0] for key in alone} == {"interest_closing", "interest_invited"}


def test_card_of_a_pairing_names_its_topics_in_their_order(sign_in):
    pairing = PairingFactory()
    lead = member(organisation=pairing.members.first().organisation)
    pairing.topics.clear()
    assert [card.topics for card in workspace_of(lead).pairings] == [[]]

    pairing.topics.add(*(TopicFactory(name=name) for name in ("Waste", "Émissions", "Heat")))

    page = sign_in(lead).get("/my/").content.decode()
    assert "Émissions, Heat, Waste" in page


def test_what_is_owed_is_the_same_beside_the_rows_of_the_page_and_without():
    user = UserFactory()
    everything(user, 2)
    memberships = list(user.memberships.all())
    alone = Counter(duty.key for duty in Owed(user, memberships).all())

    owed = Owed(user, memberships)
    for read in (application_rows, pairing_cards, plan_cards):
        read(owed)

    assert Counter(duty.key for duty in owed.all()) == alone
    kinds = Counter(key.partition("/")[0] for key in alone.elements())
    assert kinds == {
        **dict.fromkeys(["draft_closing", "acceptance", "signature", "report", "invitation"], 2),
        "plan_section": 4,
    }


def test_duty_on_rows_that_the_page_does_not_show_is_found(monkeypatch):
    @duty("farewell", label="Farewell", to=[MembershipRole.LEAD])
    def farewells(ask):
        return ask.search(
            PairingMember.objects.all(),
            lambda member: Duty(
                kind="farewell",
                about=key_of(member),
                owner=f"organisation:{member.organisation_id}",
                due=None,
                page="/",
                say=lambda: Words(title="Say thank you"),
            ),
            is_open=Q(pairing__status=PairingStatus.COMPLETED),
            is_done=NOTHING,
            owner={"organisation": "organisation"},
            about={},
            due="pairing__sign_by",
        )

    every = {"farewell": farewells}
    monkeypatch.setattr("iuc_portal.homes.selectors.needs.kinds", lambda: every)
    pairing = RunningPairingFactory()
    Pairing.objects.update(status=PairingStatus.COMPLETED)

    found = workspace_of(member(organisation=pairing.members.first().organisation))

    assert [need.title for need in found.needs] == ["Say thank you"]
    assert found.pairings == []


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_workspace_do_not_grow(number, sign_in, django_assert_num_queries):
    user = UserFactory()
    for place in range(number):
        application = SubmittedApplicationFactory()
        MembershipFactory(user=user, organisation=application.organisation)
        pairing = RunningPairingFactory(
            organisations=[application.organisation, PartnerOrganisationFactory()]
        )
        MilestoneFactory(pairing=pairing, kind=MilestoneKind.REPORT)
        Plan.objects.create(
            reference=f"LAP-{place}", member=pairing.members.first(), response=ResponseFactory()
        )
    client = sign_in(user)

    ContentType.objects.clear_cache()
    with django_assert_num_queries(11):
        client.get("/my/")


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_workspace_do_not_grow_with_drafts(
    number, sign_in, django_assert_num_queries
):
    user = UserFactory()
    for _ in range(number):
        theme = ThemeFactory()
        draft = ApplicationFactory(call=CallFactory(themes=[theme]), themes=[theme])
        MembershipFactory(user=user, organisation=draft.organisation)
    client = sign_in(user)
    # What each questionnaire asks is read once.
    client.get("/my/")

    ContentType.objects.clear_cache()
    with django_assert_num_queries(12):
        page = client.get("/my/").content.decode()
    assert page.count("Missing: First, Second") == number


def test_staff_without_city_work_in_the_console(sign_in):
    response = sign_in(CoordinatorFactory()).get("/my/")

    assert (response.status_code, response.url) == (302, "/staff/")


# The console --------------------------------------------------------------------------


def tiles_of(response):
    return {tile.title: tile.number for tile in response.context["tiles"]}


def test_coordinator_sees_what_waits_and_where_calls_stand(sign_in):
    call = CallFactory(title="City pairings 2026")
    for factory in (
        ApplicationFactory,
        SubmittedApplicationFactory,
        EligibleApplicationFactory,
        AcceptedApplicationFactory,
    ):
        factory(call=call)
    PairingFactory(call=call)
    MailFactory(status=MailStatus.FAILED)

    response = sign_in(CoordinatorFactory(full_name="Ilse Verbeek")).get("/staff/")

    assert tiles_of(response) == {
        "Eligibility to check": 1,
        "Eligible, to decide": 1,
        "Accepted, without a partner": 1,
        "Answers and signatures awaited": 2,
        "Organisations without a lead": 2,
        "Mails failed": 1,
    }
    (funnel,) = response.context["funnels"]
    assert [step.number for step in funnel.steps] == [3, 2, 1, 1, 0]
    assert b", Ilse</h1>" in response.content
    assert b"You coordinate all regions." in response.content


def test_pairing_whose_plan_could_not_be_opened_is_told(sign_in):
    RunningPairingFactory()
    response = sign_in(CoordinatorFactory()).get("/staff/")
    assert tiles_of(response)["Running pairings without a plan"] == 1
    desk = sign_in(DeskFactory()).get("/staff/")
    assert "Running pairings without a plan" not in tiles_of(desk)


def test_passed_dates_are_at_risk(sign_in):
    now = timezone.now()
    late = PairingFactory(accept_by=now - 3 * DAY)
    milestone = MilestoneFactory(due_on=timezone.localdate() - 5 * DAY)

    response = sign_in(ObserverFactory()).get("/staff/")

    # Both cities of the second one owe their answer: that is one pairing at risk.
    assert [date.note for date in response.context["late"]] == [
        milestone.pairing.reference,
        f"{late.reference}, and 1 more date",
    ]
    assert tiles_of(response)["Pairings at risk"] == 2
    assert response.context["late_count"] == 2
    assert b"3 days overdue" in response.content


def test_pairings_at_risk_are_those_late_for_longest(sign_in):
    now = timezone.now()
    for days in range(8):
        PairingFactory(accept_by=now - (days + 1) * DAY)
    signing = AcceptedPairingFactory(sign_by=now - 30 * DAY)
    done = MilestoneFactory(due_on=timezone.localdate() - 50 * DAY, done_at=now)

    response = sign_in(ObserverFactory()).get("/staff/")

    late = response.context["late"]
    assert len(late) == 6
    assert signing.reference in late[0].note
    assert all(done.pairing.reference not in date.note for date in late)
    assert response.context["late_count"] == 9


def test_nearest_closing_and_a_few_of_each_kind_are_always_ahead(sign_in):
    now = timezone.now().replace(microsecond=0)
    call = CallFactory(closes_at=now + 40 * DAY)
    for days in range(4):
        PairingFactory(call=call, accept_by=now + (days + 1) * DAY)
    MilestoneFactory(pairing__call=call, due_on=timezone.localdate() + 50 * DAY, title="Report")

    ahead = sign_in(CoordinatorFactory()).get("/staff/").context["ahead"]

    assert [date.kind for date in ahead] == [*["acceptance"] * 4, "closing", "milestone"]


def test_dates_of_one_kind_fill_what_the_others_leave(sign_in):
    now = timezone.now().replace(microsecond=0)
    for days in range(4):
        PairingFactory(call=None, accept_by=now + (days + 1) * DAY)

    ahead = sign_in(CoordinatorFactory()).get("/staff/").context["ahead"]

    assert [date.kind for date in ahead] == ["acceptance"] * 6


def test_funnels_count_what_the_desk_reaches(sign_in):
    india, japan = PartnerCountryFactory(), PartnerCountryFactory(code="JP", name="Japan")
    call = CallFactory(closes_at=timezone.now() + 5 * DAY)
    ApplicationFactory(call=call)
    for country, number in ((india, 1), (japan, 2)):
        for _ in range(number):
            SubmittedApplicationFactory(call=call).partner_countries.set([country])
            partner = PartnerOrganisationFactory(country=country)
            PairingFactory(call=call, organisations=[OrganisationFactory(), partner])

    def numbers(person):
        response = sign_in(person).get("/staff/")
        (funnel,) = response.context["funnels"]
        (closing,) = [date for date in response.context["ahead"] if date.kind == "closing"]
        return [step.number for step in funnel.steps], closing.note

    assert numbers(CoordinatorFactory()) == ([3, 0, 0, 3, 0], "Drafts: 1, sent: 3")
    assert numbers(DeskFactory(countries=[japan])) == ([2, 0, 0, 2, 0], "Sent: 2")
    assert numbers(DeskFactory(countries=[india])) == ([1, 0, 0, 1, 0], "Sent: 1")


def test_deadlines_ahead_come_in_order(sign_in):
    now = timezone.now().replace(microsecond=0)
    call = CallFactory(closes_at=now + 5 * DAY)
    pairing = PairingFactory(call=call, accept_by=now + 2 * DAY)
    MilestoneFactory(pairing__call=call, due_on=timezone.localdate() + 10 * DAY, title="Report")
    MilestoneFactory(pairing__call=call, due_on=timezone.localdate() + 90 * DAY, title="Far")

    response = sign_in(CoordinatorFactory()).get("/staff/")

    titles = [date.title for date in response.context["ahead"]]
    assert titles[2:] == [f"{call.title} closes", "Report"]
    assert {date.note for date in response.context["ahead"][:2]} == {pairing.reference}


def test_desk_sees_its_countries_alone(sign_in):
    india = PartnerCountryFactory()
    PairingFactory()
    japan = DeskFactory(countries=[PartnerCountryFactory(code="JP", name="Japan")])

    assert "Answers and signatures awaited" not in tiles_of(sign_in(japan).get("/staff/"))
    response = sign_in(DeskFactory(countries=[india])).get("/staff/")
    assert tiles_of(response)["Answers and signatures awaited"] == 2
    assert b"You look after: India." in response.content


def test_assessor_sees_what_is_assigned(sign_in):
    assessor = AssessorFactory()
    assignment = AssignmentFactory(assessor=assessor)
    AssignmentFactory()

    response = sign_in(assessor).get("/staff/")

    assert response.context["assigned"] == [assignment.application]
    assert tiles_of(response) == {}
    assert b"Where each call stands" not in response.content


@pytest.mark.parametrize(
    ("factory", "words"),
    [
        (
            CoordinatorFactory,
            ["Accept, reserve or reject", "See why, then try again", "Release them"],
        ),
        (ObserverFactory, ["Coordinators decide", "See why", "Coordinators let them go"]),
    ],
)
def test_tiles_ask_nobody_for_what_they_may_not_do(factory, words, sign_in):
    EligibleApplicationFactory()
    MailFactory(status=MailStatus.FAILED)
    MailFactory(status=MailStatus.HELD)
    page = sign_in(factory()).get("/staff/").content.decode()
    assert [word for word in words if word not in page] == []
    asked = [word for word in ("reserve or reject", "then try again") if word in page]
    assert bool(asked) is (factory is CoordinatorFactory)


def test_person_of_a_role_without_rights_is_not_asked_to_register_a_city(sign_in):
    page = sign_in(UserFactory(staff_role="auditor")).get("/my/").content.decode()
    assert "Register your city" not in page
    assert "Ask a coordinator what your role is for." in page


def test_console_without_anything_says_so(sign_in):
    page = sign_in(CoordinatorFactory()).get("/staff/").content

    assert b"Nothing waits for you" in page
    assert b"No call has taken applications yet" in page
    assert b"No date in the next 60 days" in page


@pytest.mark.parametrize("number", [1, 10])
@pytest.mark.parametrize(("role", "queries"), [(CoordinatorFactory, 15), (DeskFactory, 15)])
def test_queries_of_the_console_do_not_grow(
    role, queries, number, sign_in, django_assert_num_queries
):
    person = role(**({"countries": [PartnerCountryFactory()]} if role is DeskFactory else {}))
    late = timezone.now() - DAY
    for _ in range(number):
        call = CallFactory()
        SubmittedApplicationFactory(call=call)
        PairingFactory(call=call, accept_by=late)
        AcceptedPairingFactory(call=call, sign_by=late)
        MilestoneFactory(pairing__call=call, due_on=late.date())
    client = sign_in(person)

    with django_assert_num_queries(queries):
        response = client.get("/staff/")

    assert len(response.context["funnels"]) == min(number, 4)
    assert len(response.context["late"]) == min(number * 3, 6)


@pytest.mark.parametrize(
    ("hour", "words"),
    [(9, "Good morning, Ana"), (12, "Good afternoon, Ana"), (22, "Good evening, Ana")],
)
def test_greeting_follows_the_hour(hour, words):
    assert greeting(hour) % {"name": "Ana"} == words


def test_console_tells_a_desk_without_countries_what_to_do(sign_in):
    assert b"You have no countries yet." in sign_in(DeskFactory()).get("/staff/").content
