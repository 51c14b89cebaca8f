"""What the scanner has said of a file."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scan(models.TextChoices):
    """Where a file stands with the scanner for viruses."""

    OFF = "", _("Not checked: there was no scanner")
    WAITING = "waiting", _("Waiting for the check")
    CLEAN = "clean", _("Checked, nothing found")
    REFUSED = "refused", _("A virus was found")
