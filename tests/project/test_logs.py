"""What the log says of a refusal, and what of an error."""

import logging

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.urls import path

from iuc_portal.logs import NoTraceOfRefusals


def failing(error):
    def view(request):
        raise error

    return view


urlpatterns = [
    path("refused/", failing(PermissionDenied("secret reason"))),
    path("odd/", failing(SuspiciousOperation("odd"))),
    path("broken/", failing(ValueError("what went wrong"))),
]


@pytest.fixture
def log(caplog, settings):
    """Return the log as our handler writes it."""
    (name,) = settings.LOGGING["handlers"]["console"]["filters"]
    assert settings.LOGGING["filters"][name]["()"] == "iuc_portal.logs.NoTraceOfRefusals"
    caplog.handler.addFilter(NoTraceOfRefusals())
    caplog.set_level(logging.INFO)
    return caplog


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("address", ["/refused/", "/odd/"])
def test_refusal_is_one_line_without_a_traceback(client, log, address):
    client.get(address)

    assert log.text.count("\n") == 1
    assert "Traceback" not in log.text


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_error_keeps_its_traceback(client, log):
    client.raise_request_exception = False

    client.get("/broken/")

    assert "ValueError: what went wrong" in log.text
