"""The broom of the kit."""

from celery import shared_task

from core.kit import keys


@shared_task
def sweep_keys() -> None:
    """Forget forms that nobody sends twice any more."""
    keys.sweep_keys()
