"""The one way in for files, and the ways out of the storage."""

import datetime as dt
import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from math import ceil

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.files.kinds import FileKind, Told, safe_name, told_of
from core.files.models import FOLDER, StoredFile, new_key, path_of
from core.files.scanner import is_on, scan
from core.files.selectors import sent_since, unowned_files, unscanned_files
from core.files.states import Scan
from core.kit import days
from core.kit.errors import InvalidError
from core.kit.people import Person
from core.kit.rows import in_chunks
from core.trail.services import record_event

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
# A file of a refused form waits this long for its writer; then nobody will come back to it.
HELD_FOR = dt.timedelta(days=1)
# So many of one person wait at most, so that nobody fills the disk with them.
HELD_AT_MOST = 5
# So many files, and bytes, one person sends within an hour at most.
PACE = dt.timedelta(hours=1)
MOST_IN_PACE = 60
MOST_BYTES_IN_PACE = 200 * MEGABYTE
# The code of the refusal when it waited too long.
FILE_GONE = "file_gone"

_written: ContextVar[list[str] | None] = ContextVar("written", default=None)


@contextmanager
def atomic_with_files() -> Iterator[None]:
    """Run a service in one transaction; when it fails, the files it has stored go too.

    Use it as a decorator in the place of `transaction.atomic`.
    """
    outer = _written.get()
    mine: list[str] = []
    token = _written.set(mine)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for path in mine:
            _drop(path)
        raise
    finally:
        _written.reset(token)
    if outer is not None:
        outer.extend(mine)


def store_file(
    *,
    upload: File | StoredFile,
    by: Person | None,
    kinds: Sequence[FileKind],
    limit: int | None = None,
) -> StoredFile:
    """Look at a file and keep it; the one way in.

    `upload` is a Django file, or a file that `held_file` gave: that one is returned as it is,
    and stays until the transaction ends, so that a row can take it.
    `kinds` are what it may be, `limit` its largest size in bytes (default: UPLOAD_MAX_BYTES).
    Raises InvalidError (field "file") with what to send instead. A file that nothing belongs
    to after a day is removed. Inside `atomic_with_files` it goes with a change that fails.
    """
    if isinstance(upload, StoredFile):
        return _still_held(upload)
    try:
        _check_size(upload, settings.UPLOAD_MAX_BYTES if limit is None else limit)
        told = told_of(upload, kinds)
        scanned = _scanned(upload, told)
    except InvalidError as error:
        error.field = "file"
        raise
    with atomic_with_files():
        key = new_key()
        _write(path_of(key), upload)
        return StoredFile.objects.create(
            key=key,
            name=safe_name(str(upload.name or ""), told.kind.ending),
            kind=told.kind.media_type,
            size=upload.size,
            sha256=sha256_of(upload),
            by_id=by.pk if by else None,
            signatures=list(told.signatures),
            scan=scanned,
        )


def _scanned(upload: File, told: Told) -> Scan:
    """Return what the scanner says of what a person sends; refuse what it knows as harmful."""
    if not told.kind.looks:
        return Scan.OFF
    upload.seek(0)
    said = scan(upload.chunks())
    upload.seek(0)
    if said == Scan.REFUSED:
        raise InvalidError(
            _(
                "The scanner found a virus in this file, so it was not kept. Have your computer "
                "checked, and send a clean file."
            ),
            code="file_infected",
        )
    return said


def scan_waiting() -> int:
    """Ask the scanner about each file that waits for it; return how many are decided.

    What it finds harmful stays out of reach for good; the audit trail says so.
    """
    if not is_on():
        return 0
    decided = 0
    for stored in in_chunks(unscanned_files()):
        try:
            with default_storage.open(stored.path) as content:
                said = scan(content.chunks())
        except FileNotFoundError:
            continue
        if said == Scan.WAITING:
            # The scanner is away: it is asked again at the next round.
            break
        with transaction.atomic():
            if not StoredFile.objects.filter(pk=stored.pk).update(scan=said):
                continue
            decided += 1
            if said == Scan.REFUSED:
                record_event(
                    verb="file.refused", target=stored, by=None, details={"file": stored.name}
                )
    return decided


def hold_file(*, upload: File, by: Person | None, kinds: Sequence[FileKind]) -> StoredFile:
    """Store what a person sends with a form, before anything is known of the form.

    The oldest of the person's files that still wait make room for it. A page without an account
    (`by` is None) slows down who sends too much by itself. Raises InvalidError as store_file does.
    """
    if by is None:
        return store_file(upload=upload, by=None, kinds=kinds)
    _check_pace(by, upload)
    stored = store_file(upload=upload, by=by, kinds=kinds)
    for old in unowned_files().filter(by_id=by.pk).order_by("-at", "-pk")[HELD_AT_MOST:]:
        _remove_unless_taken(old)
    return stored


def copy_file(stored: StoredFile) -> StoredFile:
    """Keep a file once more, for another row: each row has a file of its own.

    Who stored it and when stays. Call it inside `atomic_with_files`.
    """
    key = new_key()
    with default_storage.open(stored.path) as content:
        _write(path_of(key), content)
    copy = StoredFile.objects.get(pk=stored.pk)
    copy.pk, copy.key = None, key
    copy.save(force_insert=True)
    return copy


def _check_pace(by: Person, upload: File) -> None:
    """Refuse who sends more files, or larger ones together, than anybody needs."""
    count, size = sent_since(by, days.now() - PACE)
    if count >= MOST_IN_PACE or size + (upload.size or 0) > MOST_BYTES_IN_PACE:
        raise InvalidError(
            _("You have sent %(count)d files within an hour. Wait a little, then go on.")
            % {"count": count},
            field="file",
            code="too_many_files",
        )


def require_room(files: "QuerySet[StoredFile]", upload: File | StoredFile, *, quota: int) -> None:
    """Raise InvalidError when a file and those that are there take more than `quota` bytes."""
    taken = files.aggregate(total=Sum("size"))["total"] or 0
    if taken + (upload.size or 0) > quota:
        raise InvalidError(
            _(
                "All files together may have %(limit)d MB; there are %(taken)d MB already. Make "
                "them smaller, or take one away first."
            )
            % {"limit": quota // MEGABYTE, "taken": ceil(taken / MEGABYTE)},
            field="file",
            code="quota",
        )


def _still_held(held: StoredFile) -> StoredFile:
    """Keep the sweep from a file that a row is about to take; it may have come before."""
    found = StoredFile.objects.select_for_update().filter(pk=held.pk).first()
    if found is None:
        raise InvalidError(
            _("The file you had chosen waited too long and is gone. Choose it once more."),
            field="file",
            code=FILE_GONE,
        )
    return found


@transaction.atomic
def _remove_unless_taken(stored: StoredFile) -> bool:
    """Remove a file that nothing belonged to a moment ago; tell whether it still was so."""
    # First the lock, then the question: a form may be taking it just now.
    if StoredFile.objects.select_for_update().filter(pk=stored.pk).first() is None:
        return False
    if not unowned_files().filter(pk=stored.pk).exists():
        return False
    remove_file(stored)
    return True


def _check_size(upload: File, limit: int) -> None:
    if not upload.size:
        raise InvalidError(
            _("The file is empty. Open it on your computer, save it again and upload it."),
            code="empty_file",
        )
    if upload.size > limit:
        raise InvalidError(
            _("The file has %(size)s MB; at most %(limit)s MB are taken. Make it smaller.")
            # Rounded up: a file that is a little too large is not said to have what is taken.
            % {
                "size": number_format(ceil(upload.size / MEGABYTE * 10) / 10, 1),
                "limit": limit // MEGABYTE,
            },
            code="file_too_large",
        )


def _write(path: str, upload: File) -> None:
    """Write the file; it belongs to the change that runs."""
    try:
        default_storage.save(path, upload)
    except OSError as error:
        logger.exception("A file could not be kept.")
        raise InvalidError(
            _(
                "The portal could not keep the file: its disk is full or away. We have been told. "
                "Leave this page open and send it again in a few minutes."
            ),
            field="file",
            code="file_not_kept",
        ) from error
    written = _written.get()
    if written is not None:
        written.append(path)


def sha256_of(upload: File) -> str:
    """Return the SHA-256 of a file, as a StoredFile keeps it."""
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def remove_file(stored: StoredFile) -> None:
    """Remove a file that nothing belongs to any more; it is gone once the change holds.

    Call it inside the transaction, after the row that held the foreign key is deleted.
    """
    path = stored.path
    stored.delete()
    transaction.on_commit(lambda: _drop(path), robust=True)


def _drop(path: str) -> None:
    try:
        default_storage.delete(path)
    except OSError:
        # The sweep tries again.
        logger.exception("The file %s could not be removed.", path)


def sweep_files() -> int:
    """Remove files that nothing belongs to and that are a day old; return how many.

    That are files of forms that were given up, of rows that were deleted with what they
    belonged to, and what a machine that stopped in the middle has left in the storage.
    """
    before = days.now() - HELD_FOR
    removed = 0
    for path in list(_files_without_row(before)):
        _drop(path)
        removed += 1
    for stored in in_chunks(unowned_files(before)):
        removed += _remove_unless_taken(stored)
    return removed


def _files_without_row(before: dt.datetime) -> Iterator[str]:
    if not default_storage.exists(FOLDER):
        return
    for folder in default_storage.listdir(FOLDER)[0]:
        names = default_storage.listdir(f"{FOLDER}/{folder}")[1]
        known = set(StoredFile.objects.filter(key__in=names).values_list("key", flat=True))
        for name in set(names) - known:
            path = f"{FOLDER}/{folder}/{name}"
            if default_storage.get_modified_time(path) < before:
                yield path
