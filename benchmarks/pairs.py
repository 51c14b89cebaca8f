"""`python -m benchmarks.pairs`: how long staff take, beside the way over the page of each case.

Twenty eligibility checks by keys in the workbench, and the same over list and application; thirty
outcomes set from a line of the ranking, and the same one by one. In one run, in a real browser,
on the web and the worker as `manage.py portal` runs them, on PostgreSQL. Prints the keys (each
sign that is typed is one), clicks and seconds a case; `--write` writes docs/timed-pairs.md.
Nobody reads or thinks in it: it is what the portal itself costs.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.__main__ import prepare_django, provide
from benchmarks.load import start_part
from tests.infra.broker import start_broker
from tests.infra.browser import FLAGS, get_browser
from tests.infra.postgres import start_postgres
from tests.infra.processes import Missing, free_port, wait_for_port

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from benchmarks.ways import Way

CHECKS, DECISIONS = 20, 30
# Cases that each way does before it is timed: the web learns its pages.
WARMING = 2
TARGET = Path(__file__).parent.parent / "docs" / "timed-pairs.md"


@dataclass(frozen=True)
class Timed:
    """What one way took for so many cases."""

    what: str
    way: str
    cases: int
    keys: int
    clicks: int
    seconds: float

    @property
    def row(self) -> str:
        """Return its figures a case, as a row of the table."""
        keys, clicks = self.keys / self.cases, self.clicks / self.cases
        return (
            f"| {self.what} | {self.way} | {self.cases} | {keys:.1f} | {clicks:.1f} "
            f"| {self.seconds / self.cases:.2f} |"
        )


def main(arguments: list[str]) -> int:
    """Build the cases, start the portal and a browser, time all ways, print them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pairs", description=__doc__)
    parser.add_argument("--checks", type=int, default=CHECKS)
    parser.add_argument("--decisions", type=int, default=DECISIONS)
    parser.add_argument("--write", action="store_true", help="write docs/timed-pairs.md")
    asked = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="iuc-pairs-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        try:
            provide("DATABASE_URL", start_postgres, folder, stack)
            provide("REDIS_URL", start_broker, folder, stack)
            path = get_browser()
        except Missing as error:
            sys.exit(str(error))
        prepare_django(folder)
        from benchmarks import data  # noqa: PLC0415 - models load after setup

        data.prepare()
        port = free_port()
        web = start_part(folder, port, "web")
        for part in (web, start_part(folder, port, "worker")):
            stack.callback(end, part)
        wait_for_port(port, web, folder / "web.log", seconds=60)
        page = stack.enter_context(open_page(path, port))
        found = time_all(page, asked.checks, asked.decisions)
    print(*(one.row for one in found), sep="\n")
    if asked.write:
        rows = "\n".join(one.row for one in found)
        TARGET.write_text(PAGE.format(rows=rows, cores=os.cpu_count()), encoding="utf-8")
    return 0


def end(part: "subprocess.Popen[bytes]") -> None:
    """End a part of the portal."""
    part.terminate()
    part.wait()


@contextmanager
def open_page(path: str, port: int) -> "Iterator[Page]":
    """Open a page of the portal as a coordinator."""
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 - heavy

    from benchmarks.browser import client_of  # noqa: PLC0415 - models load after setup
    from tests.factories.accounts import CoordinatorFactory  # noqa: PLC0415

    cookies = client_of(CoordinatorFactory()).cookies
    # Playwright keeps an event loop in this thread, from which Django would refuse queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=FLAGS, chromium_sandbox=False
        )
        address = f"http://localhost:{port}"
        context = browser.new_context(base_url=address, locale="en-GB", reduced_motion="reduce")
        context.add_cookies(
            [{"name": key, "value": one.value, "url": address} for key, one in cookies.items()]
        )
        expect.set_options(timeout=30_000)
        yield context.new_page()
        browser.close()


def time_all(page: "Page", checks: int, decisions: int) -> list[Timed]:
    """Time each way on a call of its own, after a few cases that do not count."""
    from benchmarks import ways  # noqa: PLC0415 - heavy

    plan: list[tuple[str, str, Way, Any, int]] = [
        ("eligibility check", "by keys in the workbench", ways.check_by_keys, sent, checks),
        ("eligibility check", "over list and page", ways.check_by_pages, sent, checks),
        ("outcome prepared", "from a line of the ranking", ways.decide_by_line, judged, decisions),
        ("outcome prepared", "one by one", ways.decide_one_by_one, judged, decisions),
    ]
    found = []
    for what, name, way, make, number in plan:
        way(ways.Hands(page), make(WARMING), WARMING)
        call, hands = make(number), ways.Hands(page)
        began = time.perf_counter()
        way(hands, call, number)
        seconds = time.perf_counter() - began
        found.append(Timed(what, name, number, hands.keys, hands.clicks, seconds))
    return found


def sent(number: int) -> str:
    """Make a call with so many cases where nothing is unclear; every other one has a letter."""
    from applications.models import Application  # noqa: PLC0415 - models load after setup
    from tests.factories.applications import (  # noqa: PLC0415
        CommitmentFactory,
        MunicipalityFactory,
        SubmittedApplicationFactory,
    )
    from tests.factories.programme import CallFactory  # noqa: PLC0415

    call = CallFactory()
    made = [SubmittedApplicationFactory(call=call) for _each in range(number)]
    for application in made[::2]:
        Application.objects.filter(pk=application.pk).update(kind="group")
        country = application.organisation.country
        CommitmentFactory(
            municipality=MunicipalityFactory(application=application, country=country)
        )
    return str(call.slug)


def judged(number: int) -> str:
    """Make a call that has closed, with so many cases that two assessors have scored."""
    from tests.factories.applications import (  # noqa: PLC0415 - models load after setup
        AssignmentFactory,
        EligibleApplicationFactory,
    )
    from tests.factories.assessment import (  # noqa: PLC0415
        AssessmentPlanFactory,
        HandedInFactory,
    )
    from tests.factories.programme import (  # noqa: PLC0415
        AssessmentCriterionFactory,
        ClosedCallFactory,
    )

    call = ClosedCallFactory()
    criteria = [AssessmentCriterionFactory(call=call) for _each in range(2)]
    AssessmentPlanFactory(call=call)
    for place in range(number):
        application = EligibleApplicationFactory(call=call)
        for _each in range(2):
            HandedInFactory(
                assignment=AssignmentFactory(application=application),
                scores=dict.fromkeys(criteria, Decimal(50 - 40 * place // number) / 10),
            )
    return str(call.slug)


PAGE = """# Timed pairs

Written by `.venv/bin/python -m benchmarks.pairs --write`: what one case costs in a browser on the
portal as `manage.py portal` runs it, on the short way and on the long one, in the same run. A key
is also each sign that is typed; a click also a link of the menu or a bookmark. Nobody reads or
thinks in it. Every other case of the checks has a letter of commitment, which is opened and judged.

| what | way | cases | keys a case | clicks a case | seconds a case |
|---|---|---|---|---|---|
{rows}

The machine: {cores} cores; other work went on beside.
"""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
