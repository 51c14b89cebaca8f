"""What all tests share: a sealed world, the right database, and a signed-in client.

The clock: freeze it with `time_machine.travel(moment, tick=False)` where time matters.
Mail: Django's mails land in `mailoutbox` (pytest-django). Queries: ask
`django_assert_num_queries(n)` of every list page, at one row and at three.
"""

import gc
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import hypothesis
import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations as DatabaseOperations
from django.test import Client

from core.trail import guards
from tests.infra.emptying import empty_only_what_has_rows
from tests.infra.guard import seal
from tests.infra.joins import refuse_products
from tests.infra.migrated import copied

pytest_plugins = ["tests.infra.worker"]

TESTS = Path(__file__).parent

# A busy machine is no failure, and no example of an earlier run decides over this one.
hypothesis.settings.register_profile("portal", deadline=None, database=None)
hypothesis.settings.load_profile("portal")


def pytest_configure() -> None:
    """Seal the process before the first test, and let it ask no query that multiplies rows."""
    # allauth and the broker clients resolve names when they load: nothing may leave.
    seal()
    refuse_products()
    empty_only_what_has_rows()


# What the two databases do differently is asked here (docs/testing.md); the other folders of the
# whole suite run on PostgreSQL alone.
ON_BOTH = {"access", "core", "demo", "project", "reminders", "showcase"}
# Walks go everywhere and require little of each place: what they touch counts as covered by nobody.
# To trace takes as long as what is traced.
WALKS = {"access"}


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Say where a test runs: once if it asks for no database, else on PostgreSQL or on both.

    And whether what it runs counts as covered.
    """
    folder = item.path.relative_to(TESTS).parts[0]
    if folder in ON_BOTH:
        item.add_marker("both")
    if folder in WALKS:
        item.add_marker("no_cover")
    asked = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    elsewhere = map(item.get_closest_marker, ("django_db", "postgres", "broker", "journey"))
    if not asked and not any(elsewhere):
        item.add_marker("once")


def pytest_collection_finish() -> None:
    """What was loaded stays: to look through it for rubbish again and again takes its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this environment cannot run, with the way to run it."""
    reasons = {}
    if connection.vendor != "postgresql":
        reasons["postgres"] = "needs PostgreSQL: run it with `make test`"
        reasons["journey"] = "needs PostgreSQL and a browser: run it with `make test`"
    if not os.environ.get("REDIS_URL"):
        reasons["broker"] = "needs a Redis-compatible server: run it with `make test`"
    if not os.environ.get("BROWSER_PATH"):
        reasons["journey"] = "needs a browser: run it with `make test`"
    for item in items:
        for marker, reason in reasons.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Begin with a copy of what `make test` has migrated, if it did."""
    with copied():
        yield


@pytest.fixture
def few_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the other names of every fiftieth place alone: all of them are most of the loading."""

    from programme import services

    every = services.rows_of

    def rows_of(name: str) -> list[dict[str, str]]:
        return every(name)[::50] if name == "city_names.csv" else every(name)

    monkeypatch.setattr(services, "rows_of", rows_of)


@pytest.fixture(autouse=True)
def own_folders(settings: Any) -> Iterator[None]:
    """Uploads and mail files of a test go to a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="iuc-test-") as folder:
        settings.MEDIA_ROOT = Path(folder) / "uploads"
        settings.MAIL_DIR = Path(folder) / "mails"
        yield


@pytest.fixture(autouse=True, scope="session")
def emptied_between_tests() -> Iterator[None]:
    """Let tests with real transactions empty all tables; the guards are set again after each."""
    empty = DatabaseOperations.execute_sql_flush

    def unguarded(operations: Any, statements: list[str]) -> None:
        guards.remove(operations.connection)
        empty(operations, statements)

    with mock.patch.object(DatabaseOperations, "execute_sql_flush", unguarded):
        yield


@pytest.fixture(autouse=True)
def fresh_structures() -> None:
    """Each test has a database of its own: what another one published is not in it."""
    from questionnaires.structure import forget_structures

    forget_structures()


@pytest.fixture
def outbox(settings: Any) -> None:
    """Let Django's mails go into the outbox, as they do in the running portal."""
    settings.EMAIL_BACKEND = "core.post.backends.OutboxBackend"


@pytest.fixture
def sign_in(client: Client) -> Callable[[Any], Client]:
    """Return a function that signs a person in and returns the client."""

    def enter(person: Any) -> Client:
        client.force_login(person, backend="accounts.backends.PersonBackend")
        return client

    return enter


@pytest.fixture
def silent_server() -> Iterator[int]:
    """Return the port of a server that accepts connections and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(20)
        yield server.getsockname()[1]
