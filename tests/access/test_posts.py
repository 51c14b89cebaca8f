"""Whatever is sent to an address: never an error, one of the statuses of the one table.

The addresses come from the access table, in which each one has to stand; the names of the
fields from the page itself: so a new form is found by itself.
"""

from html.parser import HTMLParser

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils.html import escape

from tests.access.expect import ANONYMOUS, OPEN, SIGNED_IN
from tests.access.table import TABLE

pytestmark = pytest.mark.django_db

# Done, not allowed, moved on, not valid. `core.kit.saving` says when each is answered.
STATUSES = {302, 403, 409, 422}
# What answers a script: its statuses stand in docs/frontend.md.
OF_SCRIPTS = {200, 409, 410}
TYPED = "Nonsense <i>&</i> words"
GARBAGE = {
    "words": TYPED,
    "a negative number": "-1",
    "a number no column holds": "9" * 30,
    "letters that unfold": "\ufdfa" * 400,
    "a long text": "x " * 15_000,
}
# What comes from no page of ours may be refused unread.
UNREADABLE = {"a number no column holds": {400}}
TYPED_KINDS = {"text", "email", "tel", "url", "textarea"}
ROWS = [row for row in TABLE if OPEN in row.POST.values()]


class Fields(HTMLParser):
    """The names of a page's inputs, with the kind of each."""

    def __init__(self):
        super().__init__()
        self.kinds = {}

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag in {"input", "select", "textarea"} and found.get("name"):
            self.kinds[found["name"]] = found.get("type", tag) if tag == "input" else tag


def fields_of(client, url, row, world):
    """Return what the page asks for, and what the row sends where there is no page."""
    parser = Fields()
    response = client.get(url)
    if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
        parser.feed(response.content.decode())
    for name in row.data(world):
        parser.kinds.setdefault(name, "unknown")
    return {
        name: kind
        for name, kind in parser.kinds.items()
        if kind != "file" and not name.endswith("_FORMS") and name != "csrfmiddlewaretoken"
    }


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_garbage_is_answered_by_the_table_and_shown_back(row, world, clients):
    # More attempts than one visitor has in an hour.
    cache.clear()
    role = next((role for role in SIGNED_IN if row.POST[role] == OPEN), ANONYMOUS)
    client = clients[role]
    url = row.address(world)
    wrong = []
    with transaction.atomic():
        kinds = fields_of(client, url, row, world)
        transaction.set_rollback(True)
    for what, value in {"nothing": None, **GARBAGE}.items():
        data = {} if value is None else dict.fromkeys(kinds, value)
        with transaction.atomic():
            response = client.post(url, data)
            transaction.set_rollback(True)
        is_json = response["Content-Type"].startswith("application/json")
        allowed = OF_SCRIPTS if is_json else STATUSES | UNREADABLE.get(what, set())
        if response.status_code not in allowed:
            wrong.append(f"{what}: {response.status_code}")
        if what == "words" and response.status_code in {409, 422} and not is_json:
            html = response.content.decode()
            shown = html.count(escape(TYPED))
            asked = [name for name, kind in kinds.items() if kind in TYPED_KINDS]
            if shown < len(asked):
                wrong.append(f"shows {shown} of {len(asked)} texts back: {asked}")
    assert wrong == []
