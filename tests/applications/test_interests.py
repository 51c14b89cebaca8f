"""The first stage of a call in two stages: written, sent, decided; and the gate it is."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from applications import services
from applications.duties import drafts
from applications.models import Interest
from applications.services.interests import require_open_stage
from applications.snapshots import content_print, interest_snapshot
from applications.states import Declaration, InterestStatus
from core.duties.catalogue import Ask, key_of
from core.kit import days
from core.kit.errors import InvalidError, NotAllowedError, StaleError, WrongStateError
from core.kit.fingerprints import fingerprint
from core.trail.models import AuditEvent
from programme.organisations.states import MembershipRole, OrganisationKind, Standing
from questionnaires.models import CallQuestionnaire
from questionnaires.states import Purpose, VersionStatus
from tests.factories.accounts import CoordinatorFactory, ObserverFactory, UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    DeclinedInterestFactory,
    InterestFactory,
    InvitedInterestFactory,
    SentInterestFactory,
    SubmittedApplicationFactory,
)
from tests.factories.programme import (
    CallFactory,
    CountryFactory,
    MembershipFactory,
    OrganisationFactory,
    TwoStageCallFactory,
)
from tests.factories.questionnaires import (
    EmptyVersionFactory,
    QuestionFactory,
    SectionFactory,
    TemplateVersionFactory,
)

pytestmark = pytest.mark.django_db

S = InterestStatus
ANSWERS = [("why", "Because <b>&.", 0), ("where", "Here.", 0)]


def lead_of(row, role=MembershipRole.LEAD, email="ana@city.example"):
    return MembershipFactory(organisation=row.organisation, role=role, user__email=email).user


def ready(**values):
    """Make a draft with nothing missing, and its lead."""
    interest = InterestFactory(**values)
    person = lead_of(interest)
    services.save_interest_section(interest=interest, answers=ANSWERS, by=person)
    return Interest.objects.get(pk=interest.pk), person


def asking(call):
    """Let the call ask "why" and "where" in its first stage."""
    version = TemplateVersionFactory(template__purpose=Purpose.EXPRESSION)
    CallQuestionnaire.objects.create(call=call, purpose=Purpose.EXPRESSION, version=version)
    return call


def verbs_of(interest):
    events = AuditEvent.objects.filter(target_id=str(interest.pk), verb__startswith="interest.")
    return [event.verb for event in events.order_by("pk")]


# Beginning ----------------------------------------------------------------------------
def test_interest_is_begun_once():
    call, organisation = asking(TwoStageCallFactory()), OrganisationFactory()
    person = MembershipFactory(organisation=organisation).user
    interest = services.start_interest(call=call, organisation=organisation, by=person)
    again = services.start_interest(call=call, organisation=organisation, by=person)
    assert again == interest
    assert (interest.status, interest.created_by, interest.reference) == (S.DRAFT, person, None)
    assert interest.response.version == call.questionnaires.get().version
    assert verbs_of(interest) == ["interest.started"]


def test_call_without_questions_of_its_own_asks_the_programmes():
    version = TemplateVersionFactory(template__key="expression-of-interest")
    organisation = OrganisationFactory()
    interest = services.start_interest(
        call=TwoStageCallFactory(),
        organisation=organisation,
        by=MembershipFactory(organisation=organisation).user,
    )
    assert interest.response.version == version


@pytest.mark.parametrize("role", [MembershipRole.VIEWER, None])
def test_only_writers_begin(role):
    organisation = OrganisationFactory()
    person = UserFactory()
    if role:
        MembershipFactory(organisation=organisation, user=person, role=role)
    with pytest.raises(NotAllowedError, match="lead or editor"):
        services.start_interest(
            call=asking(TwoStageCallFactory()), organisation=organisation, by=person
        )


@pytest.mark.parametrize(
    ("call", "organisation", "error"),
    [
        (CallFactory, {}, WrongStateError),
        (
            lambda: TwoStageCallFactory(
                opens_at=days.now() - dt.timedelta(days=3),
                interest_closes_at=days.now() - dt.timedelta(days=1),
            ),
            {},
            WrongStateError,
        ),
        (
            lambda: TwoStageCallFactory(opens_at=days.now() + dt.timedelta(days=1)),
            {},
            WrongStateError,
        ),
        (TwoStageCallFactory, {"kind": OrganisationKind.REGION}, InvalidError),
        (
            TwoStageCallFactory,
            {"country": lambda: CountryFactory(code="IT", name="Italy")},
            InvalidError,
        ),
    ],
    ids=["one stage", "stage closed", "not open yet", "a region", "another country"],
)
def test_who_cannot_take_part_is_told_at_once(call, organisation, error):
    values = {name: value() if callable(value) else value for name, value in organisation.items()}
    body = OrganisationFactory(**values)
    person = MembershipFactory(organisation=body).user
    with pytest.raises(error):
        services.start_interest(call=asking(call()), organisation=body, by=person)
    assert not Interest.objects.exists()


def test_first_stage_closes_between_opening_and_closing():
    with pytest.raises(IntegrityError), transaction.atomic():
        TwoStageCallFactory(interest_closes_at=days.now() + dt.timedelta(days=90))


# Writing and sending ------------------------------------------------------------------
def test_answers_save_themselves_and_are_told_once_a_sitting():
    interest, person = ready()
    services.save_interest_section(interest=interest, answers=[("more", "x", 0)], by=person)
    assert verbs_of(interest) == ["interest.section_written"] * 2  # two sections, one line each
    assert {a.value for a in interest.response.answers.all()} == {"Because <b>&.", "Here.", "x"}


def test_two_people_who_write_the_same_answer_see_both():
    interest, _person = ready()
    editor = lead_of(interest, MembershipRole.EDITOR, "editor@city.example")
    saved = services.save_interest_section(
        interest=interest, answers=[("why", "Mine.", 0)], by=editor
    )
    assert [conflict.mine for conflict in saved.conflicts] == ["Mine."]


def test_sending_freezes_what_was_written(mailoutbox):
    interest, person = ready()
    shown = content_print(interest_snapshot(interest))
    sent = services.send_interest(interest=interest, by=person, shown=shown)
    stored = Interest.objects.get(pk=interest.pk)
    assert stored.status == S.SENT
    assert stored.reference == f"{interest.call.code}-EI-0001"
    assert stored.sha256 == fingerprint(stored.snapshot) == sent.sha256
    assert stored.snapshot["sections"][0]["answers"][0]["answer"] == "Because <b>&."
    assert stored.sender == str(person)
    assert stored.response.closed_at is not None
    [mail] = mailoutbox
    assert mail.to == ["ana@city.example"]
    assert stored.reference in mail.subject
    assert stored.sha256 in mail.body
    with pytest.raises(WrongStateError, match="has been sent"):
        services.save_interest_section(interest=interest, answers=[("why", "New", 1)], by=person)


def test_second_click_sends_nothing_more(mailoutbox):
    interest, person = ready()
    first = services.send_interest(interest=interest, by=person)
    second = services.send_interest(interest=interest, by=person)
    assert (second.reference, second.sent_at) == (first.reference, first.sent_at)
    assert len(mailoutbox) == 1


def test_incomplete_interest_is_not_sent():
    interest = InterestFactory()
    with pytest.raises(InvalidError, match="Why"):
        services.send_interest(interest=interest, by=lead_of(interest))


def test_editor_does_not_send():
    interest, _lead = ready()
    editor = lead_of(interest, MembershipRole.EDITOR, "editor@city.example")
    with pytest.raises(NotAllowedError):
        services.send_interest(interest=interest, by=editor)


def test_other_content_than_shown_is_not_sent():
    interest, person = ready()
    shown = content_print(interest_snapshot(interest))
    services.save_interest_section(interest=interest, answers=[("why", "New", 1)], by=person)
    with pytest.raises(StaleError):
        services.send_interest(interest=interest, by=person, shown=shown)


def test_unconfirmed_organisation_does_not_send():
    interest, person = ready(organisation__standing=Standing.TO_CONFIRM)
    with pytest.raises(WrongStateError):
        services.send_interest(interest=interest, by=person)


@pytest.mark.parametrize(("seconds", "taken"), [(-1, True), (0, True), (1, False)])
def test_close_of_the_first_stage_counts_to_the_second(seconds, taken):
    interest, person = ready()
    closes = interest.call.interest_closes_at
    with time_machine.travel(closes + dt.timedelta(seconds=seconds), tick=False):
        if taken:
            assert services.send_interest(interest=interest, by=person).sent_at == days.now()
        else:
            with pytest.raises(WrongStateError, match="were taken until"):
                services.send_interest(interest=interest, by=person)
            with pytest.raises(WrongStateError, match="kept as it was"):
                services.save_interest_section(
                    interest=interest, answers=[("why", "Late", 1)], by=person
                )


def test_stage_of_a_draft_call_is_not_open():
    call = TwoStageCallFactory(status="draft")
    with pytest.raises(WrongStateError, match="not open yet"):
        require_open_stage(call)


# Withdrawing --------------------------------------------------------------------------
def test_withdrawn_interest_is_begun_anew_with_what_it_said(mailoutbox):
    interest, person = ready()
    services.send_interest(interest=interest, by=person)
    services.withdraw_interest(interest=interest, by=person, reason="Too early.")
    services.withdraw_interest(interest=interest, by=person)
    assert [mail.subject.rpartition(" ")[2] for mail in mailoutbox][1:] == ["withdrawn"]
    assert "Too early." in mailoutbox[1].body
    with pytest.raises(WrongStateError, match="withdrawn"):
        services.send_interest(interest=interest, by=person)

    version = interest.response.version
    CallQuestionnaire.objects.create(
        call=interest.call, purpose=Purpose.EXPRESSION, version=version
    )
    anew = services.start_interest(
        call=interest.call, organisation=interest.organisation, by=person
    )
    assert anew.pk != interest.pk
    assert {answer.value for answer in anew.response.answers.all()} == {"Because <b>&.", "Here."}


def test_draft_is_withdrawn_without_a_mail(mailoutbox):
    interest, person = ready()
    assert services.withdraw_interest(interest=interest, by=person).status == S.WITHDRAWN
    assert not mailoutbox


def test_declined_or_begun_interest_is_not_withdrawn():
    declined = DeclinedInterestFactory()
    with pytest.raises(WrongStateError, match="not invited"):
        services.withdraw_interest(interest=declined, by=lead_of(declined))
    invited = InvitedInterestFactory()
    person = lead_of(invited, email="other@city.example")
    ApplicationFactory(call=invited.call, organisation=invited.organisation)
    with pytest.raises(WrongStateError, match="begun"):
        services.withdraw_interest(interest=invited, by=person)
    services.take_back_decision(interest=invited, reason="Wait.", by=CoordinatorFactory())
    with pytest.raises(WrongStateError, match="begun"):
        services.withdraw_interest(interest=invited, by=person)


# Deciding -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("outcome", "status", "subject"),
    [("invited", S.INVITED, "is invited to apply"), ("declined", S.DECLINED, "not invited")],
)
def test_staff_decide_with_a_reason_the_city_reads(outcome, status, subject, mailoutbox):
    interest, staff = SentInterestFactory(), CoordinatorFactory()
    lead_of(interest)
    decided = services.decide_interests(
        interests=[interest], outcome=outcome, reason="A clear problem.", by=staff
    )
    assert decided.done == [interest]
    interest = Interest.objects.get(pk=interest.pk)
    assert (interest.status, interest.decided_by, interest.reason) == (
        status,
        staff,
        "A clear problem.",
    )
    [mail] = mailoutbox
    assert subject in mail.subject
    assert "A clear problem." in mail.body
    assert verbs_of(interest) == [f"interest.{outcome}"]


def test_several_are_decided_at_once_and_others_left(mailoutbox):
    call = TwoStageCallFactory()
    rows = [SentInterestFactory(call=call) for _ in range(3)]
    for number, row in enumerate(rows):
        lead_of(row, email=f"lead{number}@city.example")
    gone = InvitedInterestFactory(call=call)
    decided = services.decide_interests(
        interests=[*rows, gone], outcome="declined", reason="Full.", by=CoordinatorFactory()
    )
    assert (decided.done, decided.left) == (rows, [gone])
    assert len(mailoutbox) == 3
    assert Interest.objects.get(pk=gone.pk).status == S.INVITED


def test_what_somebody_decided_first_stands():
    invited = InvitedInterestFactory()
    with pytest.raises(WrongStateError, match="decided meanwhile"):
        services.decide_interests(
            interests=[invited], outcome="declined", reason="No.", by=CoordinatorFactory()
        )


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"reason": " "}, InvalidError),
        ({"outcome": "sent"}, InvalidError),
        ({"interests": []}, InvalidError),
        ({"by": "observer"}, NotAllowedError),
    ],
    ids=["no reason", "no outcome", "none chosen", "an observer"],
)
def test_decision_is_refused(values, error):
    who = ObserverFactory() if values.get("by") else CoordinatorFactory()
    interest = SentInterestFactory()
    wanted = {"interests": [interest], "outcome": "invited", "reason": "Good."} | values
    with pytest.raises(error):
        services.decide_interests(**{**wanted, "by": who})
    assert Interest.objects.get(pk=interest.pk).status == S.SENT


def test_nobody_is_invited_to_a_call_that_has_closed():
    interest, staff = SentInterestFactory(), CoordinatorFactory()
    with time_machine.travel(interest.call.closes_at + dt.timedelta(hours=1)):
        with pytest.raises(WrongStateError, match="closed"):
            services.decide_interests(
                interests=[interest], outcome="invited", reason="Good.", by=staff
            )
        services.decide_interests(interests=[interest], outcome="declined", reason="No.", by=staff)


def test_decision_is_taken_back_with_a_reason(mailoutbox):
    interest, staff = InvitedInterestFactory(), CoordinatorFactory()
    lead_of(interest)
    draft = ApplicationFactory(call=interest.call, organisation=interest.organisation)
    services.take_back_decision(interest=interest, reason="The wrong city.", by=staff)
    interest = Interest.objects.get(pk=interest.pk)
    assert (interest.status, interest.decided_at, interest.reason) == (S.SENT, None, "")
    assert "The wrong city." in mailoutbox[0].body
    assert "can be sent only" in mailoutbox[0].body
    draft.refresh_from_db()
    assert draft.is_draft
    with pytest.raises(WrongStateError, match="no decision"):
        services.take_back_decision(interest=interest, reason="Again.", by=staff)


def test_decision_stands_once_the_application_is_sent():
    interest = InvitedInterestFactory()
    SubmittedApplicationFactory(call=interest.call, organisation=interest.organisation)
    with pytest.raises(WrongStateError, match="has sent its application"):
        services.take_back_decision(interest=interest, reason="No.", by=CoordinatorFactory())


# The gate -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("factory", "words"),
    [
        (None, "First send your expression of interest"),
        (InterestFactory, "First send your expression of interest"),
        (SentInterestFactory, "is being read"),
        (DeclinedInterestFactory, "Only those invited"),
    ],
)
def test_application_is_for_the_invited(factory, words):
    interest = factory() if factory else None
    call = interest.call if interest else TwoStageCallFactory()
    organisation = interest.organisation if interest else OrganisationFactory()
    person = MembershipFactory(organisation=organisation).user
    with pytest.raises(WrongStateError, match=words):
        services.start_application(call=call, organisation=organisation, by=person)


def test_after_the_first_stage_the_others_are_told_it_is_over():
    call, organisation = TwoStageCallFactory(), OrganisationFactory()
    person = MembershipFactory(organisation=organisation).user
    with (
        time_machine.travel(call.interest_closes_at + dt.timedelta(days=1)),
        pytest.raises(WrongStateError, match="were taken until"),
    ):
        services.start_application(call=call, organisation=organisation, by=person)


def questions_of_application(call, *keys):
    version = EmptyVersionFactory(template__purpose=Purpose.APPLICATION)
    section = SectionFactory(version=version)
    for key in keys:
        kind = "number" if key == "resources-days" else "long_text"
        QuestionFactory(section=section, key=key, kind=kind)
    version.status = VersionStatus.PUBLISHED
    version.save()
    CallQuestionnaire.objects.create(call=call, purpose=Purpose.APPLICATION, version=version)


def invited_with_answers(**answers):
    """An invited interest that answers the programme's questions of these keys."""
    version = EmptyVersionFactory(template__purpose=Purpose.EXPRESSION)
    section = SectionFactory(version=version)
    interest = InvitedInterestFactory(response__version=version)
    for key, value in answers.items():
        kind = "number" if isinstance(value, int) else "long_text"
        question = QuestionFactory(section=section, key=key.replace("_", "-"), kind=kind)
        interest.response.answers.create(question=question, value=value)
    return interest


def test_invited_city_finds_its_answers_in_the_application():
    interest = invited_with_answers(
        interest_topic="Water.",
        interest_challenge="Wells run dry.",
        interest_offer="A meter in each house.",
        readiness_days=12,
    )
    questions_of_application(interest.call, "challenge", "share", "resources-days", "other")
    application = services.start_application(
        call=interest.call, organisation=interest.organisation, by=lead_of(interest)
    )
    answers = {row.question.key: row.value for row in application.response.answers.all()}
    assert answers == {
        "challenge": "Water.\n\nWells run dry.",
        "share": "A meter in each house.",
        "resources-days": 12,
    }
    event = AuditEvent.objects.get(verb="application.started")
    assert event.details == {"taken_over": interest.reference}


def test_answers_that_are_there_stay():
    interest = invited_with_answers(interest_offer="A meter.", interest_topic="Water.")
    questions_of_application(interest.call, "challenge", "share")
    by = lead_of(interest)
    values = {"call": interest.call, "organisation": interest.organisation, "by": by}
    former = services.start_application(**values)
    services.save_section(application=former, answers=[("share", "More.", 1)], by=by)
    services.save_section(application=former, answers=[("challenge", "", 1)], by=by)
    services.withdraw_application(application=former, by=by)
    anew = services.start_application(**values, take_over=True)
    answers = {row.question.key: row.value for row in anew.response.answers.all()}
    assert answers == {"share": "More.", "challenge": "Water."}


def test_who_may_not_send_is_not_reminded_to():
    interest = InvitedInterestFactory()
    application = ApplicationFactory(call=interest.call, organisation=interest.organisation)
    assert key_of(application) in {duty.about for duty in drafts.find(Ask())}
    services.take_back_decision(interest=interest, reason="Wait.", by=CoordinatorFactory())
    assert key_of(application) not in {duty.about for duty in drafts.find(Ask())}


def test_draft_is_sent_only_while_its_city_is_invited():
    interest = InvitedInterestFactory()
    application = ApplicationFactory(call=interest.call, organisation=interest.organisation)
    person = lead_of(application)
    services.save_section(application=application, answers=ANSWERS, by=person)
    services.take_back_decision(interest=interest, reason="Wait.", by=CoordinatorFactory())
    with pytest.raises(WrongStateError, match="being read"):
        services.submit_application(application=application, declared=Declaration.values, by=person)
    services.decide_interests(
        interests=[interest], outcome="invited", reason="Yes.", by=CoordinatorFactory()
    )
    sent = services.submit_application(
        application=application, declared=Declaration.values, by=person
    )
    assert sent.reference
