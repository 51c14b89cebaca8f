"""From which list of applications somebody came: carried along, so that they go on in its order."""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest
from django.urls import reverse

# Longer than any filter of the list makes it.
LONGEST_ORIGIN = 1000


def origin_of(request: HttpRequest) -> str:
    """Return the filters of the list from which somebody came, as they stand in its address."""
    found = request.POST.get("from") or request.GET.get("from")
    return (_list_left(request) if found is None else found)[:LONGEST_ORIGIN]


def _list_left(request: HttpRequest) -> str:
    """Return the filters of the list where the page was opened from it; "" otherwise."""
    try:
        left = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    is_list = left.path == reverse("applications:staff_list")
    return left.query if is_list and left.netloc == request.get_host() else ""


def from_query(origin: str) -> str:
    """Return an origin as it is carried along in an address."""
    return urlencode({"from": origin})
