"""What the audit trail says of the events of this room."""

from django.utils.translation import gettext_lazy as _

from applications.assessment.states import PendingOutcome

VERBS = {
    "outcome.prepared": _("Outcome prepared, the applicant is not told yet"),
    "outcome.held": _("Letter held back"),
    "outcome.let_go": _("Letter let go with the next release"),
    "outcome.letter_written": _("Letter written anew"),
    "outcome.letter_usual": _("Usual letter taken again"),
    "outcome.tried": _("Letter sent to oneself to try it"),
    "outcome.released": _("Outcome released, the applicant is told"),
    "call.released": _("Outcomes of a call released"),
    "correction.prepared": _("Correction of a decision prepared"),
    "correction.confirmed": _("Decision put right by two people"),
    "correction.discarded": _("Correction given up"),
    "paragraph.saved": _("Paragraph for letters saved"),
    "paragraph.removed": _("Paragraph for letters removed"),
}
ICONS = {"outcome": "mail", "correction": "edit", "paragraph": "file"}
FACTS = {"outcome": _("Outcome"), "letters": _("Letters"), "language": _("Language")}
PLAIN = ("language", "letters", "outcome")
WORDS = {"outcome": dict(PendingOutcome.choices)}
