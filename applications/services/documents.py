"""Putting the documents that a call asks for on file, and taking them away."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application, ApplicationDocument
from applications.selectors import files_of
from applications.services.locking import lock_draft, touch
from core.files.kinds import SIGNED_PAPERS
from core.files.services import atomic_with_files, remove_file, require_room, store_file
from core.kit.errors import WrongStateError
from core.trail.services import record_event
from programme.calls.models import CallDocument


@atomic_with_files()
def add_document(
    *, application: Application, asked: CallDocument, upload: Any, by: User
) -> ApplicationDocument:
    """Put a document of the call on file; a former one goes once the new one is stored.

    `upload` is a Django file, or one that a form holds. Raises InvalidError for a file that
    store_file refuses or that finds no room, and WrongStateError for a document that the call
    asks for no longer.
    """
    application = lock_draft(application, by)
    if not application.call.documents.asked().filter(pk=asked.pk).exists():
        raise WrongStateError(
            _("The call no longer asks for “%(name)s”. Nothing has to be sent for it.")
            % {"name": asked.title},
            code="not_asked",
        )
    former = application.documents.filter(asked=asked).select_related("file").first()
    # The former one goes, so it takes no room.
    others = files_of(application).exclude(pk__in=[former.file_id] if former else [])
    require_room(others, upload, quota=settings.APPLICATION_MAX_BYTES)
    file = store_file(upload=upload, by=by, kinds=SIGNED_PAPERS)
    if former is not None:
        former.delete()
        # A form that was sent twice at once brings the file that is there.
        if former.file != file:
            remove_file(former.file)
    document = ApplicationDocument.objects.create(application=application, asked=asked, file=file)
    touch(application)
    record_event(
        verb="application.document_added",
        target=application,
        by=by,
        details={"document": asked.title, "file": file.name, "sha256": file.sha256},
    )
    return document


@atomic_with_files()
def add_documents(
    *, application: Application, uploads: Iterable[tuple[CallDocument, Any]], by: User
) -> list[ApplicationDocument]:
    """Put several documents on file, all or none; raises what `add_document` raises."""
    return [
        add_document(application=application, asked=asked, upload=upload, by=by)
        for asked, upload in uploads
    ]


@transaction.atomic
def remove_document(*, application: Application, asked: CallDocument, by: User) -> Application:
    """Take what is on file for a document away. Where nothing is, nothing changes."""
    application = lock_draft(application, by)
    document = application.documents.filter(asked=asked).select_related("file").first()
    if document is None:
        return application
    document.delete()
    remove_file(document.file)
    touch(application)
    record_event(
        verb="application.document_removed",
        target=application,
        by=by,
        details={"document": asked.title, "file": document.file.name},
    )
    return application
