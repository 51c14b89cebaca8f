"""What must be written down is written down."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.test import override_settings

from tests.factories.accounts import CoordinatorFactory

ROOT = Path(settings.BASE_DIR)
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
EVERYTHING = "\n".join(
    path.read_text() for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
)


def variables_read():
    """Return the environment variables that code asks for."""
    code = "\n".join(path.read_text() for path in (ROOT / "iuc_portal").rglob("*.py"))
    asked = re.findall(r"""\benv(?:\.\w+)?\(\s*["']([A-Z_]+)["']""", code)
    asked += re.findall(r"""os\.environ\.get\(\s*["']([A-Z_]+)["']""", code)
    return sorted(set(asked) - {"PYTEST_XDIST_WORKER"})


def test_variables_are_found():
    assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "PORT"} <= set(variables_read())


@pytest.mark.parametrize("name", variables_read())
def test_environment_variable_is_documented(name):
    assert f"| `{name}` |" in OPERATIONS


@pytest.mark.parametrize(
    "name", sorted(set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS, re.MULTILINE)))
)
def test_documented_variable_is_read(name):
    assert name in variables_read()


OURS = sorted(
    name
    for name, app in get_commands().items()
    if (ROOT / str(app) / "management" / "commands" / f"{name}.py").exists()
)


@pytest.mark.parametrize("name", OURS)
def test_command_is_documented(name):
    assert re.search(rf"manage\.py {name}\b", EVERYTHING), f"say in docs/ what {name} does"


@pytest.mark.parametrize(
    "name", re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
)
def test_make_target_is_documented(name):
    assert f"make {name}" in EVERYTHING


def test_lock_files_name_hashes_and_no_addresses():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        pins = re.findall(r"^[a-z0-9][\w.\[\]-]*==", text, re.MULTILINE | re.IGNORECASE)
        assert len(pins) > 20
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "--index" not in text


def test_development_lock_agrees_with_the_other():
    pins = [
        dict(re.findall(r"^([\w.\[\]-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    ]

    assert pins[0].items() <= pins[1].items()


def test_version_stands_once_and_heads_the_changelog():
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert newest[1] == settings.VERSION
    others = [
        path
        for path in ROOT.glob("*/**/*.py")
        if f'"{settings.VERSION}"' in path.read_text() and not set(path.parts) & {".venv", "var"}
    ]
    assert others == []


@pytest.mark.django_db
@override_settings(DEMO=True)
def test_console_shows_the_version(sign_in):
    page = sign_in(CoordinatorFactory()).get("/staff/").content.decode()

    assert f"Version {settings.VERSION}" in page


def test_journeys_that_the_table_names_are_there():
    text = (ROOT / "docs" / "testing.md").read_text()
    [table] = re.findall(r"^\| way .*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    code = "\n".join(path.read_text() for path in (ROOT / "tests" / "journeys").glob("*.py"))
    rows = [row.strip("|").split("|") for row in table.splitlines()]
    assert [len(row) for row in rows] == [5] * 5
    named = {cell.strip(" `") for row in rows for cell in row[1:]}
    there = set(re.findall(r"^def (test_\w+)", code, re.MULTILINE))
    assert named <= there, named - there
