from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.audit import register_verbs


class QuestionnairesConfig(AppConfig):
    name = "questionnaires"
    verbose_name = _("Questionnaires")

    def ready(self) -> None:
        """Register the words of the audit trail."""
        register_verbs(
            {
                "questionnaire.version_made": _("Next version of a questionnaire made"),
                "questionnaire.edited": _("Draft of a questionnaire edited"),
                "questionnaire.published": _("Questionnaire published"),
                "questionnaire.attached": _("Questionnaire chosen for a call"),
            }
        )
