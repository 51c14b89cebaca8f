"""The health pages."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from iuc_portal import health, parts
from iuc_portal.supervisor import PartState

BEAT = "core.jobs.selectors.latest_heartbeat"
OUTBOX = "core.post.selectors.oldest_waiting_mail"


@pytest.fixture
def healthy(monkeypatch, settings, tmp_path):
    """Pretend that beat and worker live and that no mail waits."""
    monkeypatch.setattr(BEAT, timezone.now)
    monkeypatch.setattr(OUTBOX, lambda: None)
    settings.REDIS_URL = ""
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"folder": str(tmp_path)}
    return monkeypatch


def test_live_answers_without_database(client):
    answer = client.get(reverse("health:live"))

    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_all_is_well(client, healthy):
    answer = client.get(reverse("health:ready"))

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    facts = answer.json()
    assert facts["status"] == "ok"
    assert set(facts["checks"]) == {
        *("database", "migrations", "beat", "outbox", "parts", "broker", "disk")
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "target", "value", "reason"),
    [
        ("beat", BEAT, None, "no heartbeat yet"),
        (
            "beat",
            BEAT,
            timedelta(minutes=3),
            "beat or the worker does not run",
        ),
        (
            "outbox",
            OUTBOX,
            timedelta(minutes=16),
            "mail waits too long",
        ),
    ],
)
def test_ready_names_what_is_late(client, healthy, name, target, value, reason):
    moment = timezone.now() - value if value else None
    healthy.setattr(target, lambda: moment)

    answer = client.get(reverse("health:ready"))

    assert answer.status_code == 503
    assert answer.json()["checks"][name]["reason"] == reason
    failing = [key for key, check in answer.json()["checks"].items() if not check["ok"]]
    assert failing == [name]


@pytest.mark.django_db
def test_ready_when_migrations_are_missing(client, healthy):
    healthy.setattr(
        "django.db.migrations.executor.MigrationExecutor.migration_plan", lambda *_: ["one"]
    )

    answer = client.get(reverse("health:ready"))

    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] == {
        "ok": False,
        "reason": "migrations are missing",
        "missing": 1,
    }


@pytest.mark.django_db
def test_ready_when_the_database_is_away(client, healthy):
    def refuse():
        message = "password=secret host=db.example"
        raise OperationalError(message)

    healthy.setattr(health.connection, "cursor", refuse)

    answer = client.get(reverse("health:ready"))

    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == {"ok": False, "reason": "unreachable"}
    assert b"secret" not in answer.content


@pytest.mark.django_db
def test_ready_when_the_broker_is_away(client, healthy, settings):
    settings.REDIS_URL = "redis://:secret@127.0.0.1:1/0"

    answer = client.get(reverse("health:ready"))

    assert answer.status_code == 503
    assert answer.json()["checks"]["broker"] == {"ok": False, "reason": "unreachable"}
    assert b"secret" not in answer.content


@pytest.mark.django_db
def test_ready_when_the_broker_is_silent(client, healthy, settings, silent_server):
    settings.REDIS_URL = f"redis://127.0.0.1:{silent_server}/0"

    started = timezone.now()
    answer = client.get(reverse("health:ready"))

    assert answer.json()["checks"]["broker"]["ok"] is False
    # Without a limit of its own the check would hang for more than half a minute.
    assert timezone.now() - started < timedelta(seconds=20)


@pytest.mark.broker
def test_broker_check_reaches_a_real_broker():
    assert health.check_broker() == {"ok": True}


def test_disk_check_when_almost_full(monkeypatch):
    monkeypatch.setattr(health, "DISK_LIMIT_BYTES", 1 << 62)

    assert health.check_disk()["reason"] == "almost full"


def test_broker_folder_is_missing(settings, tmp_path: Path):
    settings.REDIS_URL = ""
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"folder": str(tmp_path / "none")}

    assert health.check_broker() == {"ok": False, "reason": "folder is missing"}


@pytest.fixture
def under_portal(healthy, settings, tmp_path):
    """Pretend that a supervisor watches; return the function that writes down its parts."""
    settings.UNDER_PORTAL = True
    settings.PARTS_FILE = tmp_path / "parts.json"

    def write(*, runs=True, since=timedelta(minutes=5), name="worker"):
        parts.write_states(
            [
                PartState("web", runs=True, since=timezone.now(), falls=0),
                PartState(name, runs=runs, since=timezone.now() - since, falls=3),
            ]
        )

    return write


@pytest.mark.django_db
def test_ready_tells_how_the_parts_are(client, under_portal):
    under_portal()

    answer = client.get(reverse("health:ready"))

    assert answer.status_code == 200
    assert answer.json()["checks"]["parts"] == {
        "ok": True,
        "parts": {
            "web": {"runs": True, "started_again": 0},
            "worker": {"runs": True, "started_again": 3},
        },
    }


@pytest.mark.django_db
def test_ready_names_a_part_that_has_stopped(client, under_portal):
    under_portal(runs=False)

    answer = client.get(reverse("health:ready"))

    assert answer.status_code == 503
    check = answer.json()["checks"]["parts"]
    assert (check["ok"], check["reason"]) == (False, "a part has stopped and is started again")
    assert check["parts"]["worker"] == {"runs": False, "started_again": 3}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "status"), [("worker", 503), ("broker", 503), ("web", 200)])
def test_ready_waits_for_a_heartbeat_after_a_part_was_started(client, under_portal, name, status):
    under_portal(since=timedelta(seconds=-5), name=name)

    answer = client.get(reverse("health:ready"))

    assert answer.status_code == status
    if status == 503:
        reason = "no heartbeat since a part was started"
        assert answer.json()["checks"]["beat"] == {"ok": False, "reason": reason}


@pytest.mark.django_db
@pytest.mark.parametrize("content", ["", "[", "{}", '[{"name": "web"}]', "[1]"])
def test_ready_survives_a_broken_note_of_the_parts(client, under_portal, settings, content):
    settings.PARTS_FILE.write_text(content)

    assert client.get(reverse("health:ready")).status_code == 200


@pytest.mark.django_db
def test_parts_of_an_earlier_supervisor_count_for_nothing(client, under_portal, settings):
    under_portal(runs=False)
    settings.UNDER_PORTAL = False

    assert client.get(reverse("health:ready")).json()["checks"]["parts"]["parts"] == {}


def test_parts_that_cannot_be_written_down_stop_nobody(settings, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    settings.PARTS_FILE = tmp_path / "file" / "parts.json"

    parts.write_states([])

    assert "cannot be written down" in caplog.text
