"""What a second start may skip, and what not."""

import os

import pytest
from django.test import override_settings

from iuc_portal import preparation


@pytest.fixture
def folder(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_step_is_done_once(folder):
    done = []

    for _ in range(2):
        preparation.step("static", "state one", lambda: done.append("one"))

    assert done == ["one"]


def test_step_is_done_again_when_its_state_changed(folder):
    done = []

    preparation.step("static", "state one", lambda: done.append("one"))
    preparation.step("static", "state two", lambda: done.append("two"))

    assert done == ["one", "two"]


def test_step_that_fails_is_done_again(folder):
    done = []

    with pytest.raises(ZeroDivisionError):
        preparation.step("static", "state one", lambda: 1 / 0)
    preparation.step("static", "state one", lambda: done.append("one"))

    assert done == ["one"]


def test_fingerprint_sees_a_changed_file(tmp_path):
    path = tmp_path / "page.css"
    path.write_text("a")
    before = preparation.fingerprint([("page.css", path)])
    os.utime(path, (1, 1))

    assert preparation.fingerprint([("page.css", path)]) != before


@pytest.mark.django_db
def test_everything_is_prepared_the_first_time_only(folder, monkeypatch, tmp_path):
    called = []
    monkeypatch.setattr(preparation, "call_command", lambda name, **_: called.append(name))
    said = []

    manifest = tmp_path / "staticfiles.json"
    manifest.write_text("{}")

    with override_settings(DEMO=True, STATIC_ROOT=tmp_path):
        preparation.prepare(said.append)
        preparation.prepare(said.append)

    assert called == ["collectstatic", "load_programme", "seed_demo"]
    assert len(said) == 3


@pytest.mark.django_db
def test_static_files_that_are_gone_are_collected_again(folder, monkeypatch, tmp_path):
    called = []
    monkeypatch.setattr(preparation, "call_command", lambda name, **_: called.append(name))

    with override_settings(STATIC_ROOT=tmp_path / "gone"):
        preparation.prepare(called.append)
        preparation.prepare(called.append)

    assert called.count("collectstatic") == 2


@pytest.mark.django_db
def test_demo_data_belong_to_a_demo_only(folder, monkeypatch):
    called = []
    monkeypatch.setattr(preparation, "call_command", lambda name, **_: called.append(name))

    with override_settings(DEMO=False):
        preparation.prepare(called.append)

    assert "seed_demo" not in called


@pytest.mark.django_db
def test_another_database_has_another_identity(monkeypatch):
    before = preparation.database_identity()
    first = preparation.MigrationRecorder.Migration.objects.order_by("applied").first()
    first.applied = first.applied.replace(year=2001)
    first.save()

    assert preparation.database_identity() != before
