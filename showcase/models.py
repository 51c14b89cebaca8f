"""What the public pages keep for themselves."""

from django.db import models


class PublicChange(models.Model):
    """That a transaction changed something of what the public reads of pairings.

    The database writes it by itself (showcase.watch): a number drawn at random in the same
    transaction. Together the numbers tell one state of the public list from every other.
    """

    # The transaction's own number; always 1 on SQLite.
    id = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.id}: {self.number}"
