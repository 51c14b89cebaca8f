"""What the pages that strangers meet first cost them: bytes and requests of a first visit."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test.testcases import LiveServerThread
from playwright.sync_api import Page, Request

KB = 1000
# Address: most kilobytes on the wire, headers included; most requests.
LIMITS = {"/": (120, 12), "/pairings/": (150, 14)}


@pytest.fixture
def packed_url(published, settings, tmp_path):
    """The address of a server that gives static files as production does: joined, named, packed."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "iuc_portal.storage.StaticStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    # Static files come from the portal itself, not from where they are written.
    thread = LiveServerThread("localhost", static_handler=lambda portal: portal)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    yield f"http://{thread.host}:{thread.port}"
    thread.terminate()


def weight_of(page: Page, url: str) -> dict[str, int]:
    """Open a page as a first visitor; return the bytes of each answer by its path."""
    answers = []

    def note(answer: Request) -> None:
        answers.append(answer)

    page.on("requestfinished", note)
    page.goto(url, wait_until="networkidle")
    sizes = {urlsplit(answer.url).path: answer.sizes() for answer in answers}
    return {
        path: size["responseHeadersSize"] + size["responseBodySize"] for path, size in sizes.items()
    }


def test_first_visits_are_light(packed_url, new_page):
    for address, (most_kb, most_requests) in LIMITS.items():
        weights = weight_of(new_page(width=1280), packed_url + address)

        told = "\n".join(f"{size:7} {path}" for path, size in weights.items())
        assert sum(weights.values()) <= most_kb * KB, f"{sum(weights.values())} bytes:\n{told}"
        assert len(weights) <= most_requests, f"{len(weights)} requests:\n{told}"
