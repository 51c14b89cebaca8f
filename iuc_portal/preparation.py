"""What `manage.py portal --prepare` brings up to date before the first page.

Each step leaves a stamp of what it worked from, so that a second start skips what has not changed.
"""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min

from core.kit.days import today

Say = Callable[[str], None]


def prepare(say: Say) -> None:
    """Bring database, static files and data up to date; tell with `say` what takes time."""
    if missing_migrations():
        say("Preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        forget("static")
    step(
        "static",
        static_fingerprint(),
        lambda: run(say, "Collecting the static files …", "collectstatic", interactive=False),
    )
    database = f"{database_identity()} {code_fingerprint()}"
    step(
        "programme",
        database,
        lambda: run(say, "Loading the programme's data …", "load_programme"),
    )
    if settings.DEMO:
        # Each day anew, since the demo's call closes three weeks from today.
        step(
            "demo",
            f"{database} {today()}",
            lambda: run(say, "Adding the demo accounts and cases …", "seed_demo", stage="plans"),
        )


def missing_migrations() -> int:
    """Return how many migrations of this code the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def run(say: Say, sentence: str, command: str, **options: Any) -> None:
    """Announce a command and run it quietly."""
    say(sentence)
    call_command(command, verbosity=0, **options)


def step(name: str, state: str, work: Callable[[], None]) -> None:
    """Do the work unless its stamp says that it was done in exactly this state."""
    stamp = stamp_of(name)
    if stamp.exists() and stamp.read_text() == state:
        return
    work()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(state)


def forget(name: str) -> None:
    """Have a step done again."""
    stamp_of(name).unlink(missing_ok=True)


def stamp_of(name: str) -> Path:
    """Return the file that remembers what a step worked from."""
    return Path(settings.VAR_DIR) / "prepared" / name


def database_identity() -> str:
    """Tell databases apart, also one that was deleted and made anew under the same name."""
    first = MigrationRecorder.Migration.objects.aggregate(first=Min("applied"))["first"]
    name = connection.settings_dict["NAME"]
    return f"{connection.vendor} {name} {first:%Y-%m-%dT%H:%M:%S.%f}"


def static_fingerprint() -> str:
    """Sum up which static files there are to collect."""
    return fingerprint(
        (name, Path(storage.path(name)))
        for finder in get_finders()
        for name, storage in finder.list([])
    )


def code_fingerprint() -> str:
    """Sum up our code and the data files beside it."""
    own = [Path(app.path) for app in apps.get_app_configs()]
    return fingerprint(
        (str(path.relative_to(settings.BASE_DIR)), path)
        for folder in own
        if folder.parent == settings.BASE_DIR
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    )


def fingerprint(files: Iterable[tuple[str, Path]]) -> str:
    """Sum up names, sizes and times of files, not their content."""
    digest = hashlib.sha256()
    for name, path in files:
        facts = path.stat()
        digest.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
