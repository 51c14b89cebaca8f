"""What has changed since the duties were last looked at."""

from django.db import models
from django.utils import timezone


class Touch(models.Model):
    """That a date was made or moved: the next look asks for the duties about this thing.

    Never unique: a second change while the first is being looked at must leave its own row.
    """

    # "call:3", as catalogue.key_of writes it.
    about = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.about
