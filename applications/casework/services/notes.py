"""Notes among staff: written, changed within minutes, removed with a mark."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.casework.models import Mention, Note
from applications.casework.selectors import called_in, colleagues_for
from applications.casework.states import EDITABLE_FOR, NOTE_LIMIT
from applications.models import Application
from applications.services.locking import lock_application
from core.duties.services import touch
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.writes import clean_text, lock, require
from core.trail.services import record_event


@transaction.atomic
def write_note(*, application: Application, text: str, by: User) -> Note:
    """Note something about an application; colleagues who are called by "@" find it.

    Raises InvalidError (field "text") for nothing, too much, or somebody who does not see it; of
    who has a link with the applicant it says so.
    """
    application = lock_application(application, "casework.write_note", by)
    words, people = _read(application, text, by)
    note = Note.objects.create(
        application=application, by=by, name=str(by)[:254], words=words, at=days.now()
    )
    _mention(note, people)
    record_event(verb="note.written", target=note, by=by)
    return note


@transaction.atomic
def edit_note(*, note: Note, text: str, by: User) -> Note:
    """Change the words of one's own note within minutes. Raises WrongStateError later."""
    note = _lock_note(note, "casework.edit_note", by)
    if not note.can_be_edited:
        minutes = EDITABLE_FOR.seconds // 60
        raise WrongStateError(
            _("A note can be changed for %(n)d minutes. Write a further note that corrects it.")
            % {"n": minutes}
        )
    words, people = _read(note.application, text, by)
    if words == note.words:
        return note
    note.words, note.edited_at = words, days.now()
    note.save(update_fields=["words", "edited_at"])
    note.mentions.exclude(person__in=people).delete()
    _mention(note, people)
    record_event(verb="note.edited", target=note, by=by)
    return note


@transaction.atomic
def remove_note(*, note: Note, by: User) -> Note:
    """Take the words of a note away; that there was one, whose, and who removed it stays."""
    note = _lock_note(note, "casework.remove_note", by)
    if note.removed_at is not None:
        return note
    note.words, note.removed_at, note.removed_by = "", days.now(), by
    note.save(update_fields=["words", "removed_at", "removed_by"])
    record_event(verb="note.removed", target=note, by=by)
    return note


def _lock_note(note: Note, permission: str, by: User) -> Note:
    note = lock(note, "application__organisation__country")
    require(
        by,
        permission,
        note,
        otherwise=_("Only who wrote a note changes it. Write a further note that corrects it."),
    )
    return note


def _read(application: Application, text: str, by: User) -> tuple[str, list[User]]:
    """Return the cleaned words of a note and whom they call."""
    words = clean_text(text, field="text", limit=NOTE_LIMIT, missing=_("Write the note."))
    people = []
    for typed, found in called_in(words, colleagues_for(application)).items():
        if len(found) > 1:
            words = _(
                "Several of staff are called “%(typed)s”. Write the full name, or the address."
            )
            raise InvalidError(words % {"typed": typed}, field="text")
        if any(one.is_linked for one in found):
            words = _(
                "“@%(typed)s” has a link with this applicant and is not called here. Take the "
                "name out, and ask another colleague."
            )
            raise InvalidError(words % {"typed": typed}, field="text", code="linked")
        if not any(one.sees for one in found):
            words = _(
                "“@%(typed)s” calls nobody who reads these notes. Choose a name from the list "
                "below, or take it out."
            )
            raise InvalidError(words % {"typed": typed}, field="text")
        [one] = found
        if one.person != by:
            people.append(one.person)
    return words, people


def _mention(note: Note, people: list[User]) -> None:
    """Name the people in the note, once each; the day of their reminder may be a new one."""
    Mention.objects.bulk_create(
        [Mention(note=note, person=person, at=days.now()) for person in people],
        ignore_conflicts=True,
    )
    touch(*people)
