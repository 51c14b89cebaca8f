"""A whole portal whose parts are killed and whose broker is full of rubbish."""

import os
import signal
import time
from pathlib import Path

import pytest
import redis

from iuc_portal.embedded import address
from tests.infra.portal import PAUSE, RUBBISH, running_portal, short_folder
from tests.infra.waiting import wait_until

pytestmark = [pytest.mark.broker, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def portal(data):
    with short_folder() as folder, running_portal(folder, data=data) as running:
        yield running


def ready_again(portal):
    """Wait until the portal is ready, a minute at most; the web answers all the while."""

    def ask():
        assert portal.is_live()
        return portal.is_ready()

    return wait_until(ask, seconds=60, pause=PAUSE)


def wait_for_a_heartbeat_after(moment, portal):
    """Wait for one that is younger than that moment of the monotonic clock."""
    wait_until(
        lambda: portal.age_of_heartbeat() < time.monotonic() - moment - 1,
        seconds=60,
        pause=PAUSE,
    )


@pytest.mark.parametrize("part", ["worker", "beat", "broker"])
def test_part_that_is_killed_comes_back_while_the_web_goes_on(portal, part):
    web, falls = portal.pid_of("web"), portal.checks()["parts"]["parts"][part]["started_again"]

    portal.kill(part)

    assert [portal.get(page)[0] for page in ("/", "/pairings/", "/accounts/login/")] == [200] * 3
    wait_until(lambda: not portal.is_ready(), seconds=10)
    ready_again(portal)
    assert portal.checks()["parts"]["parts"][part] == {"runs": True, "started_again": falls + 1}
    assert portal.pid_of("web") == web


def test_web_that_is_killed_comes_back(portal):
    before = portal.pid_of("web")

    portal.kill("web")

    wait_until(lambda: portal.find("web") not in {None, before}, seconds=60)
    wait_until(portal.is_ready, seconds=60, pause=PAUSE)
    assert portal.checks()["parts"]["parts"]["web"]["started_again"] == 1


def test_rubbish_in_the_broker_ends_nobody(portal):
    worker = portal.pid_of("worker")
    client = redis.Redis.from_url(address(portal.var / "broker"))

    portal.throw_rubbish()

    wait_until(lambda: client.llen("celery") == 0, seconds=30)
    portal.misplace_queue()
    wait_until(lambda: client.type("celery") != b"string", seconds=30)
    client.close()
    # A heartbeat that is younger than the rubbish: the worker does its work.
    thrown = time.monotonic()
    wait_for_a_heartbeat_after(thrown, portal)
    assert portal.is_ready()
    assert portal.pid_of("worker") == worker
    assert "dropped" in portal.log.read_text()


def test_nothing_is_left_and_the_next_start_works_when_the_supervisor_is_killed(portal, data):
    """The last test of this portal."""
    parts = [portal.pid_of(part) for part in ("broker", "web", "worker", "beat")]
    os.kill(portal.process.pid, signal.SIGKILL)

    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in parts), seconds=30)

    with running_portal(portal.var.parent, data=data) as second:
        assert second.is_ready()


def test_portal_without_a_server_survives_half_a_message(data):
    with short_folder() as folder:
        # Too deep for a socket: messages are files.
        deep = folder / ("x" * 100)
        deep.mkdir()
        with running_portal(deep, data=data) as portal:
            worker = portal.pid_of("worker")
            queue = portal.var / "broker" / "queue"
            for number, rubbish in enumerate(RUBBISH):
                (queue / f"{number}_x.celery.msg").write_bytes(rubbish)

            wait_until(lambda: not list(queue.glob("*_x.celery.msg")), seconds=30)
            thrown = time.monotonic()
            wait_for_a_heartbeat_after(thrown, portal)

            assert portal.is_ready()
            assert portal.pid_of("worker") == worker
            assert set(portal.checks()["parts"]["parts"]) == {"web", "worker", "beat"}
