"""What the kit remembers: which forms have been carried out."""

from typing import ClassVar

from django.db import models
from django.utils import timezone


class TakenForm(models.Model):
    """A form that was sent and carried out; the same sent again is answered as the first was.

    The row is written in the transaction of the change itself: it exists exactly if the change
    does, and of two that are sent at once one waits for the other. `digest` is made of the
    form's key and of all that was sent, so a form that says something else is another one.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    # Where the first answer led to; "" until it is given.
    address = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering: ClassVar = ["at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.address}"
