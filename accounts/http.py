"""The request of a view whose door lets in only people who are signed in."""

from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request whose person is known.

    The door of the view (`login_required` or `staff_required`) has turned everybody else away.
    """

    user: User
