from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomesConfig(AppConfig):
    name = "iuc_portal.homes"
    verbose_name = _("Home pages")
