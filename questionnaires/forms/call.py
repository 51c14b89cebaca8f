"""Which questionnaires a call uses."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kit.fields import offer
from programme.calls.models import Call
from programme.states import Side
from questionnaires.models import TemplateVersion
from questionnaires.states import Purpose, VersionStatus


class CallQuestionnairesForm(forms.Form):
    """One published version for each purpose; what was started stays on its own version."""

    application = forms.ModelChoiceField(
        TemplateVersion.objects.none(),
        label=_("Questions to applicants"),
        help_text=_("The call's own part of the application."),
        empty_label=_("Choose a questionnaire"),
        error_messages={"required": _("Choose the questions to applicants.")},
    )
    partner = forms.ModelChoiceField(
        TemplateVersion.objects.none(),
        label=_("Questions to partner cities that apply"),
        help_text=_("Without one they answer the questions above."),
        empty_label=_("The same as all applicants"),
        required=False,
    )
    interest = forms.ModelChoiceField(
        TemplateVersion.objects.none(),
        label=_("Questions of the expression of interest"),
        help_text=_("For a call in two stages."),
        empty_label=_("The programme’s own"),
        required=False,
    )
    plan = forms.ModelChoiceField(
        TemplateVersion.objects.none(),
        label=_("Template of the action plan"),
        help_text=_("Every city of a running pairing writes its plan in it."),
        empty_label=_("Choose a template"),
        error_messages={"required": _("Choose the template of the action plan.")},
    )

    def __init__(self, data: Any = None, *, call: Call) -> None:
        chosen = {row.purpose: row.version_id for row in call.questionnaires.all()}
        super().__init__(data, initial=chosen)
        published = TemplateVersion.objects.filter(status=VersionStatus.PUBLISHED)
        if not call.takes(Side.PARTNER):
            del self.fields[Purpose.PARTNER_APPLICATION]
        if not call.is_two_stage:
            del self.fields[Purpose.EXPRESSION]
        for purpose in self.fields:
            versions = published.filter(template__purpose=purpose).select_related("template")
            offer(self, purpose, versions)
