"""Who may call which writing service: one row for each, checked by test_services.py.

A row names the roles that the service serves; all others meet NotAllowedError, from the
service itself, whatever view asked or forgot to ask. `args` makes the objects from the world.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import services as people
from accounts.looking import Looking
from action_plans import services as plans
from action_plans.services import MeasureData
from applications import services as applications
from applications.acting import actions
from applications.assessment import services as assessment
from applications.assessment.engine.line import Line
from applications.assessment.models import Agreed
from applications.assessment.selectors.outcomes import readiness_of
from applications.assessment.selectors.ranking import mark_of, ranking_of, to_set
from applications.bulk import services as bulk
from applications.bulk.selectors import chosen_by, previewed
from applications.casework import services as casework
from applications.services.decisions import correct_decision
from applications.services.profile import ProfileData
from applications.services.trials import start_interest_trial, start_trial
from core.duties.catalogue import key_of
from core.jobs import services as jobs
from core.kit.days import today
from core.kit.errors import InvalidError, NotAllowedError
from core.post import services as post
from iuc_portal.colleagues import services as colleagues
from iuc_portal.colleagues.models import Practice
from pairings import services as pairings
from pairings.matching import services as matching
from pairings.services import Party
from programme.calls import services as calls
from programme.calls.services import CallData
from programme.organisations import services as organisations
from programme.organisations.models import Neighbours, Split, hash_of
from programme.states import Side
from questionnaires import services as questionnaires
from questionnaires.services import QuestionData, SectionData
from questionnaires.services.versions import attach_questionnaires
from tests.access.casework import note_of
from tests.access.deciding import (
    bulk_row,
    empty,
    outcome,
    place_of,
    release_of,
    saved_view,
    told,
    waiting_for,
)
from tests.access.expect import NEW_ROLE, SIGNED_IN, STAFF
from tests.factories.accounts import AssessorFactory, CoordinatorFactory
from tests.factories.action_plans import MeasureFactory, ObjectiveFactory, PlanFactory
from tests.factories.applications import (
    AcceptedApplicationFactory,
    ApplicationFactory,
    AssignmentFactory,
    ClarificationFactory,
    CommitmentFactory,
    ConflictFactory,
    CriterionRulingFactory,
    EligibleApplicationFactory,
    GroupApplicationFactory,
    InterestFactory,
    InvitedInterestFactory,
    LeadOfferFactory,
    MunicipalityFactory,
    OnlineInvitationFactory,
    SentInterestFactory,
    StakeholderFactory,
    SubmittedApplicationFactory,
    WorkingCopyFactory,
)
from tests.factories.assessment import (
    AssessmentFactory,
    AssessmentPlanFactory,
    HandedInFactory,
    ScoreFactory,
)
from tests.factories.calls import (
    CODE,
    CallQuestionFactory,
    ExtensionRequestFactory,
    LateCodeFactory,
)
from tests.factories.casework import StaffTagFactory
from tests.factories.colleagues import StaffInvitationFactory
from tests.factories.files import PDF
from tests.factories.jobs import DoneJobFactory, JobFactory
from tests.factories.matching import BoardFactory, DoneRunFactory, instance
from tests.factories.outcomes import ParagraphFactory
from tests.factories.pairings import (
    AcceptedPairingFactory,
    MilestoneFactory,
    PairingFactory,
    PartnerWishFactory,
    RunningPairingFactory,
)
from tests.factories.post import MailTextFactory
from tests.factories.programme import (
    AssessmentCriterionFactory,
    CallDocumentFactory,
    CallFactory,
    ClaimFactory,
    DraftCallFactory,
    InvitationFactory,
    MailDomainFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
    StrandFactory,
    TopicFactory,
    TwoStageCallFactory,
)
from tests.factories.questionnaires import TemplateFactory, TemplateVersionFactory
from tests.factories.reminders import MailFactory

EVERYBODY = " ".join(SIGNED_IN)
# Those whose role a rule names.
KNOWN = " ".join(role for role in SIGNED_IN if role != NEW_ROLE)
OWN_CITY = "lead editor viewer partner_lead stranger"


@dataclass(frozen=True)
class Service:
    """A service, whom it serves and what it is called with.

    `refusal` is what the others meet. `own`: it is about the person who calls it, so that
    nobody can call it without being somebody.
    """

    does: Callable[..., Any]
    roles: str
    args: Callable[[Any], dict[str, Any]] = lambda _: {}
    refusal: type[Exception] = NotAllowedError
    own: bool = False
    note: str = ""

    def __str__(self) -> str:
        return f"{self.does.__name__} ({self.note})" if self.note else self.does.__name__


# accounts and core --------------------------------------------------------------------
def _viewer(w):
    return {"person": w.people["viewer"]}


def _mail(status):
    return lambda w: {"mail": MailFactory(recipient=w.mail.recipient, status=status)}


def _job(w, factory):
    return {"job": factory(by=w.people["coordinator"])}


def _has_a_factor(w):
    return {"person": w.people["desk_none"], "reason": "The telephone was stolen."}


def _to_observe(_world):
    return {"email": "new@unit.example", "role": "observer", "countries": []}


def _staff_invitation(_world):
    return {"invitation": StaffInvitationFactory()}


def _reading_to_hand_over(w):
    application = SubmittedApplicationFactory()
    row = AssignmentFactory(assessor=w.people["assessor"], application=application)
    return {"row": row, "to": w.people["assessor_other"]}


def _to_hand_over(w):
    taker = _reading_to_hand_over(w)["to"]
    leaver = w.people["assessor"]
    return {"person": leaver, "receivers": {"readings": taker}, "reason": "Leaves."}


def _country_to_hand_over(w):
    return {"row": w.people["desk"].desk_countries.get(), "to": w.people["desk_other"]}


def _question_to_hand_over(w):
    return {"row": ClarificationFactory(), "to": CoordinatorFactory()}


def _meant_for_the_stranger(w):
    StaffInvitationFactory(
        email=w.people["stranger"].email,
        account=w.people["stranger"],
        token_hash=hash_of("colleague"),
    )
    return {"token": "colleague"}


_PRACTISE = "coordinator desk desk_other desk_none"


def practice_of(w):
    """Made-up cases of the coordinator."""
    return Practice.objects.create(person=w.people["coordinator"])


ACCOUNTS = [
    Service(
        people.update_own_account,
        EVERYBODY,
        lambda _: {"full_name": "A", "job_title": "", "phone": "", "language": "en-gb"},
        own=True,
    ),
    Service(people.set_staff_role, "coordinator", lambda w: _viewer(w) | {"role": "observer"}),
    Service(people.deactivate_person, "coordinator", lambda w: _viewer(w) | {"reason": "Left."}),
    Service(people.reactivate_person, "coordinator", _viewer),
    Service(people.reset_second_factor, "coordinator", _has_a_factor),
    Service(people.start_looking, "coordinator", lambda _: {"role": "observer", "countries": {}}),
    # Their own; nobody but a coordinator ever has one.
    Service(
        people.end_looking,
        EVERYBODY,
        lambda _: {"looking": Looking("observer", timezone.now()), "ended": "stopped"},
        own=True,
    ),
    Service(colleagues.invite_colleague, "coordinator", _to_observe),
    Service(colleagues.invite_colleague_again, "coordinator", _staff_invitation),
    Service(colleagues.take_back_invitation, "coordinator", _staff_invitation),
    Service(colleagues.tick_step, " ".join(STAFF), lambda _: {"key": "guide"}),
    Service(colleagues.untick_step, " ".join(STAFF), lambda _: {"key": "guide"}),
    Service(colleagues.end_first_steps, " ".join(STAFF)),
    Service(colleagues.begin_practice, _PRACTISE),
    Service(colleagues.end_practice, _PRACTISE),
    Service(colleagues.read_in_practice, _PRACTISE, lambda _: {"is_reading": True}),
    Service(
        colleagues.leave_practice,
        "coordinator",
        lambda w: {"practice": practice_of(w), "rows": [], "roots": []},
    ),
    Service(colleagues.hand_over_work, "coordinator", _to_hand_over),
    Service(organisations.pass_on_country, "coordinator", _country_to_hand_over),
    Service(applications.pass_on_clarification, "coordinator", _question_to_hand_over),
    Service(assessment.pass_on_reading, "coordinator", _reading_to_hand_over),
    Service(colleagues.take_up_role, "stranger", _meant_for_the_stranger),
    # Each ends their own sessions; who ends another's asks before.
    Service(people.end_sessions, EVERYBODY, own=True),
    Service(post.hold_mail, "coordinator", _mail("queued")),
    Service(post.release_mail, "coordinator", _mail("held")),
    Service(post.retry_mail, "coordinator", _mail("failed")),
    Service(
        post.correct_mail,
        "coordinator",
        lambda w: _mail("failed")(w) | {"recipient": "new@city.example", "reason": "A typo."},
    ),
    Service(
        jobs.start_job,
        " ".join(STAFF),
        lambda _: {"kind": "applications.export", "params": {"filters": {}, "ending": "csv"}},
    ),
    Service(jobs.cancel_job, "coordinator", lambda w: _job(w, JobFactory)),
    Service(jobs.require_result, "coordinator", lambda w: _job(w, DoneJobFactory)),
]


# programme ----------------------------------------------------------------------------
def _city(country):
    return lambda _: {"name": "City of Pune", "kind": "municipality", "country": country()}


def _invited(w):
    return {"organisation": w.home, "email": "new@city.example", "role": "viewer"}


def _first_lead(_world):
    return {
        "organisation": PartnerOrganisationFactory(),
        "email": "new@city.example",
        "role": "lead",
    }


def _invitation(w):
    return {"invitation": InvitationFactory(organisation=w.home, email="guest@city.example")}


def _claim(organisation):
    return {"claim": ClaimFactory(organisation=organisation)}


def _by_domain(w):
    """Somebody in India whom a mail domain has let in."""
    until = timezone.now() + dt.timedelta(days=7)
    claim = ClaimFactory(organisation=w.partner, state="granted", object_until=until)
    return {"claim": claim, "reason": "She left."}


def _neighbours(w):
    """The partner's organisation and one that was found to be another."""
    one, other = sorted((w.partner, PartnerOrganisationFactory()), key=lambda row: row.pk)
    Neighbours.objects.create(one=one, other=other)
    return {"one": one, "other": other}


def _named(w):
    """The second name of the partner's organisation."""
    return organisations.rename_organisation(
        organisation=w.partner,
        name="Mistyped",
        day=dt.date(2026, 5, 3),
        reason="A law.",
        by=w.people["coordinator"],
    )


def _merged(w):
    """A merge into the partner's organisation."""
    organisations.merge_organisations(
        stays=w.partner,
        goes=PartnerOrganisationFactory(),
        picks={},
        reason="One.",
        by=w.people["coordinator"],
    )
    return w.partner.formers.first()


def _split(w):
    """A split that the partner's organisation came out of whole."""
    return Split.objects.create(
        organisation=PartnerOrganisationFactory(country=w.partner.country),
        out_of=w.partner,
        kind="since",
        day=dt.date(2026, 5, 4),
    )


def _registered(_w):
    return {"organisation": PartnerOrganisationFactory(standing="to_confirm")}


def _colleague(w):
    return {"membership": MembershipFactory(organisation=w.home, role="viewer")}


def _call_data():
    return CallData(title="Pairings", code="C2C-X", strand=StrandFactory())


def _worded(w, _row=None):
    return {"call": w.call, "kind": "application_received", "language": "en-gb"}


PROGRAMME = [
    Service(
        organisations.create_organisation,
        f"coordinator desk {OWN_CITY}",
        _city(PartnerCountryFactory),
        note="in India",
    ),
    Service(
        organisations.set_capacity,
        "coordinator",
        lambda w: {"organisation": w.partner, "capacity": 3},
    ),
    Service(
        organisations.describe_organisation,
        "lead editor",
        lambda w: {"organisation": w.home, "tags": [], "languages": [], "read_version": 1},
    ),
    Service(organisations.invite_member, "coordinator lead", _invited),
    Service(organisations.invite_member, "coordinator desk", _first_lead, note="first lead"),
    Service(
        organisations.invite_member,
        "coordinator partner_lead",
        lambda w: _invited(w) | {"organisation": w.partner, "role": "lead"},
        note="another lead",
    ),
    Service(organisations.resend_invitation, "coordinator lead", _invitation),
    Service(organisations.revoke_invitation, "coordinator lead", _invitation),
    Service(
        # The link is for the address it was sent to.
        organisations.accept_invitation,
        "stranger",
        lambda w: {"token": w.more["token"]},
        refusal=InvalidError,
        own=True,
    ),
    Service(
        organisations.ask_to_join,
        OWN_CITY,
        lambda _: {"organisation": OrganisationFactory(), "office": "Clerk", "address": "Here"},
    ),
    Service(
        organisations.withdraw_claim,
        "stranger",
        lambda w: {"claim": ClaimFactory(organisation=w.home, person=w.people["stranger"])},
    ),
    *(
        Service(does, roles, lambda w, where=where, more=more: _claim(where(w)) | more, note=note)
        for does, more in (
            (organisations.grant_claim, {}),
            (organisations.refuse_claim, {"reason": "Unknown."}),
        )
        for roles, where, note in (
            ("coordinator lead", lambda w: w.home, ""),
            ("coordinator desk", lambda _: PartnerOrganisationFactory(), "no lead"),
        )
    ),
    Service(
        organisations.merge_organisations,
        "coordinator",
        lambda w: {
            "stays": w.partner,
            "goes": PartnerOrganisationFactory(),
            "picks": {},
            "reason": "One city hall.",
        },
    ),
    *(
        Service(does, "coordinator", args)
        for does, args in (
            (
                organisations.rename_organisation,
                lambda w: {
                    "organisation": w.partner,
                    "name": "New Name",
                    "day": dt.date(2026, 5, 3),
                    "reason": "A law.",
                },
            ),
            (
                organisations.correct_name,
                lambda w: {
                    "row": _named(w),
                    "name": "Right Name",
                    "day": dt.date(2026, 5, 4),
                    "reason": "A slip.",
                },
            ),
            (organisations.take_back_name, lambda w: {"row": _named(w), "reason": "Never."}),
            (organisations.take_apart, lambda w: {"merge": _merged(w), "reason": "Two."}),
            (organisations.take_split_back, lambda w: {"split": _split(w), "reason": "A slip."}),
            (
                organisations.split_organisation,
                lambda w: {
                    "organisation": w.partner,
                    "name": "Second",
                    "body": "municipality",
                    "kind": "since",
                    "day": None,
                    "parts": [],
                    "shares": {w.partner.memberships.get(role="lead").pk: "both"},
                    "reason": "A reform.",
                },
            ),
        )
    ),
    *(
        Service(does, "coordinator desk", args)
        for does, args in (
            (
                organisations.mark_as_neighbours,
                lambda w: {
                    "one": w.partner,
                    "other": PartnerOrganisationFactory(),
                    "reason": "Town and county.",
                },
            ),
            (organisations.forget_neighbours, _neighbours),
            (organisations.object_to_claim, _by_domain),
            (organisations.confirm_organisation, _registered),
            (organisations.refuse_organisation, lambda w: _registered(w) | {"reason": "None."}),
            (
                organisations.mark_as_double,
                lambda w: _registered(w) | {"of": PartnerOrganisationFactory()},
            ),
            (
                organisations.add_mail_domain,
                lambda w: {"organisation": w.partner, "host": "city.example"},
            ),
            (
                organisations.remove_mail_domain,
                lambda w: {"domain": MailDomainFactory(organisation=w.partner)},
            ),
        )
    ),
    Service(
        organisations.change_role, "coordinator lead", lambda w: _colleague(w) | {"role": "editor"}
    ),
    Service(organisations.remove_member, "coordinator lead", _colleague),
    Service(organisations.close_account, OWN_CITY, own=True),
    Service(organisations.close_person, "coordinator", lambda w: _viewer(w) | {"reason": "Left."}),
    Service(
        organisations.set_rights,
        "coordinator",
        lambda w: _viewer(w) | {"role": "regional_desk", "countries": [PartnerCountryFactory()]},
    ),
    Service(calls.save_call, "coordinator", lambda _: {"call": None, "data": _call_data()}),
    Service(calls.publish_call, "coordinator", lambda _: {"call": DraftCallFactory()}),
    Service(
        calls.move_deadline,
        "coordinator",
        lambda w: {
            "call": w.call,
            "closes_at": w.call.closes_at + dt.timedelta(days=7),
            "reason": "A holiday.",
            "read_version": w.call.version,
        },
    ),
    Service(
        calls.copy_call,
        "coordinator",
        lambda w: {"call": w.call, "title": "Again", "code": "C2C-2030"},
    ),
    Service(
        calls.write_mail_text,
        "coordinator",
        lambda w: _worded(w) | {"subject": "Thank you", "text": "{changes}", "read_version": 0},
    ),
    Service(
        calls.take_standard_text,
        "coordinator",
        lambda w: _worded(w, MailTextFactory(scope=key_of(w.call))) | {"read_version": 1},
    ),
    Service(
        calls.send_test_mail,
        "coordinator",
        lambda w: _worded(w) | {"subject": "Thank you", "text": "{changes}"},
    ),
    Service(calls.follow_answers, KNOWN, lambda w: {"call": w.call, "follows": True}),
    Service(
        calls.say_helped,
        KNOWN,
        lambda w: {"question": CallQuestionFactory(call=w.call, answered=True), "helped": True},
    ),
    Service(calls.ask_question, KNOWN, lambda w: {"call": w.call, "text": "Who pays?"}),
    Service(
        calls.answer_question,
        "coordinator",
        lambda w: {
            "question": CallQuestionFactory(call=w.call),
            "wording": "Who pays?",
            "answer": "The programme.",
            "topic": "money",
            "read_version": 1,
        },
    ),
    Service(
        calls.close_question,
        "coordinator",
        lambda w: {
            "question": CallQuestionFactory(call=w.call),
            "reason": "It is about another call.",
        },
    ),
    Service(
        calls.ask_extension,
        "lead editor",
        lambda w: {
            "call": w.call,
            "organisation": w.home,
            "wished_until": w.call.closes_at + dt.timedelta(days=7),
            "why": "The council meets later.",
        },
    ),
    Service(
        calls.grant_extension,
        "coordinator",
        lambda w: {
            "wish": ExtensionRequestFactory(call=w.call, organisation=w.home),
            "closes_at": w.call.closes_at + dt.timedelta(days=7),
            "reason": "A short one.",
        },
    ),
    Service(
        calls.refuse_extension,
        "coordinator",
        lambda w: {
            "wish": ExtensionRequestFactory(call=w.call, organisation=w.home),
            "reason": "No cause.",
        },
    ),
    Service(
        calls.make_late_code,
        "coordinator",
        lambda w: {
            "call": w.call,
            "organisation": w.home,
            "expires_at": w.call.closes_at + dt.timedelta(days=1),
            "closes_at": w.call.closes_at + dt.timedelta(days=7),
            "reason": "The server was down.",
        },
    ),
    Service(
        calls.redeem_late_code,
        "lead editor",
        lambda w: {"call": w.call, "organisation": w.home, "code": CODE},
    ),
    Service(
        calls.revoke_late_code,
        "coordinator",
        lambda w: {
            "code": LateCodeFactory(call=w.call, organisation=w.home),
            "reason": "Given by mistake.",
        },
    ),
]


# questionnaires -----------------------------------------------------------------------
def _draft(_world=None):
    return questionnaires.create_draft_version(template=TemplateVersionFactory().template, by=None)


def _section():
    return _draft().sections.first()


def _for_call(_world):
    version = TemplateVersionFactory()
    return {"call": CallFactory(), "purpose": version.template.purpose, "version": version}


QUESTIONNAIRES = [
    Service(does, "coordinator", args)
    for does, args in (
        (questionnaires.create_draft_version, lambda _: {"template": TemplateFactory()}),
        (questionnaires.publish_version, lambda _: {"version": _draft()}),
        (questionnaires.attach_questionnaire, _for_call),
        (
            attach_questionnaires,
            lambda w: {"call": CallFactory(), "versions": {"plan": _for_call(w)["version"]}},
        ),
        (
            questionnaires.save_section,
            lambda _: {"version": _draft(), "section": None, "data": SectionData(title="New")},
        ),
        (questionnaires.remove_section, lambda _: {"section": _section()}),
        (
            questionnaires.save_question,
            lambda _: {"section": _section(), "question": None, "data": QuestionData(text="Why?")},
        ),
        (questionnaires.remove_question, lambda _: {"question": _section().questions.first()}),
        (questionnaires.move_row, lambda _: {"row": _section(), "up": False}),
    )
]


# applications -------------------------------------------------------------------------
def _to_pass_on(w):
    """A group that the home city leads, and a member whose people are in the portal."""
    application = GroupApplicationFactory(organisation=w.home)
    other = MembershipFactory(organisation__country=w.home.country, role="lead").organisation
    member = MunicipalityFactory(application=application, name=other.name, country=other.country)
    return {"application": application, "municipality": member}


def _own(factory=ApplicationFactory):
    return lambda w: {"application": factory(organisation=w.home)}


def _sent(factory=SubmittedApplicationFactory):
    """What the lead's organisation sent, asking for India, assigned to the assessor."""

    def make(w):
        application = factory(organisation=w.home, partner_countries=[PartnerCountryFactory()])
        AssignmentFactory(application=application, assessor=w.people["assessor"])
        return {"application": application}

    return make


def _asked(w):
    return {"clarification": ClarificationFactory(**_sent()(w))}


def _copy(w):
    standing = SubmittedApplicationFactory(organisation=w.home)
    return {"application": WorkingCopyFactory(revises=standing)}


def _other_municipality(w):
    application = GroupApplicationFactory(organisation=w.home)
    return {"municipality": MunicipalityFactory(application=application)}


def _signed():
    return {
        "upload": SimpleUploadedFile("letter.pdf", PDF),
        "signed_by_name": "Silvio Nardelli",
        "signed_by_office": "Mayor",
        "signed_on": dt.date(2026, 3, 2),
    }


def _letter(w):
    return _other_municipality(w) | _signed()


def _documents(w):
    values = _document(w)
    upload = SimpleUploadedFile("decision.pdf", PDF)
    return {"application": values["application"], "uploads": [(values["asked"], upload)]}


def _document(w):
    application = ApplicationFactory(organisation=w.home)
    return {
        "application": application,
        "asked": CallDocumentFactory(call=application.call),
    }


def _asked_to_commit(w):
    return {"invitation": OnlineInvitationFactory(**_other_municipality(w))}


def _stakeholder(w):
    return {"stakeholder": StakeholderFactory(application__organisation=w.home)}


_COUNTY = {"kind": "region", "name": "Istria", "role": "Runs the buses."}


def _commitment_of(values):
    return CommitmentFactory(municipality__application=values["application"])


def _judged(w):
    """A sent application that fails a criterion."""
    values = _sent()(w)
    CriterionRulingFactory(
        application=values["application"], ruling="fail", by=w.people["coordinator"]
    )
    return values | {"eligible": False, "reason": "Too small."}


def _ruled_by_both(w):
    """A sent application on which both who may check have ruled."""
    values = _sent()(w)
    for role, criterion in (("coordinator", "population"), ("desk", "room")):
        CriterionRulingFactory(
            application=values["application"], criterion=criterion, by=w.people[role]
        )
    return values


_RULING = {"criterion": "population", "ruling": "waive", "reason": "Guests."}
_WRITERS = "lead editor"


def _interest(w, factory):
    return {"interest": factory(organisation=w.home)}


_PREPARED = {"outcome": "rejected", "reason": "The field was strong."}


def _from_line(w):
    line = Line(places=1)
    mark = mark_of(to_set(ranking_of(w.people["coordinator"], w.call, line)))
    return {"call": w.call, "line": line, "reasons": {}, "paragraphs": [], "mark": mark}


def _to_fill(w):
    place = place_of(w)
    return {
        "place": place,
        "application": waiting_for(place),
        "reason": "A place came free.",
        "read_version": 1,
    }


def _to_release(w):
    call = outcome(w).application.call
    return {"call": call, "mark": readiness_of(w.people["coordinator"], call).mark}


def _bulk(w):
    action = "assessment.prepare"
    [application] = _sent(EligibleApplicationFactory)(w).values()
    values = _PREPARED | {"paragraphs": []}
    by = w.people["coordinator"]
    [looked] = previewed(actions()[action], chosen_by(by, [application.pk]), values, by)
    return {"action": action, "values": values, "seen": {application.pk: looked.mark}}


def _assignment(w):
    found = _sent()(w)
    return found | {"assignment": found["application"].assignments.get().pk, "reason": "So."}


def _written_to(w):
    found = _sent()(w)
    mail = MailFactory(about=key_of(found["application"]), kind="application_message")
    return found | {"mails": [mail.pk], "reason": "A wrong date."}


APPLICATIONS = [
    Service(
        applications.start_application,
        _WRITERS,
        lambda w: {"call": w.call, "organisation": w.home},
    ),
    Service(
        applications.save_applicant,
        _WRITERS,
        lambda w: _own()(w) | {"kind": "group", "exception_reason": "", "read_version": 1},
    ),
    Service(
        applications.save_contacts,
        _WRITERS,
        lambda w: _own()(w) | {"read_version": 1, "contact_name": "Ana"},
    ),
    Service(
        start_trial,
        "coordinator desk desk_other desk_none observer",
        lambda w: {"call": w.call},
    ),
    Service(
        start_interest_trial,
        "coordinator desk desk_other desk_none observer",
        lambda _: {"call": TwoStageCallFactory()},
    ),
    Service(applications.offer_lead, "lead", _to_pass_on),
    Service(
        applications.take_offer_back,
        "lead",
        lambda w: {
            "offer": LeadOfferFactory(application=GroupApplicationFactory(organisation=w.home))
        },
    ),
    Service(
        applications.answer_offer,
        "lead",
        lambda w: {"offer": LeadOfferFactory(organisation=w.home), "accepted": True},
    ),
    Service(
        applications.hand_over,
        _WRITERS,
        lambda w: (
            _own()(w)
            | {"to": MembershipFactory(organisation=w.home, role="editor").user, "note": "Ask Bo."}
        ),
    ),
    Service(
        applications.save_preferences,
        _WRITERS,
        lambda w: (
            _own()(w)
            | {"read_version": 1, "themes": [], "partner_countries": [PartnerCountryFactory()]}
        ),
    ),
    Service(
        applications.save_profile,
        _WRITERS,
        lambda w: _own()(w) | {"read_version": 1, "data": ProfileData(population_from=1)},
    ),
    Service(
        applications.save_section,
        _WRITERS,
        lambda w: _own()(w) | {"answers": [("why", "Because.", 0)]},
    ),
    Service(
        applications.add_municipality,
        _WRITERS,
        lambda w: _own(GroupApplicationFactory)(w) | {"name": "Trogir"},
    ),
    Service(
        applications.edit_municipality,
        _WRITERS,
        lambda w: _other_municipality(w) | {"name": "Solin"},
    ),
    Service(applications.remove_municipality, _WRITERS, _other_municipality),
    Service(applications.make_lead, _WRITERS, _other_municipality),
    Service(applications.add_commitment, _WRITERS, _letter),
    Service(
        applications.add_document,
        _WRITERS,
        lambda w: _document(w) | {"upload": SimpleUploadedFile("decision.pdf", PDF)},
    ),
    Service(applications.add_documents, _WRITERS, _documents),
    Service(applications.remove_document, _WRITERS, _document),
    Service(
        applications.add_and_invite,
        _WRITERS,
        lambda w: (
            _own(GroupApplicationFactory)(w)
            | {"name": "Trogir", "contact_email": "office@trogir.example"}
        ),
    ),
    Service(
        applications.invite_online,
        _WRITERS,
        lambda w: {
            "asked": _other_municipality(w)["municipality"],
            "email": "office@municipality.example",
        },
    ),
    Service(applications.revoke_online, _WRITERS, _asked_to_commit),
    Service(applications.add_stakeholder, _WRITERS, lambda w: _own()(w) | _COUNTY),
    Service(
        applications.add_and_ask,
        _WRITERS,
        lambda w: _own()(w) | _COUNTY | {"contact_email": "office@istria.example"},
    ),
    Service(
        applications.edit_stakeholder,
        _WRITERS,
        lambda w: _stakeholder(w) | {"role": "Runs the ferries."},
    ),
    Service(applications.remove_stakeholder, _WRITERS, _stakeholder),
    Service(applications.add_letter, _WRITERS, lambda w: _stakeholder(w) | _signed()),
    Service(
        applications.judge_commitment,
        "coordinator desk",
        lambda w: {
            "commitment": _commitment_of(_sent()(w)),
            "verdict": "accepted",
            "reason": "",
        },
    ),
    Service(applications.submit_application, "lead", _own()),
    Service(applications.withdraw_application, "lead", _own()),
    Service(
        applications.name_contacts,
        "lead",
        lambda w: _sent()(w) | {"read_version": 1, "contact_name": "Another"},
    ),
    *(
        Service(
            service,
            "coordinator lead",
            lambda w: _sent(AcceptedApplicationFactory)(w) | {"reason": "No staff."},
        )
        for service in (applications.give_up_acceptance, assessment.give_up_place)
    ),
    Service(assessment.fill_place, "coordinator", _to_fill),
    Service(
        assessment.leave_empty,
        "coordinator",
        lambda w: {"place": place_of(w), "reason": "The money is spent."},
    ),
    Service(
        assessment.reopen_place,
        "coordinator",
        lambda w: {"place": empty(w), "reason": "There is money again."},
    ),
    Service(
        applications.start_interest,
        _WRITERS,
        lambda w: {"call": TwoStageCallFactory(), "organisation": w.home},
    ),
    Service(
        applications.save_interest_section,
        _WRITERS,
        lambda w: _interest(w, InterestFactory) | {"answers": [("why", "Because.", 0)]},
    ),
    Service(applications.send_interest, "lead", lambda w: _interest(w, InterestFactory)),
    Service(applications.withdraw_interest, "lead", lambda w: _interest(w, InterestFactory)),
    Service(
        applications.decide_interests,
        "coordinator",
        lambda w: {
            "interests": [SentInterestFactory(organisation=w.home)],
            "outcome": "invited",
            "reason": "A clear problem.",
        },
    ),
    Service(
        applications.take_back_decision,
        "coordinator",
        lambda w: _interest(w, InvitedInterestFactory) | {"reason": "The wrong city."},
    ),
    Service(
        applications.ask_clarification,
        "coordinator desk",
        lambda w: (
            _sent()(w)
            | {"row": "contact", "question": "Which office?", "due_on": today() + dt.timedelta(3)}
        ),
    ),
    Service(
        applications.write_to_applicant,
        "coordinator desk",
        lambda w: _sent()(w) | {"subject": "The talks", "text": "They begin on Monday."},
    ),
    Service(applications.take_back_message, "coordinator desk", _written_to),
    Service(
        applications.answer_clarification,
        _WRITERS,
        lambda w: _asked(w) | {"kind": "explain", "answer": "That of the mayor."},
    ),
    Service(
        applications.extend_clarification,
        "coordinator desk",
        lambda w: _asked(w) | {"due_on": today() + dt.timedelta(days=30)},
    ),
    Service(
        applications.withdraw_clarification,
        "coordinator desk",
        lambda w: _asked(w) | {"reason": "Found in the letter."},
    ),
    Service(
        applications.write_on_clarification,
        f"coordinator desk {_WRITERS}",
        lambda w: _asked(w) | {"text": "Which year?"},
    ),
    Service(applications.reopen_application, _WRITERS, _own(SubmittedApplicationFactory)),
    Service(applications.drop_changes, _WRITERS, _copy),
    Service(applications.rule_criterion, "coordinator desk", lambda w: _sent()(w) | _RULING),
    Service(
        applications.rule_criterion, "", lambda w: _own()(w) | _RULING, note="a draft is the city's"
    ),
    Service(applications.decide_eligibility, "coordinator desk", _judged),
    Service(
        applications.pass_and_settle,
        "coordinator desk",
        lambda w: _sent()(w) | {"criterion": "population", "reason": "The census says so."},
    ),
    Service(applications.undo_check_step, "coordinator desk", _ruled_by_both),
    Service(
        applications.decide_application,
        "coordinator",
        lambda w: _sent(EligibleApplicationFactory)(w) | {"outcome": "accepted", "reason": "Good."},
    ),
    Service(
        correct_decision,
        "coordinator",
        lambda w: _sent(AcceptedApplicationFactory)(w) | {"outcome": "reserve", "reason": "Full."},
    ),
    Service(
        assessment.prepare_outcome,
        "coordinator",
        lambda w: _sent(EligibleApplicationFactory)(w) | _PREPARED,
    ),
    Service(
        assessment.prepare_outcomes,
        "coordinator",
        lambda w: (
            {"versions": {_sent(EligibleApplicationFactory)(w)["application"]: 0}} | _PREPARED
        ),
    ),
    Service(
        assessment.take_back_outcome,
        "coordinator",
        lambda w: {
            "application": outcome(w).application,
            "kept": {},
            "read_version": 1,
            "reason": "So.",
        },
    ),
    Service(
        applications.save_view,
        " ".join(STAFF),
        lambda _w: {"name": "Asia", "query": "q=a", "is_shared": True},
    ),
    Service(applications.remove_view, "coordinator", lambda w: {"view": saved_view(w)}),
    Service(
        applications.pass_on_view,
        "coordinator",
        lambda w: {
            "row": saved_view(w, person=w.people["observer"], is_shared=True),
            "to": w.people["coordinator"],
        },
    ),
    Service(bulk.start_run, "coordinator", _bulk),
    Service(bulk.go_on, "coordinator", lambda w: {"run": bulk_row(w).run}),
    Service(bulk.stop_run, "coordinator", lambda w: {"run": bulk_row(w).run}),
    Service(bulk.undo_run, "coordinator", lambda w: {"run": bulk_row(w).run, "reason": "So."}),
    Service(
        bulk.undo_row,
        "coordinator",
        lambda w: {"row": bulk_row(w, state="done"), "reason": "So."},
    ),
    Service(
        assessment.hold_letter,
        "coordinator",
        lambda w: {"outcome": outcome(w), "held": True, "read_version": 1},
    ),
    Service(
        assessment.edit_letter,
        "coordinator",
        lambda w: {"outcome": outcome(w), "subject": "A", "text": "B", "read_version": 1},
    ),
    Service(
        assessment.take_usual_letter,
        "coordinator",
        lambda w: {"outcome": outcome(w), "read_version": 1},
    ),
    Service(assessment.send_test_letter, "coordinator", lambda w: {"outcome": outcome(w)}),
    Service(
        assessment.start_from_line,
        "coordinator",
        _from_line,
    ),
    Service(assessment.release_outcomes, "coordinator", _to_release),
    Service(assessment.retry_release, "coordinator", lambda w: {"release": release_of(w)}),
    Service(
        assessment.save_paragraph,
        "coordinator",
        lambda w: {
            "call": w.call,
            "title": "Strong field",
            "outcome": "rejected",
            "body": {"en-gb": "The field was strong."},
        },
    ),
    Service(
        assessment.remove_paragraph,
        "coordinator",
        lambda w: {"paragraph": ParagraphFactory(call=w.call)},
    ),
    Service(
        assessment.prepare_correction,
        "coordinator",
        lambda w: (
            _sent(AcceptedApplicationFactory)(w)
            | {"outcome": "reserve", "reason": "A slip.", "words": "We made a slip."}
        ),
    ),
    Service(
        assessment.confirm_correction,
        "coordinator",
        lambda w: {"correction": told(w, CoordinatorFactory()), "read_version": 1},
    ),
    Service(assessment.discard_correction, "coordinator", lambda w: {"correction": told(w)}),
    Service(
        applications.assign_assessor,
        "coordinator",
        lambda w: _sent()(w) | {"assessor": AssessorFactory()},
    ),
    Service(
        applications.unassign_assessor,
        "coordinator",
        lambda w: _sent()(w) | {"assessor": w.people["assessor"]},
    ),
    Service(applications.take_back_assignment, "coordinator", _assignment),
]


# assessment ---------------------------------------------------------------------------
def _link_of(w):
    return {"conflict": ConflictFactory(application=_sent()(w)["application"])}


def _to_score(w):
    application = _sent(EligibleApplicationFactory)(w)["application"]
    return {
        "application": application,
        "criterion": AssessmentCriterionFactory(call=application.call),
    }


def _scored(w):
    """Return it with points and a sentence of the assessor's, not handed in."""
    found = _to_score(w)
    own = AssessmentFactory(assignment=found["application"].assignments.get())
    ScoreFactory(assessment=own, criterion=found["criterion"])
    return found


def _differing(w):
    """Return what the assessor and a colleague have scored far apart."""
    found = _to_score(w)
    own = found["application"].assignments.get()
    other = AssignmentFactory(application=found["application"])
    for assignment, value in ((own, 1), (other, 5)):
        HandedInFactory(assignment=assignment, scores={found["criterion"]: value})
    return found


def _proposed(w):
    found = _differing(w)
    row = Agreed.objects.create(**found, value=3, sentence="So.")
    return {"application": found["application"], "seen": {row.pk: row.version}}


ASSESSMENT = [
    Service(
        assessment.declare_interests,
        "assessor",
        lambda w: {"call": _sent()(w)["application"].call, "links": {}},
    ),
    Service(
        assessment.declare_link,
        "coordinator desk observer assessor",
        lambda w: _sent()(w) | {"reason": "I worked for it."},
    ),
    Service(
        assessment.save_score,
        "assessor",
        lambda w: _to_score(w) | {"value": None, "sentence": "Clear.", "read_version": 0},
    ),
    Service(
        assessment.save_overall,
        "assessor",
        lambda w: {
            "application": _to_score(w)["application"],
            "overall": "Strong.",
            "read_version": 1,
        },
    ),
    Service(
        assessment.hand_in,
        "assessor",
        lambda w: {"application": _scored(w)["application"]},
    ),
    Service(
        assessment.abstain,
        "assessor",
        lambda w: {"application": _to_score(w)["application"], "reason": "Not my subject."},
    ),
    Service(
        assessment.reopen_assessment,
        "coordinator",
        lambda w: {
            "assessment": HandedInFactory(assignment=_to_score(w)["application"].assignments.get()),
            "reason": "A slip.",
        },
    ),
    Service(
        assessment.save_plan,
        "coordinator",
        lambda w: {
            "call": w.call,
            "assessors_each": 2,
            "spread": 1,
            "scores_by": None,
            "consensus_by": None,
            "read_version": 0,
        },
    ),
    Service(
        assessment.close_plan,
        "coordinator",
        lambda w: {"call": AssessmentPlanFactory(call=w.call).call, "reason": "All is in."},
    ),
    Service(
        assessment.reopen_plan,
        "coordinator",
        lambda w: {
            "call": AssessmentPlanFactory(call=w.call, closed_at=timezone.now()).call,
            "reason": "One more came in.",
        },
    ),
    Service(
        assessment.save_expertise,
        "coordinator assessor",
        lambda w: {
            "assessor": w.people["assessor"],
            "countries": [],
            "themes": [],
            "employer": "",
            "languages": "de",
        },
    ),
    Service(
        assessment.assign_readings,
        "coordinator",
        lambda w: {
            "call": AssessmentPlanFactory(call=w.call).call,
            "locked": [],
            "away": [],
            "seen": "",
        },
    ),
    Service(
        assessment.propose_value,
        "assessor",
        lambda w: _differing(w) | {"value": 3, "sentence": "So.", "read_version": 0},
    ),
    Service(
        assessment.agree,
        "assessor",
        _proposed,
    ),
    Service(assessment.lift_link, "coordinator", lambda w: _link_of(w) | {"reason": "Long ago."}),
]


# casework -----------------------------------------------------------------------------
def _case(w):
    return {"application": _sent()(w)["application"]}


CASEWORK = [
    Service(
        casework.set_owner,
        "coordinator desk",
        lambda w: _case(w) | {"owner": w.people["coordinator"], "read_version": 0},
    ),
    Service(casework.note_seen, "coordinator desk observer assessor", _case),
    Service(casework.write_note, "coordinator desk", lambda w: _case(w) | {"text": "He called."}),
    Service(
        casework.edit_note,
        "coordinator",
        lambda w: {"note": note_of(w), "text": "She called."},
    ),
    Service(casework.remove_note, "coordinator", lambda w: {"note": note_of(w)}),
    Service(
        casework.remove_note,
        "coordinator desk",
        lambda w: {"note": note_of(w, "desk")},
        note="of the desk",
    ),
    Service(
        casework.set_tags, "coordinator desk", lambda w: _case(w) | {"tags": [StaffTagFactory()]}
    ),
    Service(
        casework.save_tag,
        "coordinator desk desk_other desk_none",
        lambda _: {"name": "Legal question", "tone": "info"},
    ),
    Service(
        casework.save_tag,
        "coordinator",
        lambda _: {
            "name": "Legal question",
            "tone": "info",
            "tag": StaffTagFactory(),
            "read_version": 1,
        },
        note="that is there",
    ),
    Service(
        casework.merge_tags,
        "coordinator",
        lambda _: {"tag": StaffTagFactory(), "into": StaffTagFactory()},
    ),
    Service(casework.remove_tag, "coordinator", lambda _: {"tag": StaffTagFactory()}),
]


# pairings -----------------------------------------------------------------------------
def _pairing(factory=PairingFactory):
    """What the lead's organisation has with the partner in India."""
    return lambda w: {"pairing": factory(organisations=[w.home, w.partner])}


def _party(factory):
    return lambda w: {
        "member": _pairing(factory)(w)["pairing"].members.get(organisation=w.home),
    }


def _milestone(w):
    return {"milestone": MilestoneFactory(pairing=_pairing(RunningPairingFactory)(w)["pairing"])}


def _done_milestone(w):
    pairing = _pairing(RunningPairingFactory)(w)["pairing"]
    milestone = MilestoneFactory(pairing=pairing, done_at=timezone.now())
    return {"milestone": milestone, "reason": "The report is missing."}


def _proposal(w):
    AcceptedApplicationFactory(call=w.call, organisation=w.home)
    return {
        "call": w.call,
        "parties": [Party(w.home, Side.EU), Party(w.partner, Side.PARTNER)],
        "topics": [TopicFactory()],
        "reason": "A river.",
    }


def _other_weights(w):
    run = DoneRunFactory(call=w.call)
    return {"call": run.call, "parent": run, "changes": matching.Changes(weights={"themes": 9})}


def _correction(w):
    pairing = _pairing()(w)["pairing"]
    topics = pairing.topics.all()
    return {"pairing": pairing, "topics": topics, "reason": "A sea.", "read_version": 1}


def _board(w):
    board = BoardFactory(run__call=w.call)
    return {"call": board.call, "read": board.run.number}


def _on_board(w):
    return _board(w) | {"changes": matching.Changes(lock=[("riga", "surat")])}


def _confirmed(w):
    w.call.partner_countries.add(w.partner.country)
    AcceptedApplicationFactory(call=w.call, organisation=w.home)
    left, right = ({"id": city.slug, "country": city.country_id} for city in (w.home, w.partner))
    run = DoneRunFactory(call=w.call, instance=instance(left=[left], right=[right]))
    BoardFactory(run=run)
    row = matching.Confirmed(w.home.slug, w.partner.slug, [TopicFactory()], "A river.")
    return {"call": w.call, "read": run.number, "rows": [row]}


def _wish(w):
    call = CallFactory(partner_countries=[w.partner.country])
    application = AcceptedApplicationFactory(call=call, organisation=w.home)
    return {"application": application, "about": w.partner}


def _wish_said(w):
    found = _wish(w)
    call = found["application"].call
    PartnerWishFactory(call=call, organisation=w.home, about=w.partner)
    return found


PAIRINGS = [
    Service(matching.start_run, "coordinator", _other_weights),
    Service(
        matching.work_out_fairness, "coordinator", lambda w: {"run": DoneRunFactory(call=w.call)}
    ),
    Service(matching.put_on_board, "coordinator", lambda w: {"run": DoneRunFactory(call=w.call)}),
    Service(
        pairings.correct_proposal,
        "coordinator",
        lambda w: _correction(w) | {"answer_by": timezone.localdate() + dt.timedelta(days=9)},
    ),
    Service(
        pairings.amend_pairing,
        "coordinator",
        lambda w: _correction(w) | {"name": "A sea", "why": "It is one.", "due_on": None},
    ),
    Service(
        pairings.prolong_proposal,
        "coordinator desk",
        lambda w: _pairing()(w) | {"answer_by": timezone.localdate() + dt.timedelta(days=90)},
    ),
    Service(pairings.remind_parties, "coordinator desk", _pairing()),
    Service(matching.change_board, "coordinator", _on_board),
    Service(matching.confirm_pairs, "coordinator", _confirmed),
    Service(
        pairings.ask_staff, "lead editor", lambda w: _party(PairingFactory)(w) | {"text": "Why?"}
    ),
    Service(
        pairings.answer_party,
        "coordinator desk",
        lambda w: _party(PairingFactory)(w) | {"text": "A river."},
    ),
    Service(pairings.say_wish, "lead editor", lambda w: _wish(w) | {"is_wanted": True}),
    Service(pairings.take_back_wish, "lead editor", _wish_said),
    Service(pairings.propose_pairing, "coordinator", _proposal),
    Service(
        pairings.answer_pairing, "lead", lambda w: _party(PairingFactory)(w) | {"accept": True}
    ),
    Service(
        pairings.record_signature,
        "coordinator desk lead",
        lambda w: (
            _party(AcceptedPairingFactory)(w)
            | {
                "signed_on": timezone.localdate(),
                "signatory_name": "Mato",
                "signatory_office": "Mayor",
            }
        ),
    ),
    Service(
        pairings.cancel_pairing, "coordinator", lambda w: _pairing()(w) | {"reason": "A flood."}
    ),
    Service(pairings.complete_pairing, "coordinator", _pairing(RunningPairingFactory)),
    Service(pairings.complete_milestone, "coordinator desk", _milestone),
    Service(pairings.reopen_milestone, "coordinator desk", _done_milestone),
    Service(
        pairings.move_milestone,
        "coordinator desk",
        lambda w: (
            _milestone(w)
            | {"due_on": timezone.localdate() + dt.timedelta(days=90), "reason": "A flood."}
        ),
    ),
]


# action_plans -------------------------------------------------------------------------
def _plan(w):
    return PlanFactory(member=_party(RunningPairingFactory)(w)["member"])


def _section_of_plan(w):
    return {"plan": _plan(w), "section_key": "second"}


def _objective(w):
    return {"objective": ObjectiveFactory(plan=_plan(w))}


def _measure(w):
    plan = _plan(w)
    data = MeasureData(title="Shade", objective=ObjectiveFactory(plan=plan))
    return {"plan": plan, "measure": None, "data": data, "read_version": 0}


ACTION_PLANS = [
    Service(does, _WRITERS, args)
    for does, args in (
        (
            plans.open_plan,
            lambda w: {"member": _plan(w).member},
        ),
        (
            plans.save_section_answers,
            lambda w: _section_of_plan(w) | {"answers": [("where", "Here.", 0)]},
        ),
        (
            plans.save_section_answer,
            lambda w: {
                "plan": _plan(w),
                "question_key": "where",
                "value": "Here.",
                "read_version": 0,
            },
        ),
        (plans.mark_section_done, _section_of_plan),
        (plans.reopen_plan_section, _section_of_plan),
        (plans.add_objective, lambda w: {"plan": _plan(w), "title": "Shade"}),
        (plans.rename_objective, lambda w: _objective(w) | {"title": "Shade"}),
        (plans.remove_objective, _objective),
        (plans.save_measure, _measure),
        (plans.remove_measure, lambda w: {"measure": MeasureFactory(plan=_plan(w))}),
    )
]

SERVICES = [
    *ACCOUNTS,
    *PROGRAMME,
    *QUESTIONNAIRES,
    *APPLICATIONS,
    *ASSESSMENT,
    *CASEWORK,
    *PAIRINGS,
    *ACTION_PLANS,
]

# What takes a person and has no row, each with its reason.
NO_ROW = {
    "accounts.services.lock_people": "Asks, for the services above.",
    "core.trail.services.recording.record_event": "The service that asked has the right.",
    "core.trail.services.recording.record_writing": "The service that asked has the right.",
    "core.trail.services.recording.sitting_on_record": "A question of the service.",
    "programme.organisations.services.rights.lock_by_right": "Is the question itself.",
    "programme.organisations.services.naming.take_name": "Part of a merge and of a split.",
    "programme.organisations.services.naming.write_first_name": "Part of services that ask.",
    "programme.organisations.services.merging.make_one": "Part of services that ask.",
    "programme.organisations.services.merging.lock_both": "Is the question itself.",
    "programme.organisations.services.merging.record_merge": "Part of services that ask.",
    "core.files.services.store_file": "A file has no rights: its owner's service asks.",
    "core.files.services.hold_file": "A file has no rights: its owner's view asks.",
    "questionnaires.services.answers.save_answer": "The owner of the answers asks.",
    "questionnaires.services.answers.save_answers": "The owner of the answers asks.",
    "questionnaires.services.answers.write_answers": "The owner of the answers asks.",
    "questionnaires.services.answers.mark_section": "The owner of the answers asks.",
    "questionnaires.services.versions.require_editor": "Is the question itself.",
    "programme.organisations.services.members.check_pace": "Counts mails, for services that ask.",
    "core.threads.services.add_message": "A thread has no rights: its owner's service asks.",
    "applications.services.checked.bring_checked": "A part of start_application, which asks.",
    "applications.services.passing.end_open_offers": "A part of the services above, which ask.",
    "applications.services.two_stages.bring_interest": "A part of start_application, which asks.",
    "applications.services.signing.put_on_file": "The service whose letter it is asks.",
    "applications.services.signing.store_letter": "The service whose letter it is asks.",
    "applications.assessment.services.outcomes.lock_outcome": "Asks, for the services above.",
    "applications.assessment.services.lines.prepare_from_line": "prepare_outcome asks for each.",
    "applications.assessment.services.releasing.tell_outcome": "Asks, and notes a refusal.",
    "applications.services.checking.needs_another": "A part of decide_eligibility, which asks.",
    "iuc_portal.colleagues.services.practice_cases.slug_of": "Reads.",
    "iuc_portal.colleagues.services.practice_cases.make_cases": "Its page asks; it never holds.",
    "applications.services.checking.take_back_first_check": "A part of undo_check_step.",
    "core.jobs.services.stop_work": "Whoever lets others stop it asks: stop_run, undo_run.",
    "applications.bulk.services.do_row": "Asks, and notes a refusal.",
    "applications.bulk.services.undo_row_of_run": "Asks, and notes a refusal.",
    "applications.services.locking.lock_application": "Asks, for the services above.",
    "applications.services.locking.lock_draft": "Asks, for the services above.",
    "programme.calls.services.closings.require_staff": "Is the question itself.",
    "programme.calls.services.mail_texts.copy_mail_texts": "A part of copy_call, which asks.",
    "programme.calls.services.mail_texts.mail_as_read": "Reads, for pages and services that ask.",
    "programme.calls.services.closings.require_writer": "Is the question itself.",
    "pairings.matching.services.runs.locked_board": "Is the question itself.",
    "pairings.matching.services.runs.solve_run": "The work of `start_run`; `put_on_board` asks.",
    "pairings.services.common.require_right": "Is the question itself.",
    "pairings.services.closing.close": "A part of the services above, which ask.",
    "action_plans.services.common.lock_plan": "Asks, for the services above.",
}
