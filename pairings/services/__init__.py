"""Writes on pairings."""

from pairings.services.answers import answer_pairing, record_signature
from pairings.services.corrections import (
    amend_pairing,
    correct_proposal,
    prolong_proposal,
    remind_parties,
)
from pairings.services.proposals import (
    MAX_PARTIES,
    AlreadyPairedError,
    NoRoomError,
    Party,
    propose_pairing,
    record_published_pairing,
)
from pairings.services.questions import answer_party, ask_staff
from pairings.services.running import (
    cancel_pairing,
    complete_milestone,
    complete_pairing,
    move_milestone,
    reopen_milestone,
)
from pairings.services.wishes import say_wish, take_back_wish

__all__ = [
    "MAX_PARTIES",
    "AlreadyPairedError",
    "NoRoomError",
    "Party",
    "amend_pairing",
    "answer_pairing",
    "answer_party",
    "ask_staff",
    "cancel_pairing",
    "complete_milestone",
    "complete_pairing",
    "correct_proposal",
    "move_milestone",
    "prolong_proposal",
    "propose_pairing",
    "record_published_pairing",
    "record_signature",
    "remind_parties",
    "reopen_milestone",
    "say_wish",
    "take_back_wish",
]
