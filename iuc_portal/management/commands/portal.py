"""`manage.py portal`: broker, web, Celery worker and Celery beat as one programme."""

import errno
import fcntl
import http
import http.client
import os
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from core.kit.wakeups import nobody_listens
from iuc_portal import embedded
from iuc_portal.parts import remove_states, write_states
from iuc_portal.preparation import missing_migrations, prepare
from iuc_portal.supervisor import Part, Supervisor

HIGHEST_PORT = 65535


class Command(BaseCommand):
    """Start the whole portal and stop it as a whole."""

    help = (
        "Start web, worker and beat together on the port that PORT names, and a broker where "
        "REDIS_URL names none. A part that dies starts again; Ctrl-C stops all."
    )
    # The checks need a database that --prepare has yet to make.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--host", default="127.0.0.1", help="Address to listen on.")
        parser.add_argument(
            "--web-workers",
            type=int,
            help="Web processes; without it one more than the machine has processors.",
        )
        parser.add_argument("--task-workers", type=int, default=2, help="Celery processes.")
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="First bring database, static files and programme data up to date; with DEMO=1 "
            "add the demo accounts and cases.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check the port, prepare, then run until stopped."""
        # The port has one source, since links in mails and the announcement need it as well.
        host, port = options["host"], read_port(os.environ.get("PORT", "8000"))
        check_port_is_free(host, port)
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        with hold_lock(settings.VAR_DIR / "portal.lock"):
            if options["prepare"]:
                with nobody_listens():
                    prepare(self.say)
            else:
                check_database_is_prepared()
            if settings.BROKER_IS_EMBEDDED:
                embedded.end_orphan(settings.BROKER_DIR)
            supervisor = Supervisor(
                portal_parts(host, port, web=options["web_workers"], tasks=options["task_workers"]),
                write=self.say,
                is_ready=lambda: answers(host, port),
                announce=self.announce,
                report=write_states,
            )
            try:
                code = supervisor.run()
            finally:
                remove_states()
        if code:
            sys.exit(code)

    def say(self, line: str) -> None:
        """Print a line at once, even into a pipe."""
        self.stdout.write(line)
        self.stdout.flush()

    def announce(self) -> None:
        """Say where the portal is, who can sign in and where mails land."""
        from accounts.selectors import demo_accounts  # noqa: PLC0415 - models load late

        self.say("")
        self.say(f"  The portal is ready: {settings.BASE_URL}/")
        if settings.OUTBOX_DELIVERY_BACKEND == "core.post.backends.FolderBackend":
            self.say(f"  Mails land as files in {settings.MAIL_DIR}")
        accounts = demo_accounts()
        if accounts:
            self.say("  Demo accounts (listed on the sign-in page too):")
            width = max(len(account.email) for account in accounts)
            for account in accounts:
                self.say(f"    {account.email:<{width}}  {account.password}  {account.role}")
        self.say("  Stop everything with Ctrl-C.")
        self.say("")


def read_port(value: str) -> int:
    """Return the port number, or refuse in words."""
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= HIGHEST_PORT:
        message = f"PORT={value} is not a port. Give a number from 1 to {HIGHEST_PORT}."
        raise CommandError(message)
    return int(value)


def check_port_is_free(host: str, port: int) -> None:
    """Refuse with a next step when the portal could not listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                reason = f"Port {port} is already in use by another programme"
            elif error.errno == errno.EACCES:
                reason = f"Port {port} may only be used by the system's administrator"
            else:
                reason = f"The portal cannot listen on {host}, port {port} ({error.strerror})"
            message = f"{reason}. Choose another port, for example: make run PORT={port + 1}"
            if port == HIGHEST_PORT or error.errno == errno.EACCES:
                message = f"{reason}. Choose another port, for example: make run PORT=8001"
            raise CommandError(message) from error


def hold_lock(path: Path) -> IO[str]:
    """Take the lock that keeps a second portal from the same data, until it is closed."""
    handle = path.open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        message = (
            f"Another portal already runs on the data in {path.parent}. Stop it first, "
            "or choose another folder with VAR_DIR=/path/to/folder."
        )
        raise CommandError(message) from error
    return handle


def check_database_is_prepared() -> None:
    """Refuse to start on a database that is away or lacks migrations."""
    try:
        missing = missing_migrations()
    except DatabaseError as error:
        message = f"The database does not answer: {error}".strip()
        raise CommandError(message) from error
    if missing:
        message = (
            f"The database lacks {missing} migrations. Run `manage.py migrate` first, "
            "or start with --prepare."
        )
        raise CommandError(message)


def answers(host: str, port: int) -> bool:
    """Tell whether the web part answers requests by now."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared only
    client = http.client.HTTPConnection(target, port, timeout=5)
    try:
        client.request("GET", "/health/live")
        answer = client.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()
    # It may refuse our host name (400); an error of its own (500) is not an answer.
    return answer.status < http.HTTPStatus.INTERNAL_SERVER_ERROR


def portal_parts(host: str, port: int, *, web: int | None, tasks: int) -> list[Part]:
    """Return the parts with their commands."""
    python = sys.executable
    level = os.environ.get("LOG_LEVEL", "WARNING")
    celery = [python, "-m", "celery", "--quiet", "-A", "iuc_portal"]
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    parts = [
        Part(
            "web",
            [
                *(python, "-m", "gunicorn", "iuc_portal.wsgi"),
                *("--config", "python:iuc_portal.webserver", "--bind", bind),
                *(("--workers", str(web)) if web else ()),
                *("--log-level", level.lower()),
            ],
            {"UNDER_PORTAL": "1"},
            essential=True,
        ),
        Part(
            "worker",
            [
                *(*celery, "worker", "--loglevel", level),
                *("--concurrency", str(tasks), "--hostname", f"portal-{port}@%h"),
                *("--without-gossip", "--without-mingle"),
            ],
            # A demo in a container runs as root, and Celery would fill the screen about it.
            {"PYTHONWARNINGS": "ignore:You're running the worker"} if settings.DEMO else {},
        ),
        Part("beat", [*celery, "beat", "--loglevel", level, "--pidfile", ""]),
    ]
    if settings.BROKER_IS_EMBEDDED:
        command = embedded.server_command(settings.BROKER_DIR)
        parts.insert(0, Part("broker", command, serves_others=True))
    return parts
