"""Where an application stands within a run, in words and colours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RowState(models.TextChoices):
    """What became of one application of a run."""

    WAITING = "waiting", _("waits")
    DONE = "done", _("done")
    LEFT = "left", _("left as it was")
    UNDONE = "undone", _("taken back")


# So many applications are done in one run at most.
MOST_ROWS = 2_000
