"""The mail outbox in the menu of staff."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.kit.menus import Entry
from core.post.models import Mail
from core.post.states import MailStatus
from reminders.selectors import visible_mails


def stuck(user: User) -> "QuerySet[Mail]":
    """Return the mails that do not leave by themselves."""
    return visible_mails(user).filter(status__in=[MailStatus.FAILED, MailStatus.HELD])


ENTRIES = [
    Entry(
        "staff",
        50,
        "reminders:outbox",
        _("Mail outbox"),
        icon="mail",
        section="work",
        permission="post.view_outbox",
        count=stuck,
    ),
]
