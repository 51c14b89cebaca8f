"""The plan, what assessors know, and the assignment of all at once."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.actions import ACTIONS
from applications.assessment.mails import outdated
from applications.assessment.models import AssessmentPlan, Expertise
from applications.assessment.selectors.sharing import facts_of_call, preview_of
from applications.assessment.services import (
    assign_readings,
    close_plan,
    reopen_plan,
    save_expertise,
    save_plan,
)
from applications.models import Assignment
from applications.services import assign_assessor
from core.duties.catalogue import Ask, find
from core.kit.errors import InvalidError, NotAllowedError, StaleError, WrongStateError
from core.post.models import Mail
from core.post.states import MailStatus
from core.trail.models import AuditEvent
from tests.factories.accounts import AssessorFactory, CoordinatorFactory, ObserverFactory
from tests.factories.applications import (
    AssignmentFactory,
    ConflictFactory,
    EligibleApplicationFactory,
    declare,
)
from tests.factories.assessment import AssessmentFactory, AssessmentPlanFactory, HandedInFactory
from tests.factories.programme import (
    AssessmentCriterionFactory,
    CallFactory,
    MembershipFactory,
    OrganisationFactory,
)

pytestmark = pytest.mark.django_db

ASSIGN = next(one for one in ACTIONS if one.key == "applications.assign")


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True  # Staff need no second factor.


@pytest.fixture
def coordinator():
    return CoordinatorFactory()


@pytest.fixture
def plan():
    return AssessmentPlanFactory(assessors_each=2)


@pytest.fixture
def readers(plan):
    people = [AssessorFactory() for _ in range(3)]
    for person in people:
        declare(person, plan.call)
    return people


def values(**more):
    return {
        "assessors_each": 2,
        "spread": 1,
        "scores_by": None,
        "consensus_by": None,
        "read_version": 0,
    } | more


def preview(plan, by, **fixed):
    return preview_of(facts_of_call(plan.call, plan, by), **fixed)


def test_plan_is_opened_and_changed_once(coordinator):
    call = CallFactory()
    save_plan(call=call, by=coordinator, **values())
    plan = save_plan(call=call, by=coordinator, **values(assessors_each=3, read_version=1))
    assert (plan.assessors_each, plan.version) == (3, 2)
    same = save_plan(call=call, by=coordinator, **values(assessors_each=3, read_version=2))
    assert same.version == 2
    assert [event.verb for event in AuditEvent.objects.order_by("pk")] == [
        "call.assessment_opened",
        "call.assessment_changed",
    ]
    with pytest.raises(StaleError):
        save_plan(call=call, by=coordinator, **values(read_version=1))


def test_assessment_is_closed_and_reopened_with_a_reason(sign_in, plan, coordinator):
    client, page = sign_in(coordinator), reverse("assessment:plan", args=[plan.call.slug])
    close, reopen = (
        reverse(f"assessment:plan_{step}", args=[plan.call.slug]) for step in ("close", "reopen")
    )
    for step, other, is_closed in ((close, reopen, True), (reopen, close, False)):
        html = client.get(page).content.decode()
        assert step in html
        assert other not in html
        assert client.get(step).status_code == 200
        assert client.post(step, {"reason": ""}).status_code == 422
        assert client.post(step, {"reason": "So."}).url == page
        plan.refresh_from_db()
        assert bool(plan.closed_at) is is_closed
        assert client.post(step, {"reason": "Again."}).status_code == 409
    assert [(event.verb, event.reason) for event in AuditEvent.objects.order_by("pk")] == [
        ("call.assessment_closed", "So."),
        ("call.assessment_reopened", "So."),
    ]


def asking_mails():
    return Mail.objects.filter(kind="assessment_opened")


def test_each_assessor_is_asked_once_to_declare(outbox, coordinator):
    first, declared, inactive = AssessorFactory(), AssessorFactory(), AssessorFactory()
    inactive.is_active = False
    inactive.save()
    call = CallFactory()
    declare(declared, call)
    save_plan(call=call, by=coordinator, **values(declare_by=dt.date(2026, 12, 1)))
    later = AssessorFactory()
    for _ in range(2):
        save_plan(
            call=call,
            by=coordinator,
            **values(declare_by=dt.date(2026, 12, 1), read_version=1),
        )
    assert [mail.recipient for mail in asking_mails().order_by("pk")] == [first.email, later.email]
    text = asking_mails().first().text
    assert "1 December 2026" in text
    assert reverse("assessment:interests", args=[call.slug]) in text


def test_what_has_not_left_is_taken_back_on_closing_and_asked_anew(outbox, coordinator):
    sent, waiting = AssessorFactory(), AssessorFactory()
    call = CallFactory()
    save_plan(call=call, by=coordinator, **values())
    asking_mails().filter(recipient=sent.email).update(status=MailStatus.SENT)
    close_plan(call=call, reason="Too early.", by=coordinator)
    assert asking_mails().get(recipient=waiting.email).status == MailStatus.WITHDRAWN
    reopen_plan(call=call, reason="Now.", by=coordinator)
    assert list(asking_mails().order_by("pk").values_list("recipient", "status")) == [
        (sent.email, MailStatus.SENT),
        (waiting.email, MailStatus.WITHDRAWN),
        (waiting.email, MailStatus.QUEUED),
    ]


def test_mail_to_who_has_declared_or_left_does_not_leave(outbox, coordinator):
    declared, left, still = (AssessorFactory() for _ in range(3))
    call = CallFactory()
    save_plan(call=call, by=coordinator, **values())
    mails = {mail.recipient: mail for mail in asking_mails()}
    declare(declared, call)
    left.staff_role = ""
    left.save()
    assert set(outdated(mails.values())) == {mails[declared.email].pk, mails[left.email].pk}
    AssessmentPlan.objects.update(closed_at=timezone.now())
    assert mails[still.email].pk in outdated(mails.values())


def test_duty_to_declare_is_owed_until_it_is_done(coordinator):
    reader, call = AssessorFactory(), CallFactory()
    save_plan(call=call, by=coordinator, **values(declare_by=dt.date(2026, 12, 1)))

    def owed(**ask):
        ask = Ask(owners=[f"person:{reader.pk}"], **ask)
        return [duty for duty in find(ask) if duty.kind == "interests"]

    [duty] = owed()
    assert duty.page == reverse("assessment:interests", args=[call.slug])
    assert (duty.words.title, duty.facts()) == ("Declare your interests", {"call": call})
    close_plan(call=call, reason="Too early.", by=coordinator)
    assert not owed(done=None)
    reopen_plan(call=call, reason="Now.", by=coordinator)
    assert owed()
    declare(reader, call)
    assert not owed()
    assert owed(done=True)


def test_interests_are_declared_before_scores_are_due(coordinator):
    late = values(declare_by=dt.date(2026, 12, 2), scores_by=dt.date(2026, 12, 1))
    with pytest.raises(InvalidError) as refusal:
        save_plan(call=CallFactory(), by=coordinator, **late)
    assert refusal.value.field == "scores_by"


def test_plan_says_how_many_have_declared(sign_in, coordinator):
    readers = [AssessorFactory() for _ in range(2)]
    call = CallFactory()
    save_plan(call=call, by=coordinator, **values())
    declare(readers[0], call)
    html = sign_in(coordinator).get(reverse("assessment:plan", args=[call.slug])).content.decode()
    assert "Asked to declare their interests: 2." in html
    assert "Declared: 1." in html


def test_closed_plan_is_not_changed(plan, coordinator):
    close_plan(call=plan.call, reason="All is in.", by=coordinator)
    with pytest.raises(WrongStateError):
        save_plan(call=plan.call, by=coordinator, **values(read_version=2, assessors_each=3))


@pytest.mark.parametrize(
    "wrong",
    [
        {"assessors_each": 0},
        {"assessors_each": 10},
        {"spread": -1},
        {"scores_by": dt.date(2026, 12, 2), "consensus_by": dt.date(2026, 12, 1)},
    ],
)
def test_plan_that_makes_no_sense_is_refused(coordinator, wrong):
    with pytest.raises(InvalidError):
        save_plan(call=CallFactory(), by=coordinator, **values(**wrong))
    assert not AssessmentPlan.objects.exists()


def test_assignment_is_even_and_each_gets_one_mail(plan, readers, coordinator, mailoutbox):
    for _ in range(3):
        EligibleApplicationFactory(call=plan.call)
    shown = preview(plan, coordinator)
    assert not Assignment.objects.exists()

    assign_readings(call=plan.call, locked=[], away=[], seen=shown.print, by=coordinator)

    assert sorted(person.assignments.count() for person in readers) == [2, 2, 2]
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(one.email for one in readers)
    assert "2 applications" in mailoutbox[0].body
    again = preview(plan, coordinator)
    assert not again.added
    assert not again.removed
    assign_readings(call=plan.call, locked=[], away=[], seen=again.print, by=coordinator)
    assert len(mailoutbox) == 3


def test_nobody_reads_against_a_link(plan, readers, coordinator):
    linked, member, employed = readers
    application = EligibleApplicationFactory(call=plan.call)
    ConflictFactory(application=application, person=linked)
    MembershipFactory(user=member, organisation=application.organisation)
    save_expertise(
        assessor=employed,
        countries=[],
        themes=[],
        employer=application.organisation.name.upper(),
        languages="",
        by=employed,
    )
    shown = preview(plan, coordinator)
    assert not shown.sharing.pairs
    assert shown.sharing.missing == {application.pk: 2}
    assert {pair[1] for pair in shown.facts.links} == {one.pk for one in readers}


def test_place_of_who_has_left_is_given_to_somebody_else(plan, readers, coordinator):
    application = EligibleApplicationFactory(call=plan.call)
    gone, done, *_rest = [AssignmentFactory(application=application) for _ in range(2)]
    AssessmentFactory(assignment=gone)
    HandedInFactory(assignment=done)
    assert preview(plan, coordinator).sharing.pairs == {
        (application.pk, row.assessor_id) for row in (gone, done)
    }

    for row in (gone, done):
        row.assessor.is_active = False
        row.assessor.save()
    shown = preview(plan, coordinator)
    assert (application.pk, done.assessor_id) in shown.sharing.pairs
    assert (application.pk, gone.assessor_id) not in shown.sharing.pairs
    assert (len(shown.added), shown.removed) == (1, frozenset())


def test_who_has_not_declared_gets_nothing(plan, coordinator):
    late = AssessorFactory()
    EligibleApplicationFactory(call=plan.call)
    shown = preview(plan, coordinator)
    assert shown.facts.undeclared == [late]
    assert not shown.sharing.pairs


def test_what_was_given_before_the_declaration_is_not_taken_back(plan, coordinator):
    application = EligibleApplicationFactory(call=plan.call)
    late = AssessorFactory()
    Assignment.objects.create(application=application, assessor=late)
    shown = preview(plan, coordinator)
    assert shown.facts.undeclared == [late]
    assert (shown.added, shown.removed) == (frozenset(), frozenset())


def test_knowledge_decides_who_reads(plan, readers, coordinator):
    plan.assessors_each = 1
    plan.save()
    applications = [EligibleApplicationFactory(call=plan.call) for _ in range(3)]
    for reader, application in zip(readers, applications, strict=True):
        application.organisation.country = OrganisationFactory(
            country__code=f"X{reader.pk % 10}", country__name=f"Land {reader.pk}"
        ).country
        application.organisation.save()
        expert = Expertise.objects.create(assessor=reader)
        expert.countries.add(application.organisation.country)
    pairs = preview(plan, coordinator).sharing.pairs
    assert pairs == {(one.pk, reader.pk) for one, reader in zip(applications, readers, strict=True)}


def test_lock_and_swap_by_hand_are_solved_around_and_kept(plan, readers, coordinator):
    plan.assessors_each = 1
    plan.save()
    one, other = (EligibleApplicationFactory(call=plan.call) for _ in range(2))
    lock = [(one.pk, readers[0].pk)]
    away = [(other.pk, readers[1].pk)]
    shown = preview(plan, coordinator, locked=lock, away=away)
    assert shown.sharing.pairs == {(one.pk, readers[0].pk), (other.pk, readers[2].pk)}
    assign_readings(call=plan.call, locked=lock, away=away, seen=shown.print, by=coordinator)
    assert [row.is_locked for row in Assignment.objects.order_by("application_id")] == [True, False]
    assert (one.pk, readers[0].pk) in preview(plan, coordinator).locked


def test_what_was_begun_stays(plan, readers, coordinator):
    plan.assessors_each = 1
    plan.save()
    application = EligibleApplicationFactory(call=plan.call)
    begun = AssignmentFactory(application=application, assessor=readers[2])
    AssessmentFactory(assignment=begun)
    shown = preview(plan, coordinator, away=[(application.pk, readers[2].pk)])
    assert shown.sharing.pairs == {(application.pk, readers[2].pk)}


def test_link_that_came_up_takes_the_reading_away(plan, readers, coordinator):
    plan.assessors_each = 1
    plan.save()
    application = EligibleApplicationFactory(call=plan.call)
    old = AssignmentFactory(application=application, assessor=readers[0])
    ConflictFactory(application=application, person=readers[0])
    shown = preview(plan, coordinator)
    assign_readings(call=plan.call, locked=[], away=[], seen=shown.print, by=coordinator)
    assert not Assignment.objects.filter(pk=old.pk).exists()
    assert Assignment.objects.get().assessor in readers[1:]


def test_other_preview_than_seen_is_not_assigned(plan, readers, coordinator):
    EligibleApplicationFactory(call=plan.call)
    with pytest.raises(StaleError):
        assign_readings(call=plan.call, locked=[], away=[], seen="old", by=coordinator)
    with pytest.raises(WrongStateError):
        assign_readings(call=CallFactory(), locked=[], away=[], seen="", by=coordinator)
    assert not Assignment.objects.exists()


def test_knowledge_is_saved_by_oneself_or_a_coordinator(coordinator):
    assessor = AssessorFactory()
    more = {"countries": [], "themes": [], "employer": " City  of X ", "languages": "de"}
    for by in (assessor, coordinator):
        assert save_expertise(assessor=assessor, by=by, **more).employer == "City of X"
    for by in (AssessorFactory(), ObserverFactory()):
        with pytest.raises(NotAllowedError):
            save_expertise(assessor=assessor, by=by, **more)


def test_pages_plan_look_and_assign(sign_in, coordinator, mailoutbox):
    call = CallFactory()
    AssessmentCriterionFactory(call=call)
    client = sign_in(coordinator)
    page = reverse("assessment:plan", args=[call.slug])
    assign = reverse("assessment:assign", args=[call.slug])
    assert client.get(assign).url == page
    assert client.get(page).status_code == 200
    typed = {"assessors_each": "1", "spread": "1.5", "version": "0", "scores_by": "1 Dec 2026"}
    assert client.post(page, typed | {"spread": "x"}).status_code == 422
    assert client.post(page, typed).url == assign
    assert "1 December 2026" in client.get(page).content.decode()

    readers = [AssessorFactory(full_name=f"Reader {n}") for n in range(2)]
    for reader in readers:
        declare(reader, call)
    one = EligibleApplicationFactory(call=call)
    html = client.get(assign).content.decode()
    assert "As even as it can be, proved" in html
    given = client.get(assign, {"give": f"{one.pk}-{readers[0].pk}", "to": readers[1].pk})
    preview_shown = given.context["preview"]
    assert preview_shown.sharing.pairs == {(one.pk, readers[1].pk)}
    fixed = {"lock": f"{one.pk}-{readers[1].pk}", "away": f"{one.pk}-{readers[0].pk}"}
    assert client.post(assign, fixed | {"seen": "old"}).url.startswith(f"{assign}?lock=")
    done = client.post(assign, fixed | {"seen": preview_shown.print})
    assert done.url == assign
    assert Assignment.objects.get().assessor == readers[1]


def test_observer_reads_the_plan_alone(sign_in, plan):
    client = sign_in(ObserverFactory())
    assert client.get(reverse("assessment:plan", args=[plan.call.slug])).status_code == 200
    assert client.get(reverse("assessment:assign", args=[plan.call.slug])).status_code == 403


def test_page_of_knowledge(sign_in):
    assessor = AssessorFactory()
    client = sign_in(assessor)
    page = reverse("assessment:expertise")
    assert client.get(page).status_code == 200
    assert client.post(page, {"employer": "City of X", "languages": "de"}).status_code == 302
    assert "City of X" in client.get(page).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_page_of_assignment_takes_the_same_queries(
    sign_in, django_assert_max_num_queries, plan, readers, coordinator, number
):
    for _ in range(number):
        EligibleApplicationFactory(call=plan.call)
    client = sign_in(coordinator)
    with django_assert_max_num_queries(20):
        client.get(reverse("assessment:assign", args=[plan.call.slug]))


def test_duty_to_score_is_one_for_a_call_and_ends_with_the_last(plan, readers):
    plan.scores_by = dt.date(2026, 12, 1)
    plan.save()
    reader = readers[0]
    rows = [
        AssignmentFactory(application=EligibleApplicationFactory(call=plan.call), assessor=reader)
        for _ in range(2)
    ]

    def owed(**ask):
        ask = Ask(owners=[f"person:{reader.pk}"], **ask)
        return [duty for duty in find(ask) if duty.kind == "scores"]

    [duty] = owed()
    assert duty.page == reverse("assessment:mine")
    assert duty.words.title == "Hand in your scores"
    assert duty.facts() == {"call": plan.call}
    HandedInFactory(assignment=rows[0])
    assert len(owed()) == 1
    ConflictFactory(application=rows[1].application, person=reader)
    assert owed() == []
    assert [one.done for one in owed(done=True)] == [False]
    assert owed(reader=readers[1]) == []


def test_nobody_is_named_once_the_assessment_is_closed(coordinator):
    plan = AssessmentPlanFactory()
    application = EligibleApplicationFactory(call=plan.call)
    person = AssessorFactory()
    close_plan(call=plan.call, reason="Done.", by=coordinator)
    name = {"application": application, "assessor": person, "by": coordinator}
    with pytest.raises(WrongStateError, match="Reopen it before you name an assessor"):
        assign_assessor(**name)
    [change] = ASSIGN.preview([application], {"assessor": person.pk}, coordinator).values()
    assert "The assessment of this call is closed" in change.why_not
    reopen_plan(call=plan.call, reason="One more.", by=coordinator)
    assert assign_assessor(**name).assessor == person
