"""Every link of every page, found by itself, followed by each role that the page is shown to.

A page invites nobody to what they may not do: what is linked opens. Forms: see test_forms.py.
"""

from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.urls import Resolver404, resolve

from tests.access.expect import OPEN, ROLES
from tests.access.moments import MOMENTS
from tests.access.table import TABLE
from tests.markup import Links

# What it asks has the same answer on any database, and takes its time.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROWS = [*MOMENTS, *(row for row in TABLE if OPEN in row.GET.values())]
# Addresses that name no object of a page are asked for once for each role.
ASKED: dict[tuple[str, str], str] = {}


def follow(client, url):
    """Open an address as a click does, redirects with it; return "" or how it ends badly."""
    with transaction.atomic():
        response = client.get(url, follow=True)
        transaction.set_rollback(True)
    return "" if response.status_code in {200, 422} else str(response.status_code)


def is_the_same_for_all_pages(url):
    try:
        return not resolve(urlsplit(url).path).kwargs
    except Resolver404:
        return False


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_link_opens_for_who_is_shown_it(row, world, clients):
    url = row.address(world)
    wrong = []
    for role in [role for role in ROLES if row.GET[role] == OPEN]:
        with transaction.atomic():
            response = clients[role].get(url)
            transaction.set_rollback(True)
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        for link, words in Links(response.content.decode(), url).found.items():
            key = (role, link)
            if key not in ASKED:
                end = follow(clients[role], link)
                if is_the_same_for_all_pages(link):
                    ASKED[key] = end
            else:
                end = ASKED[key]
            if end:
                wrong.append(f"{role}: “{words}” leads to {link}: {end}")
    assert wrong == []
