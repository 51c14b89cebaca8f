from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PairingsConfig(AppConfig):
    name = "pairings"
    verbose_name = _("Pairings")

    def ready(self) -> None:
        """Give the audit trail the words for what happens to pairings."""
        from accounts.audit import register_verbs  # noqa: PLC0415 - words need loaded apps

        register_verbs(
            {
                "pairing.proposed": _("Pairing proposed"),
                "pairing.published": _("Published pairing recorded"),
                "pairing.party_accepted": _("A city accepted the pairing"),
                "pairing.accepted": _("Pairing accepted by all cities"),
                "pairing.declined": _("A city declined the pairing"),
                "pairing.signed": _("Signature of the Partnership Agreement recorded"),
                "pairing.started": _("Agreement signed by all: the clock has started"),
                "pairing.cancelled": _("Pairing cancelled"),
                "pairing.completed": _("Cooperation completed"),
                "pairing.milestone_done": _("Milestone marked as done"),
                "pairing.milestone_moved": _("Milestone moved"),
            }
        )
