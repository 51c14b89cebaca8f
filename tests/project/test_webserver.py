"""How many processes serve the web."""

import os
import runpy

import pytest
from django.conf import settings


def read_config():
    return runpy.run_path(str(settings.BASE_DIR / "iuc_portal" / "webserver.py"))


@pytest.mark.parametrize(("processors", "workers"), [(1, 2), (2, 3), (16, 17)])
def test_web_is_sized_to_the_machine(monkeypatch, processors, workers):
    monkeypatch.delenv("WEB_CONCURRENCY", raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(processors)), raising=False)

    assert read_config()["workers"] == workers


def test_number_that_is_named_goes_first(monkeypatch):
    monkeypatch.setenv("WEB_CONCURRENCY", "7")

    assert read_config()["workers"] == 7


def test_machine_that_does_not_tell_what_may_be_used(monkeypatch):
    monkeypatch.delenv("WEB_CONCURRENCY", raising=False)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)

    assert read_config()["workers"] == 2


def test_browsers_find_the_icon_where_it_lay_in_every_site(client):
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer["Location"]) == (302, "/static/img/favicon.svg")
    assert "max-age=86400" in answer["Cache-Control"]


def test_addresses_and_templates_are_loaded_before_the_first_visitor(monkeypatch):
    loaded = []
    monkeypatch.setattr("django.template.loader.get_template", loaded.append)
    monkeypatch.setattr("django.core.wsgi.get_wsgi_application", lambda: "the portal")

    assert (
        runpy.run_path(str(settings.BASE_DIR / "iuc_portal" / "wsgi.py"))["application"]
        == "the portal"
    )

    assert {"base_page.html", "404.html"} <= set(loaded)
