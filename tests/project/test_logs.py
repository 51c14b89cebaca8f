"""What the log leaves out: the token of every link that lets somebody in."""

import io
import logging
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import get_resolver
from django.utils.module_loading import import_string
from gunicorn.config import Config

from iuc_portal import webserver
from iuc_portal.logs import TokenlessFormatter, without_tokens
from programme.organisations.models import hash_of
from tests.factories.accounts import UserFactory
from tests.factories.programme import InvitationFactory

pytestmark = pytest.mark.django_db

SECRET = "Zx9-s3cret_Token-of-22"
# Keys that open nothing by themselves: who may see the row is asked.
NO_SECRETS = ("plans/", "staff/", "applications/", "jobs/")


def addresses(patterns=None, before="/"):
    """Return every address that takes a token, with a secret in it."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern).lstrip("^")
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern.url_patterns, route)
        elif {"token", "key"} & set(pattern.pattern.regex.groupindex) and not route.startswith(
            tuple(f"/{start}" for start in NO_SECRETS)
        ):
            yield route


def filled(route):
    """Write the secret into a route, of either kind of Django's patterns."""
    path = route.replace("<str:token>", SECRET).replace("(?P<key>[-:\\w]+)", SECRET)
    path = path.replace("(?P<uidb36>[0-9A-Za-z]+)", "1f").replace("(?P<key>.+)", SECRET)
    return path.replace("$", "")


@pytest.fixture
def log():
    """Write what the portal logs as its settings say, and return it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    line = dict(settings.LOGGING["formatters"]["line"])
    handler.setFormatter(import_string(line.pop("()"))(**line))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def test_there_are_addresses_with_tokens():
    assert {"/invitations/<str:token>/"} <= set(addresses())
    assert len(set(addresses())) >= 3
    assert all(SECRET in filled(route) for route in addresses())


def test_no_address_with_a_token_is_logged_with_it(client, log):
    for route in addresses():
        path = filled(route)
        client.get(path)
        client.get(path + "nowhere/")
        client.get("/nowhere/", {"next": path})
        logging.getLogger("django.request").error("Server error: %s", path)
        try:
            int(path)
        except ValueError:
            logging.getLogger("django.request").exception("It broke at %s", path)
    assert "Gone: /invitations/[token]/" in log.getvalue()
    assert SECRET not in log.getvalue()


def test_invitation_opened_by_somebody_else_is_logged_without_its_token(sign_in, log):
    InvitationFactory(token_hash=hash_of(SECRET))

    assert sign_in(UserFactory()).get(f"/invitations/{SECRET}/").status_code == 403

    assert "/invitations/[token]/" in log.getvalue()
    assert SECRET not in log.getvalue()


def test_address_inside_an_address_and_in_a_referrer_is_left_out():
    line = (
        f'GET /accounts/signup/?next=%2Finvitations%2F{SECRET}%2F "http://x/invitations/{SECRET}/"'
    )
    assert without_tokens(line) == (
        'GET /accounts/signup/?next=%2Finvitations%2F[token]%2F "http://x/invitations/[token]/"'
    )


def test_numbers_of_invitations_stay():
    path = "/cities/split/invitations/17/resend/"
    assert without_tokens(path) == path


def test_web_server_logs_no_token(capsys):
    config = Config()
    config.set("accesslog", "-")
    logger = webserver.logger_class(config)
    for handler in (*logger.access_log.handlers, *logger.error_log.handlers):
        assert isinstance(handler.formatter, TokenlessFormatter)
        handler.setStream(sys.stdout)

    logger.access_log.info('"GET /invitations/%s/ HTTP/1.1" 200', SECRET)
    logger.error("Error handling request /invitations/%s/", SECRET)

    assert SECRET not in capsys.readouterr().out


def test_worker_and_beat_log_no_token():
    script = (
        "import logging; from iuc_portal.celery import app; app.log.setup(loglevel='WARNING');"
        f"[logging.getLogger(name).warning('mail /invitations/%s/', '{SECRET}') for name in"
        " ('celery.worker', 'celery.task', 'celery.beat', 'core.post')];"
        f"logging.getLogger('celery').info('{SECRET}')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=settings.BASE_DIR,
    )
    assert done.stderr.count("/invitations/[token]/") == 4
    assert SECRET not in done.stdout + done.stderr
