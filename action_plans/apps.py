from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.audit import register_verbs


class ActionPlansConfig(AppConfig):
    name = "action_plans"
    verbose_name = _("Action plans")

    def ready(self) -> None:
        """Register the words of the audit trail."""
        register_verbs(
            {
                "plan.opened": _("Action plan started"),
                "plan.written": _("Part of the action plan written"),
                "plan.section_done": _("Part of the action plan marked as complete"),
                "plan.section_reopened": _("Part of the action plan opened again"),
                "plan.objective_saved": _("Objective of the action plan saved"),
                "plan.objective_removed": _("Objective of the action plan removed"),
                "plan.measure_saved": _("Measure of the action plan saved"),
                "plan.measure_removed": _("Measure of the action plan removed"),
            }
        )
