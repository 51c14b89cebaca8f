"""`make test`: start what the suite needs, run it on PostgreSQL and beside it on SQLite, sum up.

Arguments go to pytest: `make test ARGS="tests/pairings -k twice"`. Where CI is set, nothing may be
missing, and what the suite covers is measured; that alone takes nearly as long as the tests.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from iuc_portal.supervisor import die_with_parent
from tests.infra.broker import start_broker
from tests.infra.browser import get_browser
from tests.infra.coverage import TRACES, measured, problems_of
from tests.infra.migrated import FILE_VARIABLE, migrated_postgres, migrated_sqlite
from tests.infra.migrated import VARIABLE as MIGRATED
from tests.infra.postgres import start_postgres
from tests.infra.processes import Missing, stopper
from tests.infra.report import REPORT_VARIABLE, Counts

ANYWHERE = "not postgres and not broker and not journey"
# Of the whole suite SQLite has what is asked once, and what differs between the two.
OF_SQLITE = f"{ANYWHERE} and (once or both)"
PROCESSES = "2"
# What lets pytest write down which lines were run, for `measured`.
MEASURING = ("--cov", "--cov-branch", "--cov-report=")
NOTHING_COLLECTED = 5
JOURNEYS = "Journeys"


@dataclass
class Services:
    """What the suite found or started, and what it could not have."""

    postgres: str = ""
    broker: str = ""
    browser: str = ""
    missing: list[str] = field(default_factory=list)
    # PostgreSQL is ours and ends with the run.
    throw_away: bool = False


def main(arguments: list[str]) -> int:
    """Run all, return the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="iuc-tests-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        # PostgreSQL runs as another user when root starts the tests.
        folder.chmod(0o755)
        services = start_services(folder, stack)
        results = run_suite(services, folder, arguments)
        covered = problems_of(measured(folder)) if is_measured(arguments) else None
    return sum_up(services, results, covered, is_whole=not arguments)


def is_strict() -> bool:
    """Tell whether this is the run that every change must pass."""
    return bool(os.environ.get("CI"))


def is_measured(arguments: list[str]) -> bool:
    """Tell whether to write down which lines are run: a part of the suite covers but a part."""
    return is_strict() and not arguments


def start_services(folder: Path, stack: ExitStack) -> Services:
    """Use the named services, else start throw-away ones that end with the run."""
    services = Services()

    def start(title: str, begin: Callable[[Path], tuple[str, Callable[[], None]]]) -> str:
        started = time.monotonic()
        try:
            address, stop = begin(folder)
        except Missing as error:
            services.missing.append(str(error))
            return ""
        stack.callback(stop)
        print(f"{title} started in {time.monotonic() - started:.1f} s.", flush=True)
        return address

    named = os.environ.get("DATABASE_URL", "")
    if named.startswith(("postgres", "pgsql", "psql")):
        services.postgres = named
    else:
        services.postgres = start("PostgreSQL", start_postgres)
        services.throw_away = True
    services.broker = os.environ.get("REDIS_URL") or start("Broker", start_broker)
    try:
        services.browser = get_browser()
    except Missing as error:
        services.missing.append(str(error))
    return services


def run_suite(services: Services, folder: Path, arguments: list[str]) -> dict[str, Counts]:
    """Run it in two lanes at once: one waits for its broker or browser while the other computes.

    A part of it, as `arguments` say, runs on both databases.
    """
    migrated = migrate(services, folder)
    file = {FILE_VARIABLE: migrated["SQLite"].removeprefix("sqlite:///")}
    on_postgres, on_sqlite, journeys = [], [], []
    if services.postgres:
        # No need to drop what goes away by itself, while a worker may still hold on.
        options = ["--reuse-db"] if services.throw_away else []
        environment = {
            "DATABASE_URL": services.postgres,
            "REDIS_URL": services.broker,
            "BROWSER_PATH": services.browser,
            MIGRATED: migrated.get("PostgreSQL", ""),
            **file,
        }
        marked = ["not once"]
        marked += [] if services.broker else ["not broker"]
        marked += [] if services.browser and arguments else ["not journey"]
        one = Pass("PostgreSQL", folder, environment, " and ".join(marked), options)
        on_postgres.append(one)
        if services.browser and not arguments:
            # Beside the other tests: with databases of their own, and without their broker.
            own = {"DATABASE_URL": f"{services.postgres}_journeys", "REDIS_URL": ""}
            journeys.append(Pass(JOURNEYS, folder, environment | own, "journey", options))
    environment = {"DATABASE_URL": "", "REDIS_URL": "", MIGRATED: migrated["SQLite"], **file}
    on_sqlite.append(Pass("SQLite", folder, environment, ANYWHERE if arguments else OF_SQLITE, []))
    for one in (*on_postgres, *on_sqlite):
        one.arguments += [*arguments, *(MEASURING if is_measured(arguments) else ())]
    with ExitStack() as stack:
        for lane in (on_postgres, [*on_sqlite, *journeys]):
            for one in lane:
                stack.callback(one.stop)
            threading.Thread(target=drive, args=(lane,), daemon=True).start()
        return {one.name: one.counts() for one in (*on_postgres, *on_sqlite, *journeys)}


def drive(lane: "list[Pass]") -> None:
    """Run one pass after the other."""
    for one in lane:
        one.run()


def migrate(services: Services, folder: Path) -> dict[str, str]:
    """Migrate a database of each kind that is ours; return their addresses."""
    started = time.monotonic()
    environment = {**shared_environment(folder), "VAR_DIR": str(folder)}
    with ThreadPoolExecutor() as pool:
        made = {"SQLite": pool.submit(migrated_sqlite, folder, environment)}
        if services.throw_away and services.postgres:
            made["PostgreSQL"] = pool.submit(migrated_postgres, services.postgres, environment)
        addresses = {name: address.result() for name, address in made.items()}
    print(f"Databases migrated in {time.monotonic() - started:.1f} s.", flush=True)
    return addresses


def shared_environment(folder: Path) -> dict[str, str]:
    """Return what every process of the run is told."""
    shared = {"SECRET_KEY": "for-tests-only"}
    if sys.dont_write_bytecode:
        # The suite starts some hundred processes: else each would compile the portal anew.
        shared |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    return shared


@dataclass
class Pass:
    """One run of pytest; what it says is kept until it is asked for.

    `environment`: what this run is told beyond the others, `marked` its tests.
    """

    name: str
    folder: Path
    environment: dict[str, str]
    marked: str
    arguments: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    has_begun: threading.Event = field(default_factory=threading.Event)
    is_stopped: bool = False

    @property
    def _said(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def _report(self) -> Path:
        return self.folder / f"{self.name}.json"

    def run(self) -> None:
        """Run it to its end, unless all is stopped before."""
        try:
            if self.is_stopped:
                return
            with self._said.open("wb") as output:
                self.process = self._begin(output)
        finally:
            self.has_begun.set()
        self.process.wait()

    def _begin(self, output: IO[bytes]) -> "subprocess.Popen[bytes]":
        own_folder = self.folder / self.name
        own_folder.mkdir()
        others = {name: value for name, value in os.environ.items() if name not in self.environment}
        variables = others | {name: value for name, value in self.environment.items() if value}
        variables |= {
            **shared_environment(self.folder),
            REPORT_VARIABLE: str(self._report),
            "COVERAGE_FILE": str(self.folder / f"{TRACES}.{self.name}"),
            "VAR_DIR": str(own_folder),
        }
        command = [sys.executable, "-m", "pytest", "-q", "-n", PROCESSES, "--dist", "worksteal"]
        command += ["-p", "no:cacheprovider", "-p", "tests.infra.report", "-m", self.marked]
        return subprocess.Popen(
            [*command, *self.arguments],
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent,
        )

    def stop(self) -> None:
        """Let it end, or not begin at all."""
        self.is_stopped = True
        if self.process:
            stopper(self.process, signal.SIGINT)()

    def counts(self) -> Counts:
        """Pass on what it says until it ends; return its counts."""
        self.has_begun.wait()
        print(f"\n=== The suite: {self.name} ===", flush=True)
        if not self.process:
            return Counts(broken=True)
        with self._said.open("rb") as said:
            running = True
            while running:
                running = self.process.poll() is None
                sys.stdout.buffer.write(said.read())
                sys.stdout.buffer.flush()
                time.sleep(0.2 if running else 0)
        if not self._report.exists():
            return Counts(broken=True)
        counts = Counts(**json.loads(self._report.read_text()))
        # An exit code without a failed test is a crash, a broken option or an interrupt.
        if self.process.returncode not in {0, NOTHING_COLLECTED} and not counts.failed:
            counts.broken = True
        return counts


def sum_up(
    services: Services,
    results: dict[str, Counts],
    covered: tuple[str, list[str]] | None,
    *,
    is_whole: bool,
) -> int:
    """Print what ran and what did not; the last line holds the totals.

    `covered` is what `problems_of` found, None where it was not measured.
    """
    strict = is_strict()
    problems = []
    print("\n=== Summary ===")
    for name, counts in results.items():
        print(f"{name}: {counts.describe()}")
        if counts.broken:
            problems.append(f"pytest itself broke off: {name}.")
        elif is_whole and not counts.passed:
            problems.append(f"No test passed: {name}.")
    first = results.get("PostgreSQL", Counts())
    journeys = results.get(JOURNEYS, first).journeys
    print(f"Browser journeys: {journeys} passed in {services.browser or 'no browser'}")
    print(f"Tests on a real broker: {first.broker} passed")
    print(f"Races on PostgreSQL: {first.postgres} passed")
    if covered:
        line, missed = covered
        print(line)
        problems += missed
    if is_whole and services.browser and services.postgres and not journeys:
        problems.append("No browser journey passed.")
    for missing in services.missing:
        print(f"\n!!! MISSING: {missing}")
        print("!!! The tests that need it did not run.")
    if services.missing and strict:
        problems.append("Parts are missing, and CI is set.")
    if strict and any(counts.skipped for counts in results.values()):
        problems.append("Tests were skipped, and CI is set.")
    for problem in problems:
        print(f"!!! {problem}")
    passed = sum(counts.passed for counts in results.values())
    failed = sum(counts.failed for counts in results.values())
    skipped = sum(counts.skipped for counts in results.values())
    print(f"\n{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or problems or not passed else 0


if __name__ == "__main__":
    try:
        code = main(sys.argv[1:])
    except KeyboardInterrupt:
        print("\nInterrupted; the servers of the tests are stopped.")
        code = 130
    sys.exit(code)
