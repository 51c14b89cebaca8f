"""What casework holds about a person: a note is its writer's, and nobody reads those of others."""

from django.utils.translation import gettext_lazy as _

from applications.casework.models import CaseOwner, Mention, Note, Seen, Tagging
from core.kit.holdings import Holding

_WORK = _("Colleagues must know who works on which application.")

HOLDS = [
    Holding(
        CaseOwner,
        ("owner", "given_by"),
        _("Applications that you look after, or have given to a colleague"),
        _WORK,
        ("application__reference", "since"),
    ),
    Holding(
        Note,
        ("by",),
        _("Notes that you wrote for your colleagues"),
        _("Colleagues go on with what was noted. You can remove your notes."),
        ("application__reference", "words", "at", "edited_at", "removed_at"),
    ),
    Holding(
        Note,
        ("removed_by",),
        _("Notes that you removed"),
        _("It must be possible to show that nothing went by itself."),
        ("application__reference", "removed_at"),
    ),
    Holding(
        Mention,
        ("person",),
        _("Notes of colleagues that call you"),
        _("You find them in the console."),
        ("note__application__reference", "at", "read_at"),
    ),
    Holding(
        Tagging,
        ("by",),
        _("Tags that you put on applications"),
        _WORK,
        ("application__reference", "tag__name", "at"),
    ),
    Holding(
        Seen,
        ("person",),
        _("When you opened an application last"),
        _("Colleagues see who has looked at a case, to the hour."),
        ("application__reference", "at"),
    ),
]
