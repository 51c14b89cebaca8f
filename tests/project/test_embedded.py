"""The broker of our own: where it listens, who may reach it, and what it leaves."""

import stat
import subprocess
import tempfile
from pathlib import Path

import pytest
import redis
from celery import Celery
from kombu import Connection

from iuc_portal import embedded
from iuc_portal.cache import ForgivingRedisCache
from iuc_portal.supervisor import die_with_parent
from tests.infra.waiting import wait_until


@pytest.fixture
def folder():
    # The folders of pytest are too deep for a socket.
    with tempfile.TemporaryDirectory(prefix="iuc-") as short:
        yield Path(short) / "a broker; of + our %own"


@pytest.fixture
def server(folder):
    process = subprocess.Popen(embedded.server_command(folder), preexec_fn=die_with_parent)
    client = redis.Redis.from_url(embedded.address(folder))
    wait_until(lambda: embedded.socket_of(folder).exists())
    wait_until(client.ping)
    yield client
    client.close()
    process.terminate()
    process.wait(timeout=10)


def test_only_its_owner_reaches_it_and_only_on_its_socket(server, folder):
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(embedded.socket_of(folder).stat().st_mode) == 0o700
    assert server.config_get("port") == {"port": "0"}
    assert server.config_get("save") == {"save": ""}


def test_cache_and_celery_find_it(server, folder):
    cache = ForgivingRedisCache(embedded.address(folder), {"OPTIONS": {"socket_timeout": 1}})
    cache.set("key", 1)
    app = Celery("stranger", broker=embedded.celery_address(folder), set_as_current=False)
    app.send_task("core.jobs.tasks.heartbeat", ignore_result=True)

    assert cache.get("key") == 1
    assert server.llen("celery") == 1
    with Connection(embedded.celery_address(folder)) as connection:
        assert connection.SimpleQueue("celery").qsize() == 1


def test_orphan_is_ended(server, folder):
    embedded.end_orphan(folder)

    with pytest.raises(redis.ConnectionError):
        server.ping()
    # A socket that nobody listens on, or none, is no reason to complain.
    embedded.end_orphan(folder)


def test_socket_of_an_earlier_server_is_replaced(folder):
    folder.mkdir()
    embedded.socket_of(folder).write_text("stale")
    process = subprocess.Popen(embedded.server_command(folder), preexec_fn=die_with_parent)
    client = redis.Redis.from_url(embedded.address(folder))

    wait_until(lambda: embedded.socket_of(folder).is_socket())
    assert wait_until(client.ping)

    client.close()
    process.terminate()
    process.wait(timeout=10)


def test_folder_whose_name_is_too_long_for_a_socket_does_without(folder):
    assert embedded.can_serve(folder) is True
    assert embedded.can_serve(folder / ("x" * 100)) is False


def test_machine_without_a_server_does_without(folder, monkeypatch):
    monkeypatch.setattr(embedded.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(embedded.shutil, "which", lambda _name: None)

    assert embedded.find_server() is None
    assert embedded.can_serve(folder) is False


def test_server_of_the_machine_serves_where_there_is_no_wheel(monkeypatch):
    monkeypatch.setattr(embedded.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(embedded.shutil, "which", lambda name: f"/bin/{name}")

    assert embedded.find_server() == "/bin/valkey-server"
