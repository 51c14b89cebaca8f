"""The `outbox` tag library: what a mail is, in words for staff."""

from django import template
from django.utils.translation import gettext as _

from core.duties.catalogue import kinds

register = template.Library()


@register.filter
def kind_words(kind: str) -> str:
    """Return what kind of mail it is: "Reminder: progress report", "Pairing proposed"."""
    if not kind:
        return _("Sign-in")
    if duty := kinds().get(kind.removeprefix("reminder_")):
        return _("Reminder: %(what)s") % {"what": duty.label}
    return kind.replace("_", " ").capitalize()
