"""The two home pages in their menus."""

from django.utils.translation import gettext_lazy as _

from core.kit.menus import Entry

ENTRIES = [
    Entry("city", 10, "homes:workspace", _("My workspace")),
    Entry(
        "staff",
        10,
        "homes:console",
        _("Home"),
        icon="home",
        section="work",
        permission="accounts.enter_console",
    ),
]
