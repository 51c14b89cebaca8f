"""The files that browsers get."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings

STATIC = Path(settings.BASE_DIR) / "static"
SHEETS = sorted(STATIC.glob("css/**/*.css"))


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """Collect as production does; a missing file that a style sheet names stops it."""
    folder = tmp_path_factory.mktemp("static")
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "iuc_portal.storage.StaticStorage"},
    }
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def test_collecting_makes_a_manifest(collected):
    assert (collected / "staticfiles.json").exists()


def test_collected_modules_import_hashed_names(collected):
    [portal] = collected.glob("js/portal.*.js")
    imported = re.findall(r"""(?:from|import\()\s*["']\./([\w.-]+)["']""", portal.read_text())
    assert len(imported) == 7
    assert all(re.fullmatch(r"[a-z]+\.[0-9a-f]{12}\.js", name) for name in imported)
    assert all((collected / "js" / name).exists() for name in imported)


def test_vendored_files_are_unchanged():
    script = Path(settings.BASE_DIR) / "tools" / "vendor.py"
    run = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )
    assert (run.stderr, run.returncode) == ("", 0)


def test_vendored_folders_hold_their_licence():
    folders = [path for path in (STATIC / "vendor").iterdir() if path.is_dir()]
    assert [path.name for path in folders if not (path / "LICENSE").exists()] == []


def test_styles_and_scripts_name_no_other_site():
    ours = [*SHEETS, *STATIC.glob("js/**/*.js")]
    assert [path.name for path in ours if "//" in re.sub(r"//\s|/\*", "", path.read_text())] == []


def test_style_sheets_have_matching_braces():
    texts = {
        path.name: re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL) for path in SHEETS
    }
    assert [name for name, text in texts.items() if text.count("{") != text.count("}")] == []


def test_every_style_sheet_is_linked_somewhere():
    templates = Path(settings.BASE_DIR) / "templates"
    linked = "".join(path.read_text() for path in templates.rglob("*.html"))
    sheets = {str(path.relative_to(STATIC)) for path in SHEETS}
    assert {name for name in sheets if f'"{name}"' not in linked} == set()


def test_icons_named_in_templates_exist():
    sheet = Path(finders.find("img/icons.svg")).read_text()
    known = set(re.findall(r'id="i-([a-z-]+)"', sheet))
    used = set()
    for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        used |= set(re.findall(r'{% icon "([a-z-]+)"', path.read_text()))
    assert used - known == set()
