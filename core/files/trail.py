"""What the audit trail says of files."""

from django.utils.translation import gettext_lazy as _

VERBS = {"file.refused": _("The scanner found a virus in a file")}
ICONS = {"file": "file"}
FACTS = {"file": _("File")}
