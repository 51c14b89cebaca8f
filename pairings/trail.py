"""What the audit trail says of the events of this app."""

from django.utils.translation import gettext_lazy as _

from pairings.models import Pairing
from pairings.selectors.common import matching

VERBS = {
    "application.wish_said": _("Said of a possible partner whether it is wanted"),
    "application.wish_taken_back": _("Wish about a possible partner taken back"),
    "pairing.proposed": _("Pairing proposed"),
    "pairing.published": _("Published pairing recorded"),
    "pairing.corrected": _("Proposal corrected"),
    "pairing.amended": _("Pairing amended"),
    "pairing.prolonged": _("More time to answer given"),
    "pairing.lapsed": _("Proposal lapsed without an answer"),
    "pairing.question_asked": _("Question to staff asked"),
    "pairing.question_answered": _("Staff wrote to a city about its pairing"),
    "pairing.reminded": _("Reminded to answer"),
    "pairing.party_accepted": _("A city accepted the pairing"),
    "pairing.accepted": _("Pairing accepted by all cities"),
    "pairing.declined": _("A city declined the pairing"),
    "pairing.signed": _("Signature of the Partnership Agreement recorded"),
    "pairing.started": _("Agreement signed by all: the clock has started"),
    "pairing.cancelled": _("Pairing cancelled"),
    "pairing.completed": _("Cooperation completed"),
    "pairing.milestone_done": _("Milestone marked as done"),
    "pairing.milestone_reopened": _("Milestone not done after all"),
    "pairing.milestone_moved": _("Milestone moved"),
}
ICONS = {"pairing": "pair"}
FACTS = {
    "parties": _("Cities"),
    "topics": _("Topics"),
    "paired_before": _("Paired before"),
    "amendment": _("Amendment"),
    "milestone": _("Milestone"),
    "open_milestones": _("Milestones not done"),
    "reference": _("Reference"),
    "signatory": _("Signed by"),
    "office": _("Office"),
    "signed_on": _("Signed on"),
    "started_on": _("Started on"),
}
PLAIN = ("from", "paired_before", "reference", "signed_on", "started_on", "to")
DAYS = ("signed_on", "started_on")
FINDERS = {"pairings.Pairing": lambda word: matching(Pairing.objects.all(), word)}
