"""Every link of every page, found by itself, followed by each role that the page is shown to.

A page invites nobody to what they may not do: what is linked opens. Forms: see test_forms.py.
"""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.urls import Resolver404, resolve

from tests.access.expect import OPEN, ROLES
from tests.access.moments import MOMENTS
from tests.access.table import TABLE

pytestmark = pytest.mark.django_db

ROWS = [*MOMENTS, *(row for row in TABLE if OPEN in row.GET.values())]
# Addresses that name no object of a page are asked for once for each role.
ASKED: dict[tuple[str, str], str] = {}


class Links(HTMLParser):
    """Where the links of a page lead, with the words of each, and its forms that only ask."""

    def __init__(self, html: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: dict[str, str] = {}
        self._open = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note where it leads."""
        attrs = {name: value or "" for name, value in attributes}
        if tag == "a" and attrs.get("href"):
            self._note(attrs["href"])
        elif tag == "form" and attrs.get("method", "get").lower() == "get":
            self._note(attrs.get("action", ""))

    def handle_endtag(self, tag: str) -> None:
        """Close a link."""
        if tag == "a":
            self._open = ""

    def handle_data(self, data: str) -> None:
        """Keep the words of a link, to name it."""
        if self._open:
            self.found[self._open] = f"{self.found[self._open]} {data.strip()}".strip()

    def _note(self, href: str) -> None:
        parts = urlsplit(urljoin(self.address, href))
        is_ours = parts.scheme in {"", "http"} and parts.netloc in {"", "testserver"}
        if not is_ours or href.startswith("#") or parts.path.startswith("/static/"):
            return
        self._open = parts.path + (f"?{parts.query}" if parts.query else "")
        self.found.setdefault(self._open, "")


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
