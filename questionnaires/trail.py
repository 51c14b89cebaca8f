"""What the audit trail says of the events of this app."""

from django.utils.translation import gettext_lazy as _

from questionnaires.states import Purpose

VERBS = {
    "questionnaire.version_made": _("Next version of a questionnaire made"),
    "questionnaire.edited": _("Draft of a questionnaire edited"),
    "questionnaire.published": _("Questionnaire published"),
    "questionnaire.attached": _("Questionnaire chosen for a call"),
    "questionnaire.detached": _("Questionnaire taken out of a call"),
}
ICONS = {"questionnaire": "copy"}
FACTS = {
    "question": _("Question"),
    "purpose": _("Used for"),
}
PLAIN = ("purpose", "version")
WORDS = {"purpose": dict(Purpose.choices)}
