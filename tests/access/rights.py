"""Who has which permission on what: one row for each permission, checked by test_rights.py.

`on` makes the object from the world; a permission that is asked of no object has none. What
`seen` returns is asked whether the object is among what the person sees.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from action_plans.models import Plan
from applications.models import Application, Interest
from pairings.models import Pairing
from programme.organisations.models import Organisation
from reminders.selectors import visible_mails
from tests.access.casework import note_of
from tests.access.deciding import bulk_row, saved_view, told
from tests.factories.accounts import CoordinatorFactory
from tests.factories.action_plans import PlanFactory
from tests.factories.applications import (
    ApplicationFactory,
    AssignmentFactory,
    InterestFactory,
    LeadOfferFactory,
    SentInterestFactory,
    SubmittedApplicationFactory,
)
from tests.factories.assessment import HandedInFactory
from tests.factories.matching import DoneRunFactory
from tests.factories.pairings import PairingFactory
from tests.factories.programme import PartnerCountryFactory, PartnerOrganisationFactory

DESKS = "desk desk_other desk_none"
ASSESSORS = "assessor assessor_other"
OFFICE = f"coordinator {DESKS} observer"
CITY = "lead editor viewer partner_lead stranger"


@dataclass(frozen=True)
class Right:
    """A permission, who has it, and on what."""

    permission: str
    roles: str
    on: Callable[[Any], Any] | None = None
    seen: Callable[[Any, Any], bool] | None = None
    note: str = ""

    def __str__(self) -> str:
        return f"{self.permission} ({self.note})" if self.note else self.permission


def _among(user: Any, row: Any) -> bool:
    return type(row).objects.visible_to(user).filter(pk=row.pk).exists()


def _pairing_seen(user: Any, member: Any) -> bool:
    return _among(user, member.pairing)


def _note_seen(user: Any, note: Any) -> bool:
    return _among(user, note.application)


def _note_of_desk(w: Any) -> Any:
    return note_of(w, "desk")


def _mail_seen(user: Any, mail: Any) -> bool:
    return visible_mails(user).filter(pk=mail.pk).exists()


def _told_by_itself(w: Any) -> Any:
    return told(w, prepared_by=w.people["coordinator"])


def _own_view(w: Any, role: str) -> Any:
    return saved_view(w, person=w.people[role])


def _shared_view(w: Any) -> Any:
    """Return a view that an observer shares with all colleagues."""
    return saved_view(w, person=w.people["observer"], is_shared=True)


def _draft(w: Any) -> Application:
    return ApplicationFactory(organisation=w.home)


def _sent(w: Any) -> Application:
    """Return what asks for India; nobody is assigned."""
    application: Application = SubmittedApplicationFactory(
        organisation=w.home, partner_countries=[PartnerCountryFactory()]
    )
    return application


def _sent_to_any(w: Any) -> Application:
    return SubmittedApplicationFactory(organisation=w.home)


def _interest(w: Any) -> Interest:
    return InterestFactory(organisation=w.home)


def _sent_interest(w: Any) -> Interest:
    return SentInterestFactory(organisation=w.home)


def _pairing(w: Any) -> Pairing:
    return PairingFactory(organisations=[w.home, w.partner])


def _member(w: Any) -> Any:
    return _pairing(w).members.get(organisation=w.home)


def _plan(w: Any) -> Plan:
    return PlanFactory(member=_member(w))


def _lonely(_world: Any) -> Organisation:
    """Return an organisation in India without a lead."""
    return PartnerOrganisationFactory()


def _read_by_assessor(w: Any) -> Application:
    """Return what the assessor may read; the other one and the desk for Japan may not."""
    application = _sent(w)
    AssignmentFactory(application=application, assessor=w.people["assessor"])
    return application


def _handed_in(w: Any) -> Application:
    application = _read_by_assessor(w)
    HandedInFactory(assignment=application.assignments.get())
    return application


RIGHTS = [
    Right("accounts.enter_console", f"{OFFICE} {ASSESSORS}"),
    Right("accounts.manage_people", "coordinator"),
    Right("accounts.view_as", "coordinator"),
    Right("trail.view_audit", "coordinator observer"),
    Right("post.view_outbox", OFFICE),
    Right("post.manage_outbox", "coordinator", lambda w: w.mail, _mail_seen),
    Right("calls.view_calls", OFFICE),
    Right("calls.edit_calls", "coordinator"),
    Right("calls.ask_question", f"{OFFICE} {ASSESSORS} {CITY}"),
    Right("calls.view_questions", OFFICE),
    Right("calls.answer_questions", "coordinator"),
    Right("calls.ask_extension", "lead editor", lambda w: w.home),
    Right("calls.redeem_code", "lead editor", lambda w: w.home),
    Right("calls.decide_closings", "coordinator"),
    Right("questionnaires.view_templates", OFFICE),
    Right("questionnaires.edit_templates", "coordinator"),
    Right("organisations.list_organisations", OFFICE),
    Right("organisations.register_organisations", f"coordinator desk desk_other {CITY}"),
    Right(
        "organisations.create_organisation",
        f"coordinator desk {CITY}",
        lambda _: PartnerCountryFactory(),
        note="in India",
    ),
    Right("organisations.set_capacity", "coordinator", lambda w: w.home, _among),
    Right("organisations.describe_organisation", "lead editor", lambda w: w.home, _among),
    Right("organisations.manage_members", "coordinator lead", lambda w: w.home, _among),
    Right("organisations.invite_first_lead", "coordinator desk", _lonely, _among),
    Right(
        "organisations.invite_first_lead",
        "coordinator",
        lambda w: w.partner,
        _among,
        note="there is one",
    ),
    Right("organisations.ask_to_join", CITY),
    Right("organisations.list_claims", OFFICE),
    Right("organisations.answer_claims", "coordinator lead", lambda w: w.home, _among),
    Right("organisations.answer_claims", "coordinator desk", _lonely, _among, note="no lead"),
    Right("organisations.merge_organisations", "coordinator", lambda w: w.home, _among),
    Right("organisations.rename_organisation", "coordinator", lambda w: w.home, _among),
    Right("organisations.split_organisation", "coordinator", lambda w: w.home, _among),
    Right("organisations.confirm_organisations", "coordinator", lambda w: w.home, _among),
    Right(
        "organisations.confirm_organisations", "coordinator desk", _lonely, _among, note="in India"
    ),
    Right("applications.list_applications", f"{OFFICE} {ASSESSORS}"),
    Right("applications.list_to_check", OFFICE),
    Right("applications.check_applications", "coordinator desk desk_other desk_none"),
    Right("applications.list_to_decide", "coordinator"),
    Right("colleagues.practise", f"coordinator {DESKS}"),
    Right("colleagues.view_practised", "coordinator"),
    Right("applications.manage_views", "coordinator"),
    *(
        Right(
            "applications.remove_view",
            role,
            partial(_own_view, role=role),
            note=f"{role}: their own",
        )
        for role in ("coordinator", "desk", "assessor", "observer")
    ),
    Right("applications.remove_view", "coordinator observer", _shared_view, note="shared"),
    Right("applications.pass_on_view", "coordinator", _shared_view),
    Right("applications.edit_application", "lead editor", _draft, _among),
    Right("applications.submit_application", "lead", _draft, _among),
    Right("applications.list_interests", OFFICE),
    Right("applications.decide_interests", "coordinator"),
    Right("applications.edit_interest", "lead editor", _interest, _among),
    Right("applications.send_interest", "lead", _interest, _among),
    Right("applications.withdraw_interest", "lead", _interest, _among),
    Right("applications.decide_interest", "coordinator", _sent_interest, _among),
    Right("applications.ask_clarification", "coordinator desk", _sent, _among),
    Right("applications.write_to_applicant", "coordinator desk", _sent, _among),
    Right("applications.answer_clarification", "lead editor", _sent, _among),
    Right("applications.reopen_application", "lead editor", _sent, _among),
    Right("applications.withdraw_application", "lead", _draft, _among),
    Right("applications.name_contacts", "lead", _sent, _among),
    Right("applications.give_up_place", "coordinator lead", _sent, _among),
    Right(
        "applications.answer_lead_offer", "lead", lambda w: LeadOfferFactory(organisation=w.home)
    ),
    *(
        Right(f"applications.{name}", "", _draft, _among, note="a draft")
        for name in ("check_application", "decide_application", "assign_assessor")
    ),
    Right("applications.check_application", "coordinator desk", _sent, _among),
    Right(
        "applications.check_application",
        "coordinator desk desk_other",
        _sent_to_any,
        _among,
        note="for any country",
    ),
    Right("applications.decide_application", "coordinator", _sent, _among),
    Right("applications.assign_assessors", "coordinator"),
    Right("applications.assign_assessor", "coordinator", _sent, _among),
    Right("applications.explain_application", "coordinator desk observer", _sent, _among),
    Right("assessment.view_outcomes", "coordinator observer"),
    Right("assessment.prepare_outcomes", "coordinator"),
    Right("assessment.prepare_outcome", "coordinator", _sent, _among),
    Right("assessment.release_outcomes", "coordinator"),
    Right("assessment.edit_paragraphs", "coordinator"),
    Right("assessment.correct_decision", "coordinator", _sent, _among),
    Right("assessment.confirm_correction", "coordinator", lambda w: told(w, CoordinatorFactory())),
    Right("assessment.confirm_correction", "", _told_by_itself, note="one's own"),
    Right("bulk.act_on_many", f"coordinator {DESKS}"),
    Right("bulk.manage_run", "coordinator", lambda w: bulk_row(w).run),
    Right("pairings.list_pairings", OFFICE),
    Right("pairings.create_pairing", "coordinator"),
    Right("pairings.cancel_pairing", "coordinator", _pairing, _among),
    Right("pairings.complete_pairing", "coordinator", _pairing, _among),
    Right("pairings.correct_pairing", "coordinator", _pairing, _among),
    Right("pairings.follow_up_proposal", "coordinator desk", _pairing, _among),
    Right("pairings.answer_pairing", "lead", _member, _pairing_seen),
    Right("pairings.ask_staff", "lead editor", _member, _pairing_seen),
    Right("pairings.answer_party", "coordinator desk", _member, _pairing_seen),
    Right("pairings.say_wish", "lead editor", _sent, _among),
    Right("pairings.record_signature", "coordinator desk lead", _member, _pairing_seen),
    Right("pairings.move_milestone", "coordinator desk", _pairing, _among),
    Right("pairings.complete_milestone", "coordinator desk", _pairing, _among),
    Right("matching.list_runs", "coordinator"),
    Right("matching.view_run", "coordinator", lambda _w: DoneRunFactory(), _among),
    Right("matching.run_matching", "coordinator", lambda _w: DoneRunFactory(), _among),
    Right("action_plans.open_plan", "lead editor", _member, _pairing_seen),
    Right("action_plans.edit_plan", "lead editor", _plan, _among),
    Right("action_plans.list_plans", OFFICE),
    Right("assessment.assess", ASSESSORS),
    Right("assessment.score_application", "assessor", _read_by_assessor, _among),
    Right(
        "assessment.view_scores",
        "coordinator desk observer",
        _read_by_assessor,
        _among,
        note="own ones not in",
    ),
    Right("assessment.view_scores", "coordinator desk observer assessor", _handed_in, _among),
    Right("assessment.agree_scores", "assessor", _handed_in, _among),
    Right("assessment.take_dossiers", OFFICE),
    Right("assessment.view_plans", OFFICE),
    Right("assessment.plan_assessment", "coordinator"),
    Right("assessment.reopen_assessment", "coordinator", _handed_in, _among),
    Right(
        "assessment.declare_link", "coordinator desk observer assessor", _read_by_assessor, _among
    ),
    Right("assessment.lift_link", "coordinator", _read_by_assessor, _among),
    Right("casework.list_notes", OFFICE),
    Right("casework.view_notes", "coordinator desk observer", _read_by_assessor, _among),
    Right("casework.open_case", "coordinator desk observer assessor", _read_by_assessor, _among),
    Right("casework.act_on_cases", f"coordinator {DESKS}"),
    Right("casework.own_case", "coordinator desk", _read_by_assessor, _among),
    Right("casework.write_note", "coordinator desk", _read_by_assessor, _among),
    Right("casework.edit_note", "coordinator", note_of, _note_seen),
    Right("casework.edit_note", "desk", _note_of_desk, _note_seen, note="of the desk"),
    Right("casework.remove_note", "coordinator", note_of, _note_seen),
    Right(
        "casework.remove_note", "coordinator desk", _note_of_desk, _note_seen, note="of the desk"
    ),
    Right("casework.tag_case", "coordinator desk", _read_by_assessor, _among),
    Right("casework.add_tag", f"coordinator {DESKS}"),
    Right("casework.manage_tags", "coordinator"),
]
