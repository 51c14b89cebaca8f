"""Every write on applications. Services take keyword arguments; `by` is who acts."""

from applications.services.asking import (
    add_and_ask,
    add_and_invite,
    invite_online,
    revoke_online,
)
from applications.services.assignments import (
    assign_assessor,
    take_back_assignment,
    unassign_assessor,
)
from applications.services.clarifications import (
    answer_clarification,
    ask_clarification,
    extend_clarification,
    pass_on_clarification,
    withdraw_clarification,
    write_on_clarification,
)
from applications.services.commitments import add_commitment, judge_commitment
from applications.services.contacts import name_contacts
from applications.services.decisions import decide_application, decide_eligibility
from applications.services.details import (
    save_applicant,
    save_contacts,
    save_preferences,
    save_section,
    start_application,
)
from applications.services.documents import add_document, add_documents, remove_document
from applications.services.handing import hand_over
from applications.services.interests import (
    decide_interests,
    save_interest_section,
    send_interest,
    start_interest,
    take_back_decision,
    withdraw_interest,
)
from applications.services.judging import pass_and_settle
from applications.services.messages import take_back_message, write_to_applicant
from applications.services.municipalities import (
    add_municipality,
    edit_municipality,
    make_lead,
    remove_municipality,
)
from applications.services.online import commit_online, write_letter
from applications.services.passing import answer_offer, offer_lead, take_offer_back
from applications.services.profile import save_profile
from applications.services.reopening import drop_changes, reopen_application
from applications.services.rulings import rule_criterion
from applications.services.saved import pass_on_view, remove_view, save_view
from applications.services.sending import (
    give_up_acceptance,
    submit_application,
    withdraw_application,
)
from applications.services.stakeholders import (
    add_letter,
    add_stakeholder,
    edit_stakeholder,
    remove_stakeholder,
)
from applications.services.undoing import undo_check_step

__all__ = [
    "add_and_ask",
    "add_and_invite",
    "add_commitment",
    "add_document",
    "add_documents",
    "add_letter",
    "add_municipality",
    "add_stakeholder",
    "answer_clarification",
    "answer_offer",
    "ask_clarification",
    "assign_assessor",
    "commit_online",
    "decide_application",
    "decide_eligibility",
    "decide_interests",
    "drop_changes",
    "edit_municipality",
    "edit_stakeholder",
    "extend_clarification",
    "give_up_acceptance",
    "hand_over",
    "invite_online",
    "judge_commitment",
    "make_lead",
    "name_contacts",
    "offer_lead",
    "pass_and_settle",
    "pass_on_clarification",
    "pass_on_view",
    "remove_document",
    "remove_municipality",
    "remove_stakeholder",
    "remove_view",
    "reopen_application",
    "revoke_online",
    "rule_criterion",
    "save_applicant",
    "save_contacts",
    "save_interest_section",
    "save_preferences",
    "save_profile",
    "save_section",
    "save_view",
    "send_interest",
    "start_application",
    "start_interest",
    "submit_application",
    "take_back_assignment",
    "take_back_decision",
    "take_back_message",
    "take_offer_back",
    "unassign_assessor",
    "undo_check_step",
    "withdraw_application",
    "withdraw_clarification",
    "withdraw_interest",
    "write_letter",
    "write_on_clarification",
    "write_to_applicant",
]
