"""What the audit trail says of its own events."""

from django.utils.translation import gettext_lazy as _

VERBS = {"record.erased": _("Words erased from the record")}
ICONS = {"record": "shield"}
FACTS = {
    "actors_erased": _("Who acted, in records"),
    "words_erased": _("What was written, in records"),
}
PLAIN = ("actors_erased", "words_erased")
