"""What the cases share: people who are signed in, and pages that are opened."""

from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from accounts.models import User
from accounts.states import StaffRole
from benchmarks.harness import Action

VERSION = "version_"


def anybody() -> Client:
    """Return a client that is not signed in."""
    return Client(SERVER_NAME="localhost")


def client_of(person: User) -> Client:
    """Return a client that is signed in."""
    client = anybody()
    client.force_login(person, backend="accounts.backends.PersonBackend")
    return client


def coordinator() -> Client:
    """Return the client of a coordinator."""
    return client_of(User.objects.filter(staff_role=StaffRole.COORDINATOR).earliest("pk"))


def of_demo(login: str) -> Client:
    """Return the client of a demo account."""
    return client_of(User.objects.get(email=f"{login}@demo.example"))


def getting(client: Client, address: str) -> Action:
    """Return the action that opens a page and insists on it."""

    def get() -> int:
        answer = client.get(address)
        expect(answer.status_code, 200, address)
        return size_of(answer)

    return get


def size_of(answer: Any) -> int:
    """Return how many bytes came; a stream is read and not kept."""
    parts: Iterable[bytes] = answer.streaming_content if answer.streaming else [answer.content]
    return sum(map(len, parts))


def expect(status: int, wanted: int, address: str) -> None:
    """Refuse to measure an error page."""
    if status != wanted:
        message = f"{address} answered {status} instead of {wanted}."
        raise RuntimeError(message)


def typed_on(read: dict[str, str], number: int) -> dict[str, str]:
    """Return the fields after that many saves, with something new in every text."""
    # A choice that nobody has made sends its version and nothing else.
    texts = {name for name in read if VERSION + name in read}
    sent = dict(read)
    for name in texts:
        sent[name] = f"{read[name].strip()} {number}"
        sent[VERSION + name] = str(int(read[VERSION + name]) + number)
    return sent


class FieldReader(HTMLParser):
    """Collects what a browser would send of a page's text fields and hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        name = facts.get("name") or ""
        if tag == "textarea" and name:
            self._area = name
            self.fields[name] = ""
        elif tag == "input" and name and facts.get("type") in {"hidden", "text"}:
            self.fields[name] = facts.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data


def fields_of(html: str) -> dict[str, str]:
    """Return the fields of a page with their values."""
    reader = FieldReader()
    reader.feed(html)
    return reader.fields
