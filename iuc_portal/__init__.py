"""The project: settings, root addresses, Celery and the commands that cross apps."""

from iuc_portal.celery import app as celery_app

__all__ = ["celery_app"]
