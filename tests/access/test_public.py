"""What search engines and screen readers need of every page that opens to anybody.

The pages are found by themselves: the rows that open to anonymous visitors, and each address
without arguments. Barriers, errors on the console and tap targets: tests/journeys.
"""

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import resolve

from core.kit.templatetags.portal import short_text
from tests.access.expect import ANONYMOUS, OPEN
from tests.access.table import TABLE
from tests.public import addresses_without_arguments

# What it asks has the same answer on any database, and takes its time.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROWS = [row for row in TABLE if row.GET[ANONYMOUS] == OPEN]
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Elements that load something into the page.
LOADING = {"link": "href", "script": "src", "img": "src", "use": "href", "iframe": "src"}
NAMES = ("aria-label", "aria-labelledby", "title", "alt")


class Facts(HTMLParser):
    """What stands in a page."""

    def __init__(self, html):
        super().__init__()
        self.titles, self.descriptions, self.canonicals = [], [], []
        self.lang = self.viewport = ""
        self.headings, self.pictures, self.loaded, self.links = [], [], [], []
        self._within = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        facts = {name: value or "" for name, value in attrs}
        if tag in {"html", "meta", "link"}:
            self._read_head(tag, facts)
        elif tag == "title" and "svg" not in self._within:
            self.titles.append("")
        elif tag == "img":
            self.pictures.append(facts)
        elif tag == "a":
            self.links.append([facts.get("href"), ""])
        elif tag in HEADINGS:
            self.headings.append(int(tag[1]))
        if facts.get("rel") != "canonical" and tag in LOADING:
            self.loaded.append(facts.get(LOADING[tag], ""))
        if "a" in (*self._within, tag):
            self.links[-1][1] += "".join(facts.get(name, "") for name in NAMES)
        if tag in {"a", "title", "svg"}:
            self._within.append(tag)

    def _read_head(self, tag, facts):
        if tag == "html":
            self.lang = facts.get("lang", "")
        elif facts.get("name") == "description":
            self.descriptions.append(facts["content"])
        elif facts.get("name") == "viewport":
            self.viewport = facts["content"]
        elif facts.get("rel") == "canonical":
            self.canonicals.append(facts["href"])

    def handle_endtag(self, tag):
        if tag in self._within:
            self._within.remove(tag)

    def handle_data(self, data):
        if "a" in self._within:
            self.links[-1][1] += data.strip()
        elif "title" in self._within and "svg" not in self._within:
            self.titles[-1] += data.strip()


def faults_of(html, address):
    page = Facts(html)
    wrong = []

    def need(holds, words):
        if not holds:
            wrong.append(f"{address}: {words}")

    need(len(page.titles) == 1 and page.titles[0], f"titles {page.titles}")
    need(len(page.descriptions) == 1, f"descriptions {page.descriptions}")
    need(
        all(50 <= len(words) <= 160 for words in page.descriptions),
        f"{[len(words) for words in page.descriptions]} letters: {page.descriptions}",
    )
    need(page.lang.startswith("en"), f"language {page.lang!r}")
    need("width=device-width" in page.viewport, f"viewport {page.viewport!r}")
    need("user-scalable=no" not in page.viewport, "cannot be enlarged")
    path = address.partition("?")[0]
    ours = [settings.BASE_URL + path] if resolve(path).app_names == ["showcase"] else []
    need(page.canonicals == ours, f"canonical {page.canonicals}")
    need(page.headings[:1] == [1] and page.headings.count(1) == 1, f"headings {page.headings}")
    need(
        all(after - before <= 1 for before, after in pairwise(page.headings)),
        f"headings skip a level: {page.headings}",
    )
    need(
        all({"width", "height", "alt"} <= set(facts) for facts in page.pictures),
        f"pictures without size or words: {page.pictures}",
    )
    need(
        not [link for link in page.loaded if "//" in link],
        f"loads from elsewhere: {[link for link in page.loaded if '//' in link]}",
    )
    need(
        all(words for href, words in page.links if href is not None),
        f"links without words: {[href for href, words in page.links if not words]}",
    )
    return wrong


def read(client, address):
    """Return the HTML of an address, or "" where it gives something else."""
    with transaction.atomic():
        answer = client.get(address)
        transaction.set_rollback(True)
    is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    return answer.content.decode() if is_page else ""


def test_every_public_page_says_what_it_is(world, clients):
    client = clients[ANONYMOUS]
    addresses = {*(row.address(world) for row in ROWS), *addresses_without_arguments()}
    pages = {address: read(client, address) for address in sorted(addresses)}
    seen = {address for address, html in pages.items() if html}

    assert {"/", "/pairings/", "/about/", "/accounts/login/", "/accounts/signup/"} <= seen
    assert [fault for address in seen for fault in faults_of(pages[address], address)] == []


def test_longest_summary_of_a_call_is_cut_between_words(world, clients):
    world.call.summary = "Water & cities, " * 25
    world.call.save(update_fields=["summary"])

    [words] = Facts(read(clients[ANONYMOUS], f"/calls/{world.call.slug}/")).descriptions

    assert 100 < len(words) <= 160
    assert words.endswith("…")
    assert "&amp;" not in words


def test_short_text_stays_as_it_is():
    assert short_text("Rain &amp;\n  shine", 12) == "Rain & shine"
    assert short_text("Rain &amp; shine", 11) == "Rain &…"


def test_a_missing_page_names_no_address_of_its_own(client):
    html = client.get("/pairings/nobody-knows/").content.decode()

    assert Facts(html).canonicals == []
    assert '<meta name="robots" content="noindex">' in html


def test_search_engines_are_told_what_is_for_the_public(client):
    answer = client.get("/robots.txt")
    closed = [
        line.removeprefix("Disallow: ")
        for line in answer.content.decode().splitlines()
        if line.startswith("Disallow: ")
    ]

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert {"/staff/", "/my/", "/accounts/"} <= set(closed)
    assert not [path for path in ("/", "/calls/", "/pairings/", "/about/") if path in closed]
