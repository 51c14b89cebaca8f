"""Health pages for machines: `/health/live` (does the web answer?) and `/health/ready`.

They tell which part fails and for how long, never an address, a password or an error's text.
"""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.kit import days
from iuc_portal.parts import read_states
from iuc_portal.preparation import missing_migrations

# Beat sends a heartbeat every 10 seconds; so many lost ones in a row are no accident.
HEARTBEAT_LIMIT = timedelta(minutes=2)
# A mail is retried with growing pauses; one that waits this long will not go by itself.
OUTBOX_LIMIT = timedelta(minutes=15)
DISK_LIMIT_BYTES = 200 * 1024 * 1024
BROKER_TIMEOUT_SECONDS = 1

Check = dict[str, Any]


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the interface asks for it
    """Answer without touching anything else: the web process runs."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the interface asks for it
    """Answer 200 when every part works, else 503 and which one does not."""
    checks = run_checks()
    ok = all(check["ok"] for check in checks.values())
    return JsonResponse(
        {"status": "ok" if ok else "failing", "checks": checks}, status=200 if ok else 503
    )


def run_checks() -> dict[str, Check]:
    """Run each check; what needs the database is not asked when the database is away."""
    checks = {"database": check_database()}
    needs_database: dict[str, Callable[[], Check]] = {
        "migrations": check_migrations,
        "beat": check_beat,
        "outbox": check_outbox,
    }
    for name, check in needs_database.items():
        if checks["database"]["ok"]:
            checks[name] = _guarded(check)
        else:
            checks[name] = {"ok": False, "reason": "unknown while the database is away"}
    checks["parts"] = check_parts()
    checks["broker"] = check_broker()
    checks["disk"] = check_disk()
    return checks


def check_database() -> Check:
    """Ask the database for one row."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return {"ok": False, "reason": "unreachable"}
    return {"ok": True}


def check_migrations() -> Check:
    """Compare the database with the migrations of this code."""
    missing = missing_migrations()
    if missing:
        return {"ok": False, "reason": "migrations are missing", "missing": missing}
    return {"ok": True}


def check_parts() -> Check:
    """Look at what the supervisor wrote down, where there is one."""
    states = read_states()
    result: Check = {
        "ok": all(state.runs for state in states),
        "parts": {
            state.name: {"runs": state.runs, "started_again": state.falls} for state in states
        },
    }
    if not result["ok"]:
        result["reason"] = "a part has stopped and is started again"
    return result


def check_beat() -> Check:
    """Look at the last heartbeat, which needs beat, broker and a worker to come about."""
    from core.jobs.selectors import latest_heartbeat  # noqa: PLC0415 - models load late

    latest = latest_heartbeat()
    age = _age(latest)
    if latest is None or age is None:
        return {"ok": False, "reason": "no heartbeat yet"}
    if any(state.since > latest for state in read_states() if state.name != "web"):
        return {"ok": False, "reason": "no heartbeat since a part was started"}
    return _judge_age(age, HEARTBEAT_LIMIT, "beat or the worker does not run")


def check_outbox() -> Check:
    """Look at the mail that should have left first and still waits."""
    from core.post.selectors import oldest_waiting_mail  # noqa: PLC0415 - models load late

    age = _age(oldest_waiting_mail())
    if age is None:
        return {"ok": True, "age_seconds": 0}
    return _judge_age(age, OUTBOX_LIMIT, "mail waits too long")


def check_broker() -> Check:
    """Reach the broker within a second, whatever state it is in."""
    if not settings.REDIS_URL:
        folder = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["folder"])
        return {"ok": True} if folder.is_dir() else {"ok": False, "reason": "folder is missing"}
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=BROKER_TIMEOUT_SECONDS,
        socket_connect_timeout=BROKER_TIMEOUT_SECONDS,
        retry=None,
    )
    try:
        client.ping()
    except redis.RedisError:
        return {"ok": False, "reason": "unreachable"}
    finally:
        client.close()
    return {"ok": True}


def check_disk() -> Check:
    """Look at the room left for uploads, mails and, with SQLite, the database."""
    free = shutil.disk_usage(settings.VAR_DIR).free
    result: Check = {"ok": free >= DISK_LIMIT_BYTES, "free_megabytes": free // 1024**2}
    if not result["ok"]:
        result["reason"] = "almost full"
    return result


def _guarded(check: Callable[[], Check]) -> Check:
    """A table that a missing migration should make is a failed check, not an error page."""
    try:
        return check()
    except DatabaseError:
        return {"ok": False, "reason": "the database refused the question"}


def _age(moment: datetime | None) -> timedelta | None:
    return None if moment is None else days.now() - moment


def _judge_age(age: timedelta, limit: timedelta, reason: str) -> Check:
    result: Check = {"ok": age <= limit, "age_seconds": int(age.total_seconds())}
    if not result["ok"]:
        result["reason"] = reason
    return result


app_name = "health"
urlpatterns = [
    path("live", live, name="live"),
    path("ready", ready, name="ready"),
]
