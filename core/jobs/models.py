"""The pulse of beat and worker."""

from django.db import models


class Heartbeat(models.Model):
    """When beat last reached a worker; one row."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
