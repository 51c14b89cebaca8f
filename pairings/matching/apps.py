from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from pairings.matching import guards


class MatchingConfig(AppConfig):
    name = "pairings.matching"
    verbose_name = _("Matching")

    def ready(self) -> None:
        """Have the database keep the runs as they are; only migrations may rebuild their table."""
        pre_migrate.connect(_before_migrations, sender=self)
        post_migrate.connect(_after_migrations, sender=self)


def _before_migrations(*, using: str, plan: Any = (), **_facts: Any) -> None:
    if any(migration.app_label == "matching" for migration, _backwards in plan or ()):
        guards.remove(connections[using])


def _after_migrations(*, using: str, **_facts: Any) -> None:
    guards.install(connections[using])
