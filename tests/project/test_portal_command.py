"""`manage.py portal`: what it checks before anything starts."""

import socket

import pytest
from django.core.management import CommandError, call_command

from iuc_portal.management.commands import portal


@pytest.mark.parametrize("value", ["abc", "0", "65536", "-1", "80.5", "", "٣"])
def test_port_that_is_none_is_refused(value):
    with pytest.raises(CommandError, match="is not a port. Give a number from 1 to 65535"):
        portal.read_port(value)


def test_port_is_read():
    assert portal.read_port("8001") == 8001


def test_taken_port_is_told_before_anything_starts(monkeypatch, silent_server):
    monkeypatch.setenv("PORT", str(silent_server))
    monkeypatch.setattr(portal, "Supervisor", None)

    with pytest.raises(CommandError) as refusal:
        call_command("portal")

    assert str(refusal.value) == (
        f"Port {silent_server} is already in use by another programme. "
        f"Choose another port, for example: make run PORT={silent_server + 1}"
    )


def test_free_port_is_accepted():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    portal.check_port_is_free("127.0.0.1", port)


def test_second_portal_on_the_same_data_is_refused(tmp_path):
    with (
        portal.hold_lock(tmp_path / "portal.lock"),
        pytest.raises(CommandError, match="Another portal already runs on the data in"),
    ):
        portal.hold_lock(tmp_path / "portal.lock")


def test_unprepared_database_is_refused(monkeypatch):
    monkeypatch.setattr(portal, "missing_migrations", lambda: 1)

    with pytest.raises(CommandError, match="lacks 1 migrations. Run `manage.py migrate` first"):
        portal.check_database_is_prepared()


def test_nobody_answers(silent_server):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))

        assert portal.answers("127.0.0.1", probe.getsockname()[1]) is False


def test_portal_answers(live_server):
    assert portal.answers(live_server.thread.host, live_server.thread.port) is True


@pytest.mark.parametrize("embedded", [True, False])
def test_parts_are_web_worker_beat_and_a_broker_where_none_is_named(settings, tmp_path, embedded):
    settings.BROKER_IS_EMBEDDED = embedded
    settings.BROKER_DIR = tmp_path / "broker"

    parts = {part.name: part for part in portal.portal_parts("127.0.0.1", 8123, web=3, tasks=1)}

    assert list(parts) == [*(["broker"] if embedded else []), "web", "worker", "beat"]
    assert "127.0.0.1:8123" in parts["web"].command
    assert [name for name, part in parts.items() if part.essential] == ["web"]
