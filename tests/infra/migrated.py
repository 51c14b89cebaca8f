"""One database of each kind, migrated once; each process of the suite begins with a copy.

To migrate takes longer than any test. Without `make test` each run migrates for itself.
"""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from django.db import connection

# Tells a process the address of the migrated database.
VARIABLE = "MIGRATED_DATABASE"
# Tells every process where the migrated SQLite file is, for the portals that tests start.
FILE_VARIABLE = "MIGRATED_FILE"
NAME = "migrated"


def migrated_sqlite(folder: Path, environment: dict[str, str]) -> str:
    """Migrate a new SQLite file in `folder`; return its address."""
    path = folder / f"{NAME}.sqlite3"
    address = f"sqlite:///{path}"
    _migrate(address, environment)
    with closing(sqlite3.connect(path)) as file:
        # A copy in memory can have no write-ahead log.
        file.execute("PRAGMA journal_mode=DELETE")
    return address


def migrated_postgres(server: str, environment: dict[str, str]) -> str:
    """Migrate a new database beside the one that `server` names; return its address."""
    address = f"{server.rpartition('/')[0]}/{NAME}"
    with closing(psycopg2.connect(f"{server.rpartition('/')[0]}/postgres")) as database:
        database.autocommit = True
        database.cursor().execute(f"CREATE DATABASE {NAME}")
    _migrate(address, environment)
    return address


def _migrate(address: str, environment: dict[str, str]) -> None:
    # What pytest-django itself does when it makes a database of tests.
    command = [sys.executable, "manage.py", "migrate", "--run-syncdb", "--verbosity", "0"]
    variables = {
        **os.environ,
        **environment,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "iuc_portal.settings.test",
    }
    subprocess.run(command, env=variables, check=True, stdin=subprocess.DEVNULL)


@contextmanager
def copied() -> Iterator[None]:
    """Let the database of this process begin as a copy of the migrated one, if there is one."""
    kind, _, path = os.environ.get(VARIABLE, "").partition(":///")
    if kind.startswith("postgres"):
        connection.settings_dict["TEST"]["TEMPLATE"] = NAME
    if kind != "sqlite":
        yield
        return
    # In memory it lasts as long as somebody is connected.
    with closing(sqlite3.connect(connection.creation._get_test_db_name(), uri=True)) as memory:
        with closing(sqlite3.connect(path)) as source:
            source.backup(memory)
        yield
