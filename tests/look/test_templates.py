"""What holds for every template, whoever writes it."""

import re
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR) / "templates"
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text() for path in ROOT.rglob("*.html")}
# Mail programs read no style sheets, so mails alone may carry their own style.
SCREENS = {name: text for name, text in TEXTS.items() if not name.startswith("mails/")}


def found_in(texts, pattern, flags=0):
    """Return what the pattern finds, by template; nothing is what we hope for."""
    places = {name: re.findall(pattern, text, flags) for name, text in texts.items()}
    return {name: found for name, found in places.items() if found}


def test_templates_compile():
    for name in TEXTS:
        assert get_template(name)


def test_templates_have_no_inline_style():
    assert found_in(SCREENS, r"""\sstyle\s*=\s*["']|<style\b""") == {}


def test_templates_have_no_inline_script():
    assert found_in(SCREENS, r"<script\b(?![^>]*(?:src=|application/json))[^>]*>") == {}


def test_templates_have_no_event_attribute():
    pattern = r"""<[a-z][^>{%]*\son[a-z]+\s*=|href=["']javascript:"""
    assert found_in(SCREENS, pattern) == {}


def test_template_comments_stand_in_one_line():
    # Django prints a {# comment #} that runs over two lines.
    assert found_in(TEXTS, r"{#(?:(?!#}).)*$", re.MULTILINE) == {}


def test_template_lines_can_be_read():
    # What does not fit belongs into a part of its own, a shorter name or a template tag.
    assert found_in(TEXTS, r"^.{121,}$", re.MULTILINE) == {}


def test_components_say_what_they_take():
    components = {name: text for name, text in TEXTS.items() if name.startswith("components/")}
    silent = [n for n, text in components.items() if not text.startswith(("{#", "{% comment %}"))]
    assert silent == []


FLOORS = (
    *("core", "accounts", "programme", "questionnaires", "applications", "pairings"),
    *("action_plans", "showcase", "reminders", "iuc_portal"),
)
# Whose templates a folder holds, where it is not named like its app.
HOLDERS = {"trail": "core", "jobs": "core", "organisations": "programme", "calls": "programme"}
# The shells hold the menus, which belong to the roof.
SHELL_PARTS = {"user_menu.html", "site_head.html", "sidenav.html"}


def test_template_tags_load_downwards():
    base = Path(settings.BASE_DIR)
    owner = {
        path.stem: path.relative_to(base).parts[0]
        for floor in FLOORS
        for path in (base / floor).rglob("templatetags/[a-z]*.py")
    }
    upwards = []
    for name, text in TEXTS.items():
        folder, _slash, rest = name.partition("/")
        holder = "core" if folder == "components" else HOLDERS.get(folder, folder)
        if holder not in FLOORS or rest in SHELL_PARTS:
            continue
        loaded = " ".join(re.findall(r"{% load ([^%]*)%}", text)).split()
        upwards += [
            (name, library)
            for library in loaded
            if library in owner and FLOORS.index(owner[library]) > FLOORS.index(holder)
        ]
    assert owner["portal"] == "core"
    assert upwards == []
