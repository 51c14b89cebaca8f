"""What the audit trail says of runs and boards: numbers alone, for a run names all cities."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "matching.run_started": _("Pairs of a call worked out"),
    "matching.run_put_on_board": _("Run put on the board"),
    "matching.pairs_confirmed": _("Pairs of a run confirmed"),
}
ICONS = {"matching": "pair"}
FACTS = {
    "run": _("Run"),
    "run_before": _("Run before"),
    "changed": _("Changed rules"),
    "pairs": _("Pairs"),
}
PLAIN = ("run", "run_before", "changed", "pairs")
