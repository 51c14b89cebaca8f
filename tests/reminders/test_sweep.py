"""The sweep: each reminder once, whatever happens to beat and worker."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from action_plans.models import Plan
from applications.assessment.models import Asked, FreePlace
from applications.services import withdraw_application
from core.duties.catalogue import kinds
from core.jobs.models import Heartbeat
from core.jobs.tasks import heartbeat
from core.post.models import Mail
from core.post.states import MailStatus
from programme.calls.states import MilestoneKind
from reminders import services, tasks
from reminders.mails import outdated
from reminders.models import Delivery
from reminders.services import queue_reminders, sweep
from tests.factories.accounts import AssessorFactory, CoordinatorFactory
from tests.factories.applications import (
    ApplicationFactory,
    AssignmentFactory,
    ClarificationFactory,
    InterestFactory,
    InvitedInterestFactory,
    SubmittedApplicationFactory,
    WorkingCopyFactory,
)
from tests.factories.assessment import AssessmentPlanFactory
from tests.factories.calls import CallQuestionFactory, ExtensionRequestFactory
from tests.factories.casework import MentionFactory
from tests.factories.pairings import (
    AcceptedPairingFactory,
    MilestoneFactory,
    PairingFactory,
    RunningPairingFactory,
)
from tests.factories.programme import (
    CallFactory,
    ClaimFactory,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerOrganisationFactory,
    TwoStageCallFactory,
)
from tests.factories.questionnaires import ResponseFactory
from tests.infra.threads import run_in_threads
from tests.infra.waiting import wait_until

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
CLOSE = dt.datetime(2026, 12, 11, 16, tzinfo=dt.UTC)


def make_draft(**fields):
    call = CallFactory(
        opens_at=CLOSE - 60 * DAY, closes_at=fields.pop("closes_at", CLOSE), title="City pairings"
    )
    draft = ApplicationFactory(call=call, **fields)
    MembershipFactory(
        organisation=draft.organisation,
        user__email=f"ana{draft.pk}@city.example",
        user__full_name="Ana Kovačević",
    )
    return draft


def test_reminder_is_queued_once_however_often_the_sweep_runs():
    make_draft()

    assert queue_reminders(now=CLOSE - 3 * DAY) == 1
    assert queue_reminders(now=CLOSE - 3 * DAY) == 0
    assert queue_reminders(now=CLOSE - 2 * DAY) == 0
    assert queue_reminders(now=CLOSE - DAY) == 1

    assert Mail.objects.count() == Delivery.objects.count() == 2
    assert all(delivery.mail for delivery in Delivery.objects.all())


def test_beat_that_was_down_for_hours_catches_up_once():
    make_draft()
    queue_reminders(now=CLOSE - 3 * DAY - dt.timedelta(hours=6))
    before = Mail.objects.count()

    queue_reminders(now=CLOSE - 3 * DAY + dt.timedelta(hours=6))
    queue_reminders(now=CLOSE - 3 * DAY + dt.timedelta(hours=6, seconds=30))

    assert Mail.objects.count() == before + 1


def of_reminders():
    return Mail.objects.filter(kind__startswith="reminder_")


def everything_open(call):
    """Return an application with all that its city could be reminded of, and its lead."""
    application = SubmittedApplicationFactory(call=call)
    organisation = application.organisation
    WorkingCopyFactory(revises=application)
    ClarificationFactory(application=application, due_at=call.closes_at)
    InvitedInterestFactory(call=call, organisation=organisation)
    return application, MembershipFactory(organisation=organisation).user


@pytest.mark.parametrize("was_told", [False, True])
def test_nothing_is_sent_after_a_withdrawal(was_told):
    with time_machine.travel(CLOSE - 30 * DAY, tick=False):
        call = TwoStageCallFactory(opens_at=CLOSE - 60 * DAY, closes_at=CLOSE)
        application, lead = everything_open(call)
        draft, other = ApplicationFactory(call=call), MembershipFactory()
        other.organisation = draft.organisation
        other.save()
    if was_told:
        queue_reminders(now=CLOSE - 3 * DAY)
        assert set(of_reminders().values_list("kind", flat=True)) == {
            "reminder_draft_closing",
            "reminder_clarification",
        }
    waiting = list(of_reminders())
    with time_machine.travel(CLOSE - 3 * DAY, tick=False):
        withdraw_application(application=application, by=lead)
        withdraw_application(application=draft, by=other.user)
        assert set(outdated(waiting)) == {mail.pk for mail in waiting}
    for days in (21, 14, 7, 3, 1):
        queue_reminders(now=CLOSE - days * DAY)
    assert list(of_reminders()) == waiting


def test_mail_is_text_and_html_with_absolute_link_and_zone(settings):
    settings.BASE_URL = "https://portal.example"
    draft = make_draft()

    queue_reminders(now=CLOSE - 3 * DAY)

    mail = Mail.objects.get()
    assert mail.kind == "reminder_draft_closing"
    assert mail.subject == "Your draft for “City pairings” is not sent yet (3 days left)"
    for body in (mail.text, mail.html):
        assert "Dear Ana Kovačević," in body
        assert "11 December 2026, 17:00 Brussels time (in 3 days)" in body
        assert f"https://portal.example/applications/{draft.draft_key}/" in body
    assert "<html" in mail.html
    assert "<" not in mail.text


def test_hostile_names_stay_text_in_mails():
    draft = make_draft()
    draft.organisation.name = "<b>Ana & Co</b> \u202etxt 🏙"
    draft.organisation.save()

    queue_reminders(now=CLOSE - 3 * DAY)

    mail = Mail.objects.get()
    assert "<b>Ana & Co</b> txt 🏙" in mail.text
    assert "&lt;b&gt;Ana &amp; Co&lt;/b&gt; txt 🏙" in mail.html


def test_city_elsewhere_reads_its_own_time_too():
    partner = PartnerOrganisationFactory(time_zone="Asia/Kolkata")
    PairingFactory(accept_by=CLOSE, organisations=[OrganisationFactory(), partner])
    MembershipFactory(organisation=partner)

    queue_reminders(now=CLOSE - DAY)

    assert (
        "11 December 2026, 17:00 Brussels time, which is 21:30 in Asia/Kolkata (in 24 hours)"
        in Mail.objects.get(kind="reminder_acceptance").text
    )


@pytest.mark.parametrize("zone", ["", "Nowhere/Atlantis", "Europe/Zagreb"])
def test_no_other_time_is_told_where_there_is_none(zone):
    draft = make_draft()
    draft.organisation.time_zone = zone
    draft.organisation.save()

    queue_reminders(now=CLOSE - dt.timedelta(minutes=20))

    text = Mail.objects.get().text
    assert "17:00 Brussels time (in less than an hour)" in text


def test_every_kind_of_reminder_can_be_written():
    make_draft()
    for factory in (PairingFactory, AcceptedPairingFactory):
        for member in factory(accept_by=CLOSE, sign_by=CLOSE).members.all():
            MembershipFactory(organisation=member.organisation)
    running = RunningPairingFactory()
    for number, member in enumerate(running.members.all()):
        MembershipFactory(organisation=member.organisation)
        Plan.objects.create(reference=f"LAP-{number}", member=member, response=ResponseFactory())
    for kind in (MilestoneKind.PLAN_SECTION, MilestoneKind.REPORT):
        MilestoneFactory(pairing=running, kind=kind, due_on=CLOSE.date())

    InvitationFactory(invited_by=CoordinatorFactory(), expires_at=CLOSE)
    ClaimFactory(organisation=MembershipFactory().organisation, answer_by=CLOSE)
    asked = ClarificationFactory(due_at=CLOSE)
    MembershipFactory(organisation=asked.application.organisation)
    stages = TwoStageCallFactory(interest_closes_at=CLOSE, closes_at=CLOSE + 30 * DAY)
    MembershipFactory(organisation=InterestFactory(call=stages).organisation)
    stages = TwoStageCallFactory(interest_closes_at=CLOSE - 9 * DAY, closes_at=CLOSE + 2 * DAY)
    MembershipFactory(organisation=InvitedInterestFactory(call=stages).organisation)
    # Each of the six coordinators is told of these and of the place: of an answer once overdue.
    CallQuestionFactory(answer_by=CLOSE)
    ExtensionRequestFactory(decide_by=CLOSE)
    reading = AssignmentFactory()
    plan = AssessmentPlanFactory(
        call=reading.application.call, scores_by=CLOSE.date(), declare_by=CLOSE.date()
    )
    Asked.objects.create(plan=plan, assessor=AssessorFactory())
    FreePlace.objects.create(application=reading.application, reason="So.", fill_by=CLOSE)
    MentionFactory(at=CLOSE, person=asked.asked_by, note__by=asked.asked_by)

    assert queue_reminders(now=CLOSE - dt.timedelta(hours=1)) == 16 + 2 * 6
    # Nothing was due by a day for who is called in a note: that mail is no overdue one.
    assert queue_reminders(now=CLOSE + DAY) == 10 + 2 * 6 + 1
    expected = {f"reminder_{key}" for key, kind in kinds().items() if kind.days}
    assert set(Mail.objects.values_list("kind", flat=True)) == expected
    assert Mail.objects.filter(subject__endswith="(overdue)").count() == 10 + 2 * 6
    assert not Mail.objects.filter(text__contains="{").exists()


def test_mail_that_cannot_be_written_keeps_nobody_else_waiting(monkeypatch):
    first, second = make_draft(), make_draft()
    build = sweep.build_mail

    def fail_for_first(**fields):
        if fields["to"] == f"ana{first.pk}@city.example":
            raise RuntimeError
        return build(**fields)

    monkeypatch.setattr(sweep, "build_mail", fail_for_first)
    assert queue_reminders(now=CLOSE - DAY) == 1
    assert Mail.objects.get().recipient == f"ana{second.pk}@city.example"

    monkeypatch.setattr(sweep, "build_mail", build)
    assert queue_reminders(now=CLOSE - DAY) == 1


def test_missing_plans_are_opened(monkeypatch):
    pairing = RunningPairingFactory()
    asked = []
    monkeypatch.setattr(sweep, "open_plans_for", lambda *, pairing: asked.append(pairing))

    assert services.open_missing_plans() == 1
    assert asked == [pairing]


def test_pairing_whose_plan_cannot_be_opened_stops_nobody(monkeypatch):
    RunningPairingFactory.create_batch(2)
    asked = []

    def refuse_first(*, pairing):
        asked.append(pairing)
        if len(asked) == 1:
            raise RuntimeError

    monkeypatch.setattr(sweep, "open_plans_for", refuse_first)

    assert services.open_missing_plans() == 1
    assert len(asked) == 2


def test_tasks_sweep_send_and_beat(settings, time_machine):
    time_machine.move_to(CLOSE - DAY, tick=False)
    make_draft()

    tasks.sweep_reminders.delay()
    heartbeat.delay()
    heartbeat.delay()

    assert Mail.objects.get().status == MailStatus.SENT
    assert len(list(settings.MAIL_DIR.glob("*.eml"))) == 1
    assert Heartbeat.objects.get().at == timezone.now()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_write_each_reminder_once():
    for _ in range(20):
        make_draft()

    counts = run_in_threads(6, lambda _: queue_reminders(now=CLOSE - DAY))

    assert sum(counts) == 20
    assert Mail.objects.count() == Delivery.objects.count() == 20


@pytest.mark.broker
@pytest.mark.django_db(transaction=True)
def test_real_worker_sweeps_and_sends(real_worker):
    folder = real_worker / "mails"
    # The same worker may have sent mails of other tests.
    before = set(folder.glob("*.eml"))
    make_draft(closes_at=(timezone.now() + 2 * DAY).replace(microsecond=0))

    tasks.sweep_reminders.delay()
    tasks.sweep_reminders.delay()
    heartbeat.delay()

    wait_until(Mail.objects.filter(status=MailStatus.SENT).exists, seconds=60)
    wait_until(Heartbeat.objects.exists, seconds=60)
    assert Mail.objects.count() == 1
    assert len(set(folder.glob("*.eml")) - before) == 1
