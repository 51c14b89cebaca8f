"""What the public reads, in the menu of the public pages."""

from django.utils.translation import gettext_lazy as _

from core.kit.menus import Entry

ENTRIES = [
    Entry("public", 10, "showcase:calls", _("Calls")),
    Entry("public", 20, "showcase:pairings", _("Pairings")),
    Entry("public", 30, "showcase:about", _("About")),
]
