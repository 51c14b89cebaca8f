"""What somebody has signed for an application."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.files.models import StoredFile


class SignedPaper(models.Model):
    """A signed letter on file, or words that were sent from a page of the portal.

    `whose` names the field that says who signed.
    """

    # Null when it was written on a page.
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    signed_by_name = models.CharField(max_length=150)
    signed_by_office = models.CharField(max_length=150, blank=True)
    signed_on = models.DateField()
    # The address that was written to, when it came by a link.
    email = models.EmailField(blank=True)
    # How who signed was called then, when it came by a link; the spelling may be put right since.
    signed_under = models.CharField(max_length=200, blank=True, default="")
    statement = models.TextField(blank=True)
    whose: ClassVar[str]

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(file__isnull=False, statement="")
                | (Q(file__isnull=True) & ~Q(email="") & ~Q(statement="")),
                name="%(class)s_letter_or_online",
            ),
        ]

    def __str__(self) -> str:
        return f"{getattr(self, self.whose)}: {self.file or self.email}"

    @property
    def is_online(self) -> bool:
        """Whether it was sent from a page of the portal, by a link."""
        return bool(self.email)

    @property
    def signatory(self) -> str:
        """Return name and office of who signed."""
        return ", ".join(filter(None, (self.signed_by_name, self.signed_by_office)))

    @property
    def old_name(self) -> str:
        """Return the name that was signed under, where the city spells it otherwise now."""
        is_same = self.signed_under == str(getattr(self, self.whose))
        return "" if is_same else self.signed_under

    @property
    def said(self) -> tuple[object, ...]:
        """Return what makes two of them the same."""
        return (
            self.file.sha256 if self.file else (self.email, self.statement),
            self.signed_by_name,
            self.signed_by_office,
            self.signed_on,
        )
