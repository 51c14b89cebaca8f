"""What holds for every template, whoever writes it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR) / "templates"
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.html"))
# Mail programs read no style sheets, so mails alone may carry their own style.
SCREENS = [name for name in PAGES if not name.startswith("mails/")]


def text_of(name):
    return (ROOT / name).read_text()


@pytest.mark.parametrize("name", PAGES)
def test_template_compiles(name):
    assert get_template(name)


@pytest.mark.parametrize("name", SCREENS)
def test_template_has_no_inline_style(name):
    assert re.findall(r"""\sstyle\s*=\s*["']|<style\b""", text_of(name)) == []


@pytest.mark.parametrize("name", SCREENS)
def test_template_has_no_inline_script(name):
    scripts = re.findall(r"<script\b[^>]*>", text_of(name))
    assert [tag for tag in scripts if "src=" not in tag and "application/json" not in tag] == []


@pytest.mark.parametrize("name", SCREENS)
def test_template_has_no_event_attribute(name):
    assert re.findall(r"""<[a-z][^>{%]*\son[a-z]+\s*=|href=["']javascript:""", text_of(name)) == []


@pytest.mark.parametrize("name", PAGES)
def test_template_comment_stands_in_one_line(name):
    # Django prints a {# comment #} that runs over two lines.
    assert re.findall(r"{#(?:(?!#}).)*$", text_of(name), re.MULTILINE) == []


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("components/")])
def test_component_says_what_it_takes(name):
    assert text_of(name).startswith(("{#", "{% comment %}"))
