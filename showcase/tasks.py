"""The broom of the showcase."""

from celery import shared_task
from django.db import connection

from showcase import watch
from showcase.models import PublicChange

# Fewer are added up in no time, and a new number has every page drawn anew.
MANY = 500


@shared_task
def sweep_changes() -> None:
    """Gather the numbers of many changes into one."""
    if PublicChange.objects.count() > MANY:
        watch.gather(connection)
