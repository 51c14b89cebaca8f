"""The brooms of the kit."""

from importlib import import_module

from celery import shared_task
from django.conf import settings

from core.kit import keys


@shared_task
def sweep_keys() -> None:
    """Forget forms that nobody sends twice any more."""
    keys.sweep_keys()


@shared_task
def sweep_sessions() -> None:
    """Remove sessions that have ended, and with them the text that nobody came back for."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
