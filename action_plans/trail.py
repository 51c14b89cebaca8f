"""What the audit trail says of the events of this app."""

from django.utils.translation import gettext_lazy as _

from action_plans.models import Plan

VERBS = {
    "plan.opened": _("Action plan started"),
    "plan.written": _("Part of the action plan written"),
    "plan.section_done": _("Part of the action plan marked as complete"),
    "plan.section_reopened": _("Part of the action plan opened again"),
    "plan.objective_saved": _("Objective of the action plan saved"),
    "plan.objective_removed": _("Objective of the action plan removed"),
    "plan.measure_saved": _("Measure of the action plan saved"),
    "plan.measure_removed": _("Measure of the action plan removed"),
}
ICONS = {"measure": "list", "plan": "book"}
FACTS = {
    "objective": _("Objective"),
    "measure": _("Measure"),
}
PLAIN = ("section", "version")
FINDERS = {
    "action_plans.Plan": lambda word: Plan.objects.filter(
        member__organisation__search_name__contains=word
    )
}
