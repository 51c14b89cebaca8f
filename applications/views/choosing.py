"""Staff: the applications that an address names, one by one or by the filters of their list."""

from django.db.models import QuerySet

from accounts.http import SignedInRequest
from applications.forms.staff import FilterForm, picked_ids
from applications.models import Application
from applications.selectors import narrowed, sent_applications


def chosen_applications(request: SignedInRequest) -> "QuerySet[Application]":
    """Return them, as far as the person's role reaches: with `all`, whatever the filters keep."""
    rows = sent_applications(request.user)
    if "all" not in request.GET:
        return rows.filter(pk__in=picked_ids(request.GET))
    filters = FilterForm(request.GET, by=request.user).filters
    return narrowed(rows, request.user, filters)
