"""Every URL name has a row, and every role gets what its row says."""

from http import HTTPStatus

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.expect import CLOSED, FORBIDDEN, HIDDEN, OPEN, ROLES, SIGN_IN
from tests.access.table import NOT_OURS, TABLE

pytestmark = pytest.mark.django_db

S = HTTPStatus
OPEN_STATUSES = {S.OK, S.CREATED, S.NO_CONTENT, S.FOUND, S.SEE_OTHER}
# The person got through; what they sent is refused.
REFUSED_INPUT = {S.BAD_REQUEST, S.CONFLICT, S.UNPROCESSABLE_ENTITY}


def url_names(patterns=None, prefix=""):
    """Walk the URLconf; an address without a name gets its pattern in brackets."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from url_names(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name or f'<{entry.pattern}>'}"


def test_every_url_name_has_a_row():
    rows = {row.name for row in TABLE}
    ours = {name for name in url_names() if not name.startswith(tuple(NOT_OURS))}

    assert ours - rows == set(), "Give these a row in tests/access/table.py."
    assert rows - ours == set(), "These rows name no address."


def outcome(response):
    """Name what a response means for the person."""
    if response.status_code in {S.FOUND, S.SEE_OTHER} and response.url.startswith(
        reverse("account_login")
    ):
        return SIGN_IN
    if response.status_code in OPEN_STATUSES | REFUSED_INPUT:
        return OPEN
    if response.status_code == S.METHOD_NOT_ALLOWED:
        return CLOSED
    return str(response.status_code)


def fits(expected, got):
    if expected == CLOSED:
        return got in {CLOSED, FORBIDDEN, HIDDEN, SIGN_IN}
    return expected == got


# That the queries of each page run is asked of both databases, by the next test.
@pytest.mark.once
@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("row", TABLE, ids=str)
def test_each_role_gets_what_the_table_says(row, world, clients):
    url = row.address(world)
    wrong = []
    for method in ("GET", "POST"):
        expected = getattr(row, method)
        assert set(expected) == set(ROLES)
        for role in ROLES:
            with transaction.atomic():
                if method == "GET":
                    response = clients[role].get(url)
                else:
                    response = clients[role].post(url, row.data(world))
                transaction.set_rollback(True)
            got = outcome(response)
            if not fits(expected[role], got):
                wrong.append(f"{method} {role}: {got}, the table says {expected[role]}")
    assert wrong == []


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_head_opens_no_more_than_get_and_other_methods_are_refused(row, world, clients):
    url = row.address(world)
    role = next((role for role in ROLES if row.GET[role] == OPEN), "coordinator")
    client = clients[role]
    with transaction.atomic():
        head, get = client.head(url), client.get(url)
        others = [client.generic(method, url) for method in ("PUT", "PATCH", "DELETE")]
        transaction.set_rollback(True)

    assert head.status_code in {get.status_code, S.METHOD_NOT_ALLOWED}
    assert [response.status_code for response in others] == [S.METHOD_NOT_ALLOWED] * 3
