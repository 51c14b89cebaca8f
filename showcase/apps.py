from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from showcase import watch


class ShowcaseConfig(AppConfig):
    name = "showcase"
    verbose_name = _("Showcase")

    def ready(self) -> None:
        """Have the database watch what the public reads; migrations go unwatched."""
        pre_migrate.connect(_before_migrations, sender=self)
        post_migrate.connect(_after_migrations, sender=self)


def _before_migrations(*, using: str, plan: Any = (), **_facts: Any) -> None:
    if plan:
        watch.remove(connections[using])


def _after_migrations(*, using: str, **_facts: Any) -> None:
    watch.install(connections[using])
