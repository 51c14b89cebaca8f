from django.apps import AppConfig
from django.db.models import CharField
from django.utils.translation import gettext_lazy as _

from core.kit.lookups import Begins


class KitConfig(AppConfig):
    name = "core.kit"
    verbose_name = _("Shared pieces")

    def ready(self) -> None:
        """Let every text column be asked what it begins with."""
        CharField.register_lookup(Begins)
