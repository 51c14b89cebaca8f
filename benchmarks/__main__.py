"""`python -m benchmarks`: measure all cases at all sizes, or some; fail where a limit is passed.

    python -m benchmarks --size small home           those whose name has the word
    python -m benchmarks --size small --show home    with the SQL that they send
    python -m benchmarks --keep before.json          keep the figures
    python -m benchmarks --write                     the rows of docs/benchmarks.md

It works on a throw-away PostgreSQL and a throw-away cache server, or on those that DATABASE_URL
(an empty database) and REDIS_URL name.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.sizes import SIZES, Size
from tests.infra.broker import start_broker
from tests.infra.postgres import start_postgres
from tests.infra.processes import Missing


def main(arguments: list[str]) -> int:
    """Build the data, measure, print the table; 1 when a case passes a limit."""
    asked = parse(arguments)
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="iuc-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        # PostgreSQL runs as another user when root starts it.
        folder.chmod(0o755)
        try:
            provide("DATABASE_URL", start_postgres, folder, stack)
            provide("REDIS_URL", start_broker, folder, stack)
        except Missing as error:
            sys.exit(str(error))
        prepare_django(folder)
        return measure_all(asked)


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    names = [size.name for size in SIZES]
    parser.add_argument("--size", action="append", choices=names, help="all, unless named")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="write the figures as JSON")
    parser.add_argument(
        "--write", action="store_true", help="write its rows into docs/benchmarks.md"
    )
    parser.add_argument("--show", action="store_true", help="print the statements of each case")
    parser.add_argument("words", nargs="*", help="only cases whose name has one of these")
    return parser.parse_args(arguments)


def provide(
    variable: str,
    start: Callable[[Path], tuple[str, Callable[[], None]]],
    folder: Path,
    stack: ExitStack,
) -> None:
    """Use the server that the environment names, else start one that ends with the run."""
    if not os.environ.get(variable):
        os.environ[variable], stop = start(folder)
        stack.callback(stop)


def prepare_django(folder: Path) -> None:
    """Load the portal as it runs, with a folder of its own."""
    os.environ.update(DEMO="1", DEBUG="0", VAR_DIR=str(folder / "var"), LOG_LEVEL="ERROR")
    os.environ["DJANGO_SETTINGS_MODULE"] = "iuc_portal.settings.base"
    (folder / "var").mkdir()
    create_database(os.environ["DATABASE_URL"])
    import django  # noqa: PLC0415 - the settings are named above

    django.setup()


def create_database(address: str) -> None:
    """Make the database that the address names, unless it is there."""
    import psycopg2  # noqa: PLC0415 - only here
    from psycopg2.errors import DuplicateDatabase  # noqa: PLC0415

    server, _, name = address.partition("?")[0].rpartition("/")
    connection = psycopg2.connect(f"{server}/postgres")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
    except DuplicateDatabase:
        pass
    finally:
        connection.close()


def measure_all(asked: argparse.Namespace) -> int:
    """Measure size after size, each on top of the one before."""
    from benchmarks import data, report  # noqa: PLC0415 - models load after setup
    from benchmarks.harness import growths, measure  # noqa: PLC0415

    cases = chosen(asked.words)
    data.build()
    report.print_heading()
    results: list[Any] = []
    for size in sizes(asked.size):
        data.fill(size)
        for one in cases:
            results.append(measure(one, size))
            report.print_row(results[-1])
            if asked.show:
                print(*results[-1].statements, sep="\n", end="\n\n", flush=True)
    grown = growths(results)
    report.print_growths(grown)
    if asked.keep:
        report.keep(results, asked.keep)
    if asked.write:
        report.write(results, grown)
    broken = [result for result in results if result.passed]
    if broken:
        print(f"\n{len(broken)} of {len(results)} measurements pass a limit.")
    return 1 if broken or any(one.is_passed for one in grown) else 0


def sizes(names: list[str] | None) -> list[Size]:
    """Return the sizes to measure, growing."""
    return [size for size in SIZES if not names or size.name in names]


def chosen(words: list[str]) -> list[Any]:
    """Return the cases to measure, in the order of the table."""
    from benchmarks import cases  # noqa: PLC0415 - models load after setup
    from benchmarks.harness import CASES  # noqa: PLC0415

    found = [
        one for one in CASES if not words or any(word.lower() in one.name.lower() for word in words)
    ]
    if not found:
        sys.exit(f"No case of {cases.__name__} has one of these words in its name.")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
