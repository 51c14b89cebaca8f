"""The one way out for files: handed over to be kept, or shown in a frame of a page of ours.

Whoever calls asks first whether the reader may have it: a file carries no rights.
"""

import logging
from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from core.files.kinds import JPEG, P7M, PDF, PNG, FileKind, safe_name
from core.files.looking.child import inside
from core.files.models import StoredFile
from core.files.states import Scan
from core.kit.errors import WrongStateError

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


def require_checked(stored: StoredFile) -> None:
    """Raise WrongStateError for what the scanner has not passed; without one all is passed."""
    if stored.scan == Scan.REFUSED:
        raise WrongStateError(
            _("The scanner found a virus in this file: nobody gets it. Ask for a clean one."),
            code="file_infected",
        )
    if stored.is_out_of_reach:
        raise WrongStateError(
            _("This file still waits for the check for viruses. Come back in a few minutes."),
            code="file_waiting",
        )


def serve_inside(stored: StoredFile) -> HttpResponseBase:
    """Hand out the PDF inside a signed envelope; any other file as it is. Raises as `serve`."""
    if stored.kind != P7M.media_type:
        return serve(stored)
    require_checked(stored)
    with default_storage.open(stored.path) as envelope:
        content = inside(envelope.read())
    return serve_bytes(content, name=safe_name(stored.name, PDF.ending), kind=PDF)


def serve(stored: StoredFile) -> StreamingHttpResponse:
    """Hand out a stored file; 404 when the storage has lost it.

    Raises WrongStateError while the scanner has not passed it.
    """
    require_checked(stored)
    if not default_storage.exists(stored.path):
        logger.error("The file %s (%s) is not in the storage.", stored.path, stored.name)
        raise Http404
    response = StreamingHttpResponse(_chunks(stored.path), content_type=stored.kind)
    response["Content-Length"] = stored.size
    return _harmless(response, stored.name)


# What browsers draw by themselves, of what is taken.
SHOWN = (PDF.media_type, PNG.media_type, JPEG.media_type)


def is_shown(stored: StoredFile) -> bool:
    """Tell whether a browser can show the file, or what is inside its envelope, in a page."""
    return not stored.is_out_of_reach and stored.kind in (*SHOWN, P7M.media_type)


def show_inside(stored: StoredFile) -> HttpResponseBase:
    """Hand out a file to be shown in a frame of a page of ours; raises as `serve`, 404 for others.

    What is taken holds no script (core.files.looking), and nothing but the reader of the browser
    draws it: in a sandbox that reader would not open.
    """
    if stored.kind not in (*SHOWN, P7M.media_type):
        raise Http404
    response: Any = serve_inside(stored)
    name = safe_name(stored.name, PDF.ending) if stored.kind == P7M.media_type else stored.name
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name)
    response["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'self'; "
        "frame-ancestors 'self'"
    )
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def serve_bytes(content: bytes, *, name: str, kind: FileKind) -> HttpResponse:
    """Hand out a file that was made for this answer alone. `name` has its ending."""
    return _harmless(HttpResponse(content, content_type=kind.media_type), name)
