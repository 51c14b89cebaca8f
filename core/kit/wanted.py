"""What a person came for, kept while something else has to be done first.

Who wants to answer a call and has no city yet registers one, or joins one, and is then led
back to the call. Only the portal's own pages say what is wanted: no address of a visitor
is ever kept.
"""

from django.http import HttpRequest

_KEY = "wanted"


def remember_wanted(request: HttpRequest, address: str) -> None:
    """Keep the address of a page of ours, until it is asked for or the session ends."""
    request.session[_KEY] = address


def take_wanted(request: HttpRequest) -> str:
    """Return the address that was kept and forget it; "" when there is none."""
    address: str = request.session.pop(_KEY, "")
    return address
