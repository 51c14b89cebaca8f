"""How a mail is shown in a page: in a frame of its own, where nothing of it may act."""

from collections.abc import Callable

from csp.decorators import csp_replace
from django.http import HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_sameorigin

View = Callable[..., HttpResponseBase]

_POLICY = {
    "default-src": ["'none'"],
    "img-src": ["'self'"],
    # The styles of a mail stand in its head; nothing else of it may act.
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "sandbox": True,
}


def mail_in_frame(view: View) -> View:
    """Let pages of the portal show what the view answers in a frame: the HTML of a mail alone."""
    framed: View = xframe_options_sameorigin(csp_replace(_POLICY)(view))
    return framed
