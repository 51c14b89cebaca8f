"""Changing what was sent: in a working copy, while what was sent stands."""

from accounts.models import User
from applications.models import Application
from applications.selectors import working_copy_of
from applications.services.carrying import carry_over
from applications.services.links import end_links
from applications.services.locking import lock_application, refuse_moved, require_open_call
from applications.services.words import tell_dropped, words_but_for
from applications.states import LinkEnd
from core.duties import services as duties
from core.files.services import atomic_with_files
from core.kit.writes import lock
from core.trail.services import record_event
from questionnaires.services import close_response, open_response


@atomic_with_files()
def reopen_application(*, application: Application, by: User) -> Application:
    """Open a working copy of what was sent, or return the one there is.

    What was sent last stands until the copy is sent. Raises WrongStateError once it is decided
    or withdrawn, and while the call takes nothing.
    """
    application = lock_application(application, "applications.reopen_application", by)
    if not application.can_be_changed:
        refuse_moved(application)
    require_open_call(application)
    existing = working_copy_of(application)
    if existing is not None:
        return existing
    copy = Application(
        call=application.call,
        organisation=application.organisation,
        revises=application,
        created_by=by,
        is_demo=application.is_demo,
    )
    if application.response is not None:
        copy.response = open_response(application.response.version)
    copy.save()
    carry_over(application, copy)
    duties.touch(copy)
    record_event(verb="application.reopened", target=application, by=by)
    return copy


@atomic_with_files()
def drop_changes(*, application: Application, by: User) -> Application:
    """Give up the changes of a working copy; return what was sent, which stands as before.

    Who had signed online for the changes alone is told. Dropping twice, or what was sent
    meanwhile, changes nothing. Raises WrongStateError for what is no working copy.
    """
    if application.revises is None:
        refuse_moved(application)
    standing = lock_application(application.revises, "applications.reopen_application", by)
    application = lock(application, "call", "organisation__country", "response")
    if not application.is_draft:
        return standing
    # Who starts again takes over what was written last: that is what was sent now.
    end_links(application, LinkEnd.DROPPED)
    tell_dropped(application, words_but_for(application, standing), LinkEnd.DROPPED)
    carry_over(standing, application)
    close_copy(application)
    record_event(verb="application.changes_dropped", target=standing, by=by)
    return standing


def close_copy(application: Application) -> None:
    """End a locked working copy: it takes no save any more; who still types gets it back."""
    application.mark_withdrawn()
    application.save(update_fields=["status"])
    if application.response is not None:
        close_response(application.response)
