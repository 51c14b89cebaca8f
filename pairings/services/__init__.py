"""Writes on pairings."""

from pairings.services.answers import answer_pairing, record_signature
from pairings.services.proposals import (
    MAX_PARTIES,
    AlreadyPairedError,
    NoRoomError,
    Party,
    propose_pairing,
    record_published_pairing,
)
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
    "answer_pairing",
    "cancel_pairing",
    "complete_milestone",
    "complete_pairing",
    "move_milestone",
    "propose_pairing",
    "record_published_pairing",
    "record_signature",
    "reopen_milestone",
    "say_wish",
    "take_back_wish",
]
