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

from iuc_portal.stylesheets import bundles, joined, sheets_of
from tests.factories.accounts import UserFactory

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


IMPORTED = re.compile(r"""(?:from|import\()\s*["']\./([\w.-]+)["']""")


def test_collected_modules_import_hashed_names(collected):
    [portal] = collected.glob("js/portal.*.js")
    written = Path(settings.BASE_DIR, "static", "js", "portal.js").read_text()
    imported = IMPORTED.findall(portal.read_text())
    assert len(imported) == len(IMPORTED.findall(written)) > 10
    assert all(re.fullmatch(r"[a-z]+\.[0-9a-f]{12}\.js", name) for name in imported)
    assert all((collected / "js" / name).exists() for name in imported)


@pytest.mark.parametrize("audience", ["public", "city", "staff"])
def test_collected_sheets_of_an_audience_are_one(collected, audience):
    [path] = collected.glob(f"css/all-{audience}.*.css")
    text = path.read_text()

    assert text.count("@charset") == 1
    assert "/*" not in text
    assert path.with_name(f"{path.name}.gz").stat().st_size < 40_000
    for address in re.findall(r"""url\(["']?(?!data:|#)([^"')]+)""", text):
        assert (path.parent / address).exists()


def test_staff_get_the_rules_of_what_cities_sent(collected):
    [path] = collected.glob("css/all-staff.????????????.css")
    text = path.read_text()

    for name in re.findall(
        r"^(\.[\w-]+) \{", (STATIC / "css/city/sending.css").read_text(), re.MULTILINE
    ):
        assert f"{name}{{" in text


def test_joined_sheets_keep_of_bootstrap_what_pages_use(collected):
    [path] = collected.glob("css/all-public.????????????.css")
    text = path.read_text()

    assert ".col-md-6{" in text
    assert ".visually-hidden" in text
    assert ".carousel" not in text


def test_small_text_keeps_what_is_quoted():
    sheets = dict.fromkeys(sheets_of("public"), "")
    sheets["css/base.css"] = '/* why */ .a ,\n .b { content: " ;  , "; color : red; }'

    assert '.a,.b{content: " ;  , ";color : red}' in joined("public", sheets.__getitem__)


# All of this module asks what is collected, which takes its time; no database changes it.
@pytest.mark.once
@pytest.mark.django_db
def test_one_sheet_is_linked_where_files_are_collected(client, collected):
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "iuc_portal.storage.StaticStorage"},
    }
    with override_settings(STATIC_ROOT=collected, STORAGES=storages):
        page = client.get("/contact/").content.decode()

    assert len(re.findall(r'rel="stylesheet"', page)) == 1


# Packing ----------------------------------------------------------------------------------
PACKED = {"Accept-Encoding": "gzip"}


@pytest.mark.django_db
def test_public_pages_are_packed(client):
    assert client.get("/about/", headers=PACKED)["Content-Encoding"] == "gzip"
    assert client.get("/pairings.json", headers=PACKED).status_code == 200


@pytest.mark.django_db
def test_pages_that_may_hold_a_secret_are_not_packed(client):
    assert "Content-Encoding" not in client.get("/accounts/login/", headers=PACKED)

    client.force_login(UserFactory())

    assert "Content-Encoding" not in client.get("/about/", headers=PACKED)


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
    given = {name for audience in bundles() for name in sheets_of(audience)}
    sheets = {str(path.relative_to(STATIC)) for path in SHEETS}
    assert {name for name in sheets - given if f'"{name}"' not in linked} == set()


def test_icons_named_in_templates_exist():
    sheet = Path(finders.find("img/icons.svg")).read_text()
    known = set(re.findall(r'id="i-([a-z-]+)"', sheet))
    used = set()
    for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        used |= set(re.findall(r'{% icon "([a-z-]+)"', path.read_text()))
    assert used - known == set()
