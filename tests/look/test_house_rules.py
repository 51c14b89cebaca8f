"""The checker of style sheets and templates: each rule finds its breach and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.look.checks import breaches
from tools.look.house import House
from tools.look.sheets import owner_of, rules_of

ROOT = Path(__file__).resolve().parents[2]
TOKENS = """
:root {
  --size-1: .875rem;
  --size-lead: clamp(var(--size-1), 1rem + 1vw, var(--size-1));
  --weight-plain: 400;
  --leading-text: 1.5;
  --danger: #a5231c;
}
"""
SHEET = """
.card {
  color: var(--danger);
  font-size: var(--size-1);
  font-weight: var(--weight-plain);
  line-height: var(--leading-text);
}
.card .lead {
  font-size: var(--size-lead);
  border: 1px solid currentColor;
  background: transparent url(red.svg);
}
"""
BOOTSTRAP = "static/vendor/bootstrap/bootstrap.min.css"
PAGE = '<div class="card"><p class="lead">Words</p></div>\n'


@pytest.fixture
def project(tmp_path):
    """Return a writer of files that gives back what the checker says about the project."""

    def write(**files):
        texts = {
            "static/css/tokens.css": TOKENS,
            "static/css/cards.css": SHEET,
            BOOTSTRAP: ".btn{--bs-btn-bg:#fff}.fw-bold{}.d-none{}",
            "templates/page.html": PAGE,
        }
        for name, text in files.items():
            place = {
                "tokens": "static/css/tokens.css",
                "sheet": "static/css/cards.css",
                "other": "static/css/other.css",
                "access": "static/css/access.css",
                "page": "templates/page.html",
                "mail": "templates/mails/mail.html",
                "python": "app/views.py",
                "script": "static/js/portal.js",
            }[name]
            texts[place] = texts.get(place, "") + text
        for place, text in texts.items():
            path = tmp_path / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return breaches(House(tmp_path))

    return write


def test_good_project_has_no_breach(project):
    assert project() == []


def test_this_project_keeps_its_rules():
    run = subprocess.run(
        [sys.executable, "-m", "tools.look"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (run.stdout, run.stderr, run.returncode) == ("", "", 0)


def test_where_names_the_sheet_of_a_component():
    command = [sys.executable, "-m", "tools.look", "--where", "pill"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.stdout == "static/css/labels.css\n"


@pytest.mark.parametrize(
    ("declaration", "words"),
    [
        ("font-size: 14px", "font-size: 14px is no token"),
        ("font-size: calc(var(--size-1) * 1.1)", "is no token"),
        ("font-weight: 650", "font-weight: 650 is no token"),
        ("font: 600 1rem/1.2 serif", "is no token"),
        ("line-height: 1.33", "line-height: 1.33 is no token"),
        ("letter-spacing: -.02em", "letter-spacing: -.02em is no token"),
        ("--bs-btn-font-size: .9rem", "--bs-btn-font-size: .9rem is no token"),
    ],
)
def test_type_is_set_by_token(project, declaration, words):
    [found] = project(sheet=f".card p {{\n  {declaration};\n}}\n")
    assert found.startswith("static/css/cards.css:13: ")
    assert found.endswith(words)


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        ("#951f18", "#951f18"),
        ("#fff", "#fff"),
        ("rgba(0, 0, 0, .1)", "rgba("),
        ("1px solid red", "red"),
        ("linear-gradient(white, transparent)", "white"),
    ],
)
def test_colours_stand_in_the_tokens(project, value, colour):
    [found] = project(sheet=f".card p {{ background: {value}; }}")
    assert found == f"static/css/cards.css:13: background: {colour} is no token"


def test_names_that_hold_a_colour_are_none(project):
    sheet = ".card { white-space: nowrap; background: url(../img/red.svg) no-repeat; }"
    assert project(sheet=sheet) == []


def test_tokens_must_be_set_and_taken(project):
    assert project(
        tokens=":root { --space-1: 1rem; }", sheet=".card b { margin: var(--spcae-1); }"
    ) == [
        "static/css/cards.css:13: --spcae-1 is set nowhere",
        "static/css/tokens.css: --space-1 is taken nowhere",
    ]


def test_scale_has_nine_sizes_in_rem_and_four_weights(project):
    sizes = "".join(f"--size-{n}: {n}rem; " for n in range(2, 11))
    weights = "".join(f"--weight-{n}: {n}00; " for n in range(1, 5))
    tokens = f":root {{ {sizes}{weights} --size-11: 12px; }}"
    found = project(tokens=tokens)
    assert "static/css/tokens.css: 11 type sizes, 9 at most" in found
    assert "static/css/tokens.css: 5 weights, 4 at most" in found
    assert "static/css/tokens.css: --size-11: 12px is not in rem" in found


def test_class_that_nothing_uses_is_told(project):
    found = project(sheet=".card .forgotten { margin: 0; }")
    assert found == ["static/css/cards.css:13: .forgotten is used nowhere"]


@pytest.mark.parametrize(
    "files",
    [
        {"page": '<p class="{% if a %}card-open{% else %}lead{% endif %}"></p>'},
        {"page": '<p class="card-{{ state }}">{% include "x" with state="open" %}</p>'},
        {"page": '<p class="card-{% if a %}open{% endif %}"></p>'},
        {"page": '{% include "x" with wrapper_class="card-open" %}'},
        {"page": "{% block body_class %}lead card-open{% endblock body_class %}"},
        {"python": 'CLASSES = {True: "card-open"}'},
        {"python": "MARKUP = '<p class=\"card-open\">'"},
        {"python": 'def css(state): return f"card-{state}"\nSTATE = "open"'},
        {"script": 'card.classList.toggle("card-open");'},
    ],
)
def test_class_that_anything_uses_is_kept(project, files):
    assert project(sheet=".card-open { margin: 0; }", **files) == []


def test_word_of_python_is_a_class_only_as_an_attribute(project):
    sheet = ".number { margin: 0; }"
    assert project(sheet=sheet, python='KIND = "number"') != []
    assert project(sheet=sheet, python='ATTRS = {"class": "number"}') == []


def test_class_that_no_sheet_knows_is_told(project):
    page = '<p class="lead d-none forgotten"></p>{# class="a-comment" #}'
    assert project(page=page, mail='<p class="mail-only"></p>') == [
        "templates/page.html: class forgotten is known to no sheet and no script"
    ]


def test_classes_of_bootstrap_do_not_lead_past_the_tokens(project):
    found = project(page='<p class="fw-bold"></p>')
    assert found == ["templates/page.html: class fw-bold leads past the tokens"]


def test_component_stands_in_one_sheet(project):
    assert project(other=".card b { margin: 0; }") == [
        "static/css: the rules of .card stand in cards.css, other.css"
    ]


def test_focus_speaks_of_all_components(project):
    assert project(access=".card:focus { outline: 0; }") == []


@pytest.mark.parametrize("name", ["card__body", "card--open", "cardBody", "card-b", "c"])
def test_class_is_words_with_hyphens(project, name):
    found = project(page=f'<p class="{name}"></p>', sheet=f".{name} {{ margin: 0; }}")
    assert found == [f"static/css/cards.css:13: .{name} is not words joined by hyphens"]


def test_template_line_ends_before_it_is_too_long(project):
    assert project(page="x" * 121) == ["templates/page.html:2: 121 characters, 120 at most"]


def test_rules_inside_media_are_read_with_their_line():
    text = (
        "/* one\n two */\n@media (width < 9px) {\n  .a, .b:is(.c, .d) {\n    margin: 0;\n  }\n}\n"
    )
    [rule] = rules_of(text, "x.css")
    assert (rule.line, rule.selectors) == (4, (".a", ".b:is(.c, .d)"))
    assert rule.declarations == (("margin", "0"),)


@pytest.mark.parametrize(
    ("selector", "owner"),
    [
        (".console .panel > .pill", "panel"),
        (".is-done .pill::before", "pill"),
        (".panel:not(.panel-flush)", "panel"),
        ("h2 > a", None),
    ],
)
def test_owner_is_the_leftmost_class(selector, owner):
    assert owner_of(selector) == owner
