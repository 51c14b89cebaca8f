from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ColleaguesConfig(AppConfig):
    name = "iuc_portal.colleagues"
    verbose_name = _("Colleagues")
