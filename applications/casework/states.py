"""What tags look like, and how long a note may still be changed."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

# So long its writer may change a note; after that a further note corrects it.
EDITABLE_FOR = dt.timedelta(minutes=15)
# So often at most it is noted that somebody has opened an application.
SEEN_EVERY = dt.timedelta(hours=1)

NOTE_LIMIT = 3000
TAG_LIMIT = 40


class Tone(models.TextChoices):
    """The colour of a tag; its name stands on it as well, and each has a sign of its own."""

    PLAIN = "plain", _("Grey, no sign")
    INFO = "info", _("Blue, an i")
    SUCCESS = "success", _("Green, a tick")
    WARNING = "warning", _("Amber, a flag")
    DANGER = "danger", _("Red, an exclamation mark")


SIGNS = {
    Tone.INFO: "info",
    Tone.SUCCESS: "check",
    Tone.WARNING: "flag",
    Tone.DANGER: "alert",
}
