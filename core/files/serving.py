"""The one way out for files: handed over to be kept, never shown inside a page.

Whoever calls asks first whether the reader may have it: a file carries no rights.
"""

import logging
from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from core.files.kinds import FileKind
from core.files.models import StoredFile

logger = logging.getLogger(__name__)


def _harmless(response: Any, name: str) -> Any:
    """Give an answer the headers under which a hostile file can do nothing."""
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _chunks(path: str) -> Iterator[bytes]:
    """Open the file only when somebody reads it."""
    with default_storage.open(path) as content:
        yield from content.chunks()


def serve(stored: StoredFile) -> StreamingHttpResponse:
    """Hand out a stored file; 404 when the storage has lost it."""
    if not default_storage.exists(stored.path):
        logger.error("The file %s (%s) is not in the storage.", stored.path, stored.name)
        raise Http404
    response = StreamingHttpResponse(_chunks(stored.path), content_type=stored.kind)
    response["Content-Length"] = stored.size
    return _harmless(response, stored.name)


def serve_bytes(content: bytes, *, name: str, kind: FileKind) -> HttpResponse:
    """Hand out a file that was made for this answer alone. `name` has its ending."""
    return _harmless(HttpResponse(content, content_type=kind.media_type), name)
