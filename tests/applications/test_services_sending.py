"""Sending once, withdrawing, and what staff decide."""

import datetime as dt
import json

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts.models import User
from accounts.states import StaffRole
from applications import services
from applications.eligibility import CallRules
from applications.models import Application, CriterionRuling
from applications.parts import parts_of
from applications.selectors import (
    call_rules,
    eligibility_of,
    recipients_among,
    recipients_of,
    released_reasons,
    tasks_of,
)
from applications.services import name_contacts, reopen_application, sending
from applications.states import ApplicationStatus, Declaration, Ruling
from core.kit.errors import InvalidError, NotAllowedError, PortalError, WrongStateError
from core.kit.fingerprints import fingerprint
from core.trail.models import AuditEvent
from core.trail.selectors import events_of
from programme.calls.models import Call, ReferenceCounter
from programme.calls.services import move_deadline
from programme.organisations.states import MembershipRole
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
    CommitmentFactory,
    EligibleApplicationFactory,
    GroupApplicationFactory,
    MunicipalityFactory,
    SubmittedApplicationFactory,
)
from tests.factories.programme import (
    CallCommitmentFactory,
    CallFactory,
    ClosedCallFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
)
from tests.infra.threads import run_in_threads

# Where the factories' applications are written to.
CONTACTS = ["ana@city.example", "iva@city.example"]


def lead_of(application, role=MembershipRole.LEAD):
    return MembershipFactory(
        organisation=application.organisation,
        role=role,
        user__email="ana@city.example",
        user__full_name="Ana Kovačević",
    ).user


def sender_in_the_team(application):
    """Make who sent it one of the team; return the membership."""
    return MembershipFactory(
        organisation=application.organisation, user=application.submissions.get().by
    )


def ready(factory=ApplicationFactory, **values):
    """Make a draft with nothing missing, and its lead."""
    application = factory(**values)
    person = lead_of(application)
    services.save_section(
        application=application,
        answers=[("why", "Because <b>&.", 0), ("where", "Here.", 0)],
        by=person,
    )
    return application, person


def send(application, person, declared=Declaration.values, **values):
    return services.submit_application(
        application=application, by=person, declared=declared, **values
    )


# Sending ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_send_gives_a_reference_a_snapshot_and_a_receipt(mailoutbox):
    call = CallFactory(code="C2C-2026")
    CallCommitmentFactory(call=call, text="Sign the agreement.")
    application, person = ready(call=call)
    sent = send(application, person)
    assert sent.reference == "C2C-2026-0001"
    assert sent.status == ApplicationStatus.SUBMITTED
    row = sent.submissions.get()
    assert (row.number, row.at, row.by) == (1, sent.submitted_at, person)
    assert sent.response.closed_at is None  # the object at hand is older than the lock
    application.response.refresh_from_db()
    assert application.response.closed_at is not None
    snapshot = row.snapshot
    assert snapshot["municipalities"][0]["population"] == 120_000
    assert snapshot["sections"][0]["answers"][0]["answer"] == "Because <b>&."
    assert snapshot["commitments"] == ["Sign the agreement."]
    assert (snapshot["sent_at"], snapshot["sent_by"]) == (row.at.isoformat(), str(person))
    assert row.sha256 == fingerprint(snapshot)
    assert [mail.to[0] for mail in mailoutbox] == CONTACTS
    mail = mailoutbox[0]
    assert mail.subject == "We have received your application C2C-2026-0001"
    assert "C2C-2026-0001" in mail.alternatives[0][0]


@pytest.mark.django_db
def test_send_refuses_an_answer_that_is_too_long(mailoutbox):
    application, person = ready()
    services.save_section(application=application, answers=[("more", "x" * 1001, 0)], by=person)
    with pytest.raises(InvalidError, match="What else.”: This answer is too long by 1 character"):
        send(application, person)
    assert not application.submissions.exists()
    assert mailoutbox == []


@pytest.mark.django_db
def test_send_ten_times_is_one_reference_and_one_receipt(mailoutbox):
    application, person = ready()
    references = {send(application, person).reference for _ in range(10)}
    assert len(references) == 1
    assert application.submissions.get().number == 1
    assert [mail.to[0] for mail in mailoutbox] == CONTACTS
    assert AuditEvent.objects.filter(verb="application.submitted").count() == 1
    assert ReferenceCounter.objects.get(prefix=application.call.code).last == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_send_from_ten_threads_is_one_reference(mailoutbox):
    application, person = ready()
    results = run_in_threads(10, lambda _: send(application, person).reference)
    assert results == [results[0]] * 10
    assert isinstance(results[0], str)
    assert application.submissions.get().number == 1
    assert [mail.to[0] for mail in mailoutbox] == CONTACTS
    assert ReferenceCounter.objects.get(prefix=application.call.code).last == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_start_from_ten_threads_is_one_draft():
    organisation, call = OrganisationFactory(), CallFactory()
    person = MembershipFactory(organisation=organisation).user
    results = run_in_threads(
        10,
        lambda _: services.start_application(call=call, organisation=organisation, by=person).pk,
    )
    assert results == [results[0]] * 10
    assert Application.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_withdrawing_while_staff_accept_has_one_winner():
    application = EligibleApplicationFactory()
    person, staff = lead_of(application), CoordinatorFactory()

    def work(number):
        if number:
            return services.withdraw_application(application=application, by=person).status
        return services.decide_application(
            application=application, outcome="accepted", reason="Good.", by=staff
        ).status

    results = run_in_threads(2, work)
    refused = [r for r in results if isinstance(r, WrongStateError)]
    assert len(refused) == 1
    application = Application.objects.get()
    assert application.status in ("accepted", "withdrawn")
    assert application.status in results


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [-1, 0])
def test_send_up_to_and_including_the_closing_second(seconds):
    application, person = ready()
    with time_machine.travel(
        application.call.closes_at + dt.timedelta(seconds=seconds, milliseconds=900), tick=False
    ):
        assert send(application, person).reference


@pytest.mark.django_db
def test_what_is_sent_in_time_is_not_recorded_as_late(monkeypatch):
    """Checking takes a while; the closing second may end meanwhile."""
    application, person = ready()
    closes_at = application.call.closes_at
    with time_machine.travel(closes_at + dt.timedelta(milliseconds=990), tick=False) as clock:

        def slowly(*arguments):
            clock.shift(dt.timedelta(seconds=2))
            return tasks_of(*arguments)

        monkeypatch.setattr(sending, "tasks_of", slowly)
        sent = send(application, person)
    assert sent.submitted_at.replace(microsecond=0) == closes_at


@pytest.mark.django_db
def test_send_a_second_late_is_refused_and_keeps_the_draft(mailoutbox):
    application, person = ready()
    with (
        time_machine.travel(application.call.closes_at + dt.timedelta(seconds=1), tick=False),
        pytest.raises(WrongStateError) as refusal,
    ):
        send(application, person)
    assert refusal.value.code == "call_closed"
    application.refresh_from_db()
    assert (application.is_draft, application.reference, mailoutbox) == (True, None, [])


@pytest.mark.django_db
def outcomes(application):
    application.refresh_from_db()
    return {str(item.result.key): item.state for item in eligibility_of(application)}


@pytest.mark.django_db
def test_what_was_sent_in_time_stays_in_time_when_the_close_moves_earlier():
    application, lead = ready()
    sent = send(application, lead)
    call = sent.call
    move_deadline(
        call=call,
        closes_at=sent.submitted_at - dt.timedelta(hours=2),
        reason="It was wrong.",
        by=CoordinatorFactory(),
        read_version=call.version,
        past_confirmed=True,
    )

    assert outcomes(sent)["in_time"] == "pass"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("criterion", "changes"),
    [
        ("population", {"min_population": 5_000_000}),
        ("kind", {"applicant_kinds": ["region"]}),
        ("country", {}),
    ],
)
def test_application_is_judged_by_the_rules_of_the_moment_it_was_sent(criterion, changes):
    application, lead = ready()
    sent = send(application, lead)
    Call.objects.filter(pk=sent.call_id).update(**changes)
    sent.call.eligible_countries.clear()

    assert outcomes(sent)[criterion] == "pass"


@pytest.mark.django_db
def test_draft_is_judged_by_the_call_as_it_is():
    application, _lead = ready()
    Call.objects.update(min_population=5_000_000)
    assert outcomes(application)["population"] == "fail"


@pytest.mark.django_db
def test_rules_are_kept_whole():
    rules = call_rules(CallFactory(min_population=None))
    assert CallRules.from_json(json.loads(json.dumps(rules.as_json()))) == rules


@pytest.mark.django_db
def test_send_names_what_is_missing():
    bare = {"population": None, "population_year": None, "population_source": ""}
    application = ApplicationFactory(lead=bare, signatory_name="")
    with pytest.raises(InvalidError) as refusal:
        send(application, lead_of(application))
    assert refusal.value.code == "incomplete"
    for words in ("needs a figure, a source and a year", "Name who signs", "“Why?”"):
        assert words in refusal.value.message


@pytest.mark.django_db
def test_send_below_the_minimum_needs_the_reason_for_an_exception():
    application, person = ready(lead={"population": 100_000})
    with pytest.raises(InvalidError, match="make an exception"):
        send(application, person)
    services.save_applicant(
        application=application,
        kind="single",
        exception_reason="Visitors.",
        read_version=application.version,
        by=person,
    )
    assert send(application, person).reference


@pytest.mark.django_db
def test_send_a_group_needs_each_commitment():
    application, person = ready(GroupApplicationFactory)
    other = MunicipalityFactory(application=application, name="Župa Dubrovačka")
    with pytest.raises(InvalidError, match="Župa Dubrovačka has not committed yet"):
        send(application, person)
    CommitmentFactory(municipality=other)
    sent = send(application, person)
    snapshot = sent.submissions.get().snapshot
    assert snapshot["municipalities"][1]["commitment"]["file_name"] == "letter.pdf"


@pytest.mark.django_db
def test_send_names_a_contact_that_left_the_organisation():
    application, person = ready(contact_email="luka@city.example")
    UserFactory(email="luka@city.example", full_name="Luka Perić")
    with pytest.raises(InvalidError, match="Luka Perić is named as contact, but is not in"):
        send(application, person)


@pytest.mark.django_db
def test_send_asks_for_each_declaration():
    application, person = ready()
    CallCommitmentFactory(call=application.call)
    for left_out in Declaration:
        with pytest.raises(InvalidError) as refusal:
            send(application, person, declared=set(Declaration.values) - {left_out.value})
        assert (refusal.value.code, refusal.value.field) == ("not_declared", left_out.value)
    assert not application.submissions.exists()


@pytest.mark.django_db
def test_what_is_declared_is_kept_in_its_words_with_who_and_when():
    application, person = ready()
    # This call asks for no commitments.
    sent = send(application, person, declared=["correct", "people"])
    row = sent.submissions.get()
    at = row.at.isoformat()
    assert row.snapshot["declarations"] == [
        {
            "key": one.value,
            "words": str(one.label),
            "by": "Ana Kovačević",
            "at": at,
        }
        for one in (Declaration.CORRECT, Declaration.PEOPLE)
    ]
    part = parts_of(row.snapshot)[-1]
    assert (part.title, [row.label for row in part.rows]) == (
        "Declarations",
        ["Figures and documents", "Privacy and the people named"],
    )


@pytest.mark.django_db
@pytest.mark.parametrize("role", [MembershipRole.EDITOR, MembershipRole.VIEWER])
def test_only_a_lead_sends(role):
    application = ApplicationFactory()
    with pytest.raises(NotAllowedError):
        send(application, lead_of(application, role))


# Withdrawing ------------------------------------------------------------------------


@pytest.mark.django_db
def test_withdraw_what_was_sent_tells_the_city_once(mailoutbox):
    application = SubmittedApplicationFactory()
    person = lead_of(application)
    sender_in_the_team(application)
    for _ in range(2):
        services.withdraw_application(application=application, reason="No staff.", by=person)
    application.refresh_from_db()
    assert application.status == ApplicationStatus.WITHDRAWN
    assert {mail.to[0] for mail in mailoutbox} == {
        *CONTACTS,
        application.submissions.get().by.email,
    }
    assert len(mailoutbox) == 3
    # A contact may be outside the team: the reason is for staff.
    assert not any("No staff." in mail.body for mail in mailoutbox)
    assert AuditEvent.objects.get(verb="application.withdrawn").reason == "No staff."


@pytest.mark.django_db
def test_withdraw_a_draft_writes_to_nobody(mailoutbox):
    application = ApplicationFactory()
    services.withdraw_application(application=application, by=lead_of(application))
    application.refresh_from_db()
    assert (application.status, mailoutbox) == (ApplicationStatus.WITHDRAWN, [])


@pytest.mark.django_db
def test_withdraw_after_the_decision_is_refused():
    application = AcceptedApplicationFactory()
    with pytest.raises(WrongStateError, match="has been decided"):
        services.withdraw_application(application=application, by=lead_of(application))


@pytest.mark.django_db
def test_send_after_withdrawing_is_refused():
    application, person = ready()
    services.withdraw_application(application=application, by=person)
    with pytest.raises(WrongStateError) as refusal:
        send(application, person)
    assert refusal.value.code == "withdrawn"


# Rulings and eligibility ------------------------------------------------------------


@pytest.fixture
def below(db):
    return SubmittedApplicationFactory(lead={"population": 50_946})


def rule(application, by, **values):
    return services.rule_criterion(
        application=application,
        by=by,
        **{"criterion": "population", "ruling": "waive", "reason": "Visitors.", **values},
    )


def test_waiver_keeps_who_when_and_why(below):
    staff = CoordinatorFactory(full_name="Ilse Verbeek")
    with time_machine.travel("2026-12-12 10:00:00+00:00", tick=False):
        rule(below, staff)
    judged = next(i for i in eligibility_of(below) if i.result.key == "population")
    assert judged.result.outcome == "fail"
    assert judged.is_met
    assert (judged.ruling.by, judged.ruling.reason) == ("Ilse Verbeek", "Visitors.")
    assert judged.ruling.at.isoformat() == "2026-12-12T10:00:00+00:00"
    assert AuditEvent.objects.get().reason == "Visitors."


def test_reason_reaches_the_city_only_when_released(below):
    staff = CoordinatorFactory()
    rule(below, staff)
    assert released_reasons(below) == []
    rule(below, staff, released=True)
    # Another person may still find otherwise: nothing is told before the finding.
    assert released_reasons(below) == []
    found = decide(below, staff, reason="")
    [(title, ruling)] = released_reasons(found)
    assert (title, ruling.reason) == ("More than 100,000 inhabitants", "Visitors.")


def test_same_ruling_twice_is_one(below):
    staff = CoordinatorFactory()
    rule(below, staff)
    rule(below, staff)
    rule(below, staff, ruling=Ruling.FAIL)
    assert CriterionRuling.objects.count() == 2


@pytest.mark.parametrize("values", [{"reason": "  "}, {"ruling": "shrug"}, {"criterion": "x"}])
def test_ruling_without_reason_or_sense_is_refused(below, values):
    with pytest.raises(InvalidError):
        rule(below, CoordinatorFactory(), **values)


@pytest.mark.parametrize("factory", [AssessorFactory, ObserverFactory, UserFactory])
def test_only_coordinators_and_desks_rule(below, factory):
    with pytest.raises(NotAllowedError):
        rule(below, factory())


def test_desk_rules_only_what_asks_for_its_countries(below):
    india = PartnerCountryFactory()
    japan = PartnerCountryFactory(code="JP", name="Japan")
    below.partner_countries.set([india])
    rule(below, DeskFactory(countries=[india]))
    with pytest.raises(NotAllowedError):
        rule(below, DeskFactory(countries=[japan]))


def test_ruling_after_the_decision_is_refused(db):
    with pytest.raises(WrongStateError):
        rule(EligibleApplicationFactory(), CoordinatorFactory())


def decide(application, by, *, eligible=True, reason="Too small."):
    return services.decide_eligibility(
        application=application, eligible=eligible, reason=reason, by=by
    )


def test_eligible_is_refused_while_a_criterion_fails_and_names_it(below):
    with pytest.raises(InvalidError) as refusal:
        decide(below, CoordinatorFactory())
    assert "failed and not waived: More than 100,000 inhabitants" in refusal.value.message


def test_eligible_is_refused_while_a_criterion_is_open_and_names_it(db):
    application = SubmittedApplicationFactory(lead={"population": None})
    with pytest.raises(InvalidError, match="still to judge: More than 100,000 inhabitants"):
        decide(application, CoordinatorFactory())


def test_eligible_after_a_waiver_keeps_the_record(below, mailoutbox):
    staff = CoordinatorFactory()
    rule(below, staff)
    decided = decide(below, staff)
    assert decided.status == ApplicationStatus.ELIGIBLE
    decision = decided.decisions.get()
    assert (decision.stage, decision.outcome, decision.by) == ("eligibility", "eligible", staff)
    assert decision.record["states"]["population"] == "waive"
    assert mailoutbox == []
    # A later change of the facts does not change what was decided.
    decided.municipalities.update(population=1)
    judged = next(i for i in eligibility_of(decided) if i.result.key == "population")
    assert judged.result.facts["total"] == 50_946


def test_ineligible_writes_to_the_city_what_fails_and_why(below, mailoutbox):
    sender_in_the_team(below)
    decided = decide(below, CoordinatorFactory(), eligible=False, reason="Visitors & more.")
    assert decided.status == ApplicationStatus.INELIGIBLE
    assert len(mailoutbox) == 3
    assert "More than 100,000 inhabitants: 50,946 declared" in mailoutbox[0].body
    assert "Visitors & more." in mailoutbox[0].body


def test_ineligible_needs_a_reason_and_a_failed_criterion(below):
    with pytest.raises(InvalidError):
        decide(below, CoordinatorFactory(), eligible=False, reason=" ")
    with pytest.raises(InvalidError) as refusal:
        decide(SubmittedApplicationFactory(), CoordinatorFactory(), eligible=False)
    assert refusal.value.code == "nothing_failed"


def test_ineligible_can_be_waived_and_found_eligible_later(below, mailoutbox):
    staff = CoordinatorFactory()
    below = decide(below, staff, eligible=False)
    rule(below, staff)
    mailoutbox.clear()
    assert decide(below, staff).status == ApplicationStatus.ELIGIBLE
    assert [mail.to for mail in mailoutbox] == [[below.contact_email], [below.deputy_email]]
    mail = mailoutbox[0]
    assert mail.subject == f"Application {below.reference} is eligible after all"
    assert "The earlier decision is taken back." in mail.body


def test_first_eligible_writes_to_nobody(db, mailoutbox):
    decide(SubmittedApplicationFactory(), CoordinatorFactory())
    assert mailoutbox == []


# Who is written to ------------------------------------------------------------------


@pytest.fixture
def sent(db):
    """An application whose sender is an editor and whose contact is a viewer of the team."""
    application = SubmittedApplicationFactory(contact_email="contact@city.example")
    lead_of(application)
    sender = sender_in_the_team(application)
    contact = MembershipFactory(
        organisation=application.organisation,
        role=MembershipRole.VIEWER,
        user__email="contact@city.example",
    )
    return application, sender, contact


def addresses(application):
    return {address for address, _language in recipients_of(application)}


LEAD = "ana@city.example"


def test_leads_contacts_and_sender_of_the_team_are_written_to(sent):
    application, sender, contact = sent
    assert addresses(application) == {
        sender.user.email,
        contact.user.email,
        "iva@city.example",
        LEAD,
    }


def test_who_leads_now_is_written_to_and_who_led_before_is_not(sent):
    application, sender, contact = sent
    application.deputy_email = ""
    former = application.organisation.memberships.get(user__email=LEAD)
    former.role = MembershipRole.EDITOR
    former.save()
    MembershipFactory(
        organisation=application.organisation,
        role=MembershipRole.LEAD,
        user__email="new@city.example",
    )
    assert addresses(application) == {sender.user.email, contact.user.email, "new@city.example"}


def test_role_of_staff_is_no_place_in_the_team(sent):
    application, sender, contact = sent
    application.deputy_email = ""
    for membership in (sender, contact):
        User.objects.filter(pk=membership.user_id).update(staff_role=StaffRole.COORDINATOR)
        membership.delete()
    assert addresses(application) == {LEAD}


def test_lead_who_is_a_contact_at_another_address_is_written_to_once(sent):
    application, sender, _contact = sent
    lead = User.objects.get(email=LEAD)
    EmailAddress.objects.create(user=lead, email="ana@home.example", verified=True)
    application.contact_email = "Ana@home.example"
    application.deputy_email = ""
    assert addresses(application) == {sender.user.email, "ana@home.example"}


@pytest.mark.parametrize("number", [1, 3])
def test_recipients_of_many_take_the_same_queries(number, db, django_assert_num_queries):
    rows = SubmittedApplicationFactory.create_batch(number)
    with django_assert_num_queries(3):
        assert len(recipients_among(rows)) == number


def test_second_contact_who_left_is_not_written_to(sent):
    application, sender, contact = sent
    UserFactory(email=application.deputy_email)
    assert addresses(application) == {sender.user.email, contact.user.email, LEAD}


@pytest.mark.parametrize("how", ["left", "closed"])
def test_who_left_or_has_a_closed_account_is_not_written_to(sent, how):
    application, sender, contact = sent
    application.deputy_email = ""
    for membership, others in (
        (sender, {contact.user.email, LEAD}),
        (contact, {LEAD}),
    ):
        if how == "left":
            membership.delete()
        else:
            membership.user.is_active = False
            membership.user.save()
        assert addresses(application) == others


def test_contact_without_an_account_is_as_the_city_gave_it(sent):
    application, sender, _contact = sent
    application.contact_email = "Office@city.example"
    application.deputy_email = "Second@city.example"
    assert addresses(application) == {
        sender.user.email,
        "office@city.example",
        "second@city.example",
        LEAD,
    }


def test_deciding_twice_is_told_kindly(db):
    application = SubmittedApplicationFactory()
    staff = CoordinatorFactory(full_name="Ilse Verbeek")
    decide(application, staff)
    with pytest.raises(WrongStateError, match="Ilse Verbeek has decided this at .*: Eligible"):
        decide(application, staff)


# Decisions --------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("accepted", "Your city is chosen."),
        ("reserve", "Your city is on the reserve list."),
        ("rejected", "Your city was not chosen this time."),
    ],
)
def test_decision_writes_to_the_city(outcome, words, mailoutbox):
    application = EligibleApplicationFactory()
    decided = services.decide_application(
        application=application, outcome=outcome, reason="Because.", by=CoordinatorFactory()
    )
    assert decided.status == outcome
    assert words in mailoutbox[0].body
    assert "Because." in mailoutbox[0].body
    assert AuditEvent.objects.get().verb == f"application.{outcome}"


@pytest.mark.django_db
def test_reserve_can_be_accepted_later():
    application, staff = EligibleApplicationFactory(), CoordinatorFactory()
    for outcome in ("reserve", "accepted"):
        services.decide_application(
            application=application, outcome=outcome, reason="Because.", by=staff
        )
    application.refresh_from_db()
    assert application.status == "accepted"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("factory", "outcome"),
    [
        (SubmittedApplicationFactory, "accepted"),
        (AcceptedApplicationFactory, "accepted"),
        (AcceptedApplicationFactory, "rejected"),
    ],
)
def test_decision_in_the_wrong_state_is_refused(factory, outcome, mailoutbox):
    with pytest.raises(WrongStateError):
        services.decide_application(
            application=factory(), outcome=outcome, reason="x", by=CoordinatorFactory()
        )
    assert mailoutbox == []


@pytest.mark.django_db
def test_decision_needs_a_reason_and_a_known_outcome():
    staff = CoordinatorFactory()
    for outcome, reason in (("accepted", " "), ("maybe", "x")):
        with pytest.raises(InvalidError):
            services.decide_application(
                application=EligibleApplicationFactory(),
                outcome=outcome,
                reason=reason,
                by=staff,
            )


@pytest.mark.django_db
@pytest.mark.parametrize("factory", [DeskFactory, AssessorFactory, ObserverFactory])
def test_only_coordinators_decide(factory):
    with pytest.raises(PortalError):
        services.decide_application(
            application=EligibleApplicationFactory(),
            outcome="accepted",
            reason="x",
            by=factory(),
        )


@pytest.mark.django_db
def test_assign_and_take_off_an_assessor():
    application, staff = EligibleApplicationFactory(), CoordinatorFactory()
    assessor = AssessorFactory()
    assert not Application.objects.visible_to(assessor).exists()
    for _ in range(2):
        services.assign_assessor(application=application, assessor=assessor, by=staff)
    # Nothing is shown before the assessor has said whom they know.
    assert not Application.objects.visible_to(assessor).exists()
    application.call.declarations.create(assessor=assessor)
    assert list(Application.objects.visible_to(assessor)) == [application]
    assert AuditEvent.objects.count() == 1
    services.unassign_assessor(application=application, assessor=assessor, by=staff)
    assert not Application.objects.visible_to(assessor).exists()


@pytest.mark.django_db
def test_only_assessors_are_assigned_and_never_to_drafts():
    staff = CoordinatorFactory()
    with pytest.raises(InvalidError):
        services.assign_assessor(application=EligibleApplicationFactory(), assessor=staff, by=staff)
    # A draft is the city's own: nobody of staff reaches it.
    with pytest.raises(NotAllowedError):
        services.assign_assessor(
            application=ApplicationFactory(), assessor=AssessorFactory(), by=staff
        )


@pytest.mark.django_db
def test_municipality_of_another_application_is_pointed_out():
    call = CallFactory()
    first = SubmittedApplicationFactory(call=call, lead={"name": "Dubrovnik"})
    second = SubmittedApplicationFactory(call=call, lead={"name": "DUBROVNIK"})
    SubmittedApplicationFactory(call=ClosedCallFactory(), lead={"name": "Dubrovnik"})
    ApplicationFactory(call=call, lead={"name": "Dubrovnik"})
    judged = next(i for i in eligibility_of(second) if i.result.key == "kind")
    assert judged.is_open
    assert f"DUBROVNIK is also named in {first.reference}." in judged.result.sentence


@pytest.mark.django_db
def test_draft_that_was_withdrawn_stays_hidden_from_staff():
    application, person = ready()
    services.withdraw_application(application=application, by=person)
    visible = Application.objects.visible_to
    assert list(visible(person)) == [application]
    for staff in (CoordinatorFactory(), ObserverFactory(), DeskFactory(), AssessorFactory()):
        assert not visible(staff)


# Others named since ------------------------------------------------------------------


def named(application, **values):
    return name_contacts(
        application=application,
        read_version=Application.objects.get(pk=application.pk).version,
        by=User.objects.get(email=LEAD),
        **values,
    )


def test_letters_go_to_the_contacts_that_were_named_since(sent):
    application, sender, _contact = sent
    snapshot = application.submissions.get().snapshot
    named(application, contact_name="Ivo", contact_email="ivo@city.example")
    application.refresh_from_db()
    assert addresses(application) == {
        sender.user.email,
        "ivo@city.example",
        "iva@city.example",
        LEAD,
    }
    assert application.submissions.get().snapshot == snapshot
    event = events_of(application).get(verb="application.contacts_named")
    assert event.details["after"] == ["ivo@city.example", "iva@city.example"]
    assert "ivo@city.example" in application.search_text
    with pytest.raises(InvalidError, match="another person"):
        named(application, deputy_email="ivo@city.example")


def test_contacts_of_a_draft_or_of_open_changes_are_not_named_so(sent):
    application, *_others = sent
    reopen_application(application=application, by=User.objects.get(email=LEAD))
    with pytest.raises(WrongStateError, match="begun to change"):
        named(application, contact_name="Ivo")
    draft = ApplicationFactory(organisation=application.organisation)
    with pytest.raises(WrongStateError, match="was sent"):
        named(draft, contact_name="Ivo")


def test_page_names_other_contacts(sent, sign_in, settings):
    settings.DEMO = True
    application, *_others = sent
    client = sign_in(User.objects.get(email=LEAD))
    own = reverse("applications:detail", args=[application.key])
    page = reverse("applications:written_to", args=[application.key])
    assert page in client.get(own).content.decode()
    shown = client.get(page)
    assert "contact@city.example" in shown.content.decode()
    typed = shown.context["form"].initial | {"contact_email": "ivo@city.example"}
    assert client.post(page, typed).url == own
    assert "ivo@city.example" in addresses(Application.objects.get(pk=application.pk))
