"""Staff roles: what a member of the coordination unit may see and do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StaffRole(models.TextChoices):
    """The empty value is a city user."""

    NONE = "", _("No staff role")
    COORDINATOR = "coordinator", _("Coordinator")
    REGIONAL_DESK = "regional_desk", _("Regional desk")
    ASSESSOR = "assessor", _("Assessor")
    OBSERVER = "observer", _("Observer")
