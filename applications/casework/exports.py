"""What casework exports: the notes among staff."""

from django.utils.translation import gettext_lazy as _

from applications.casework.models import Note
from applications.exports import OF_APPLICATION, Sheet, rows_on
from core.kit.tables import Column

NOTE_COLUMNS = (
    *OF_APPLICATION,
    Column(_("Note"), lambda row: row.words, 60),
    Column(_("By"), lambda row: row.name, 24),
    Column(_("When (Brussels time)"), lambda row: row.at),
    Column(_("Changed (Brussels time)"), lambda row: row.edited_at),
)
SHEETS = [
    Sheet(
        "notes",
        90,
        _("Notes among staff"),
        NOTE_COLUMNS,
        lambda applications, reader: rows_on(
            Note.objects.reached_by(reader).filter(removed_at=None), applications
        ),
        permission="casework.list_notes",
    ),
]
