"""The `outbox` tag library: what a mail is, in words for staff."""

from django import template
from django.utils.translation import gettext as _

from reminders.states import ReminderKind

register = template.Library()


@register.filter
def kind_words(kind: str) -> str:
    """Return what kind of mail it is: "Reminder: progress report", "Pairing proposed"."""
    if not kind:
        return _("Sign-in")
    reminder = kind.removeprefix("reminder_")
    if reminder in ReminderKind.values:
        return _("Reminder: %(what)s") % {"what": ReminderKind(reminder).label}
    return kind.replace("_", " ").capitalize()
