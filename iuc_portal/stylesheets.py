"""Which style sheets each audience gets, and how they become one file.

The sheets stay as they are written, one a component. When static files are collected, those of an
audience are joined in this order, without comments and without what no page of ours uses of
Bootstrap; in development each is a file of its own.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.template.utils import get_app_template_dirs

SHORT = 3
BOOTSTRAP = "vendor/bootstrap/bootstrap.min.css"
_SHARED = (
    *("fonts", "tokens", "base", "access", "layout", "header", "footer", "navigation", "buttons"),
    *("forms", "panels", "labels", "people", "tables", "lists", "progress", "saving", "claims"),
)
_LAST = ("utilities", "print")
_OWN = {
    "public": ("map", "home", "calls", "pairings", "account", "errors"),
    "city": (
        *(
            "workspace",
            "application",
            "profile",
            "sending",
            "conflict",
            "pairing",
            "plan",
            "measures",
        ),
        "charts",
    ),
    "staff": (
        *(
            "console",
            "home",
            "eligibility",
            "checking",
            "call-editor",
            "simulator",
            "interests",
            "letters",
        ),
        *("assessment", "bulk", "casework", "matching"),
        # Staff read on their pages what cities have written and see on theirs.
        *("../city/sending", "../city/pairing"),
        *("questionnaires", "audit", "outbox", "pairings", "why", "component-sheet"),
    ),
}


def sheets_of(audience: str) -> list[str]:
    """Return the sheets of "public", "city" or "staff", in the order they build on each other."""
    own = [posixpath.normpath(f"{audience}/{name}") for name in _OWN[audience]]
    return [BOOTSTRAP, *(f"css/{name}.css" for name in (*_SHARED, *own, *_LAST))]


def bundles() -> dict[str, str]:
    """Return the name of each audience's one sheet."""
    return {audience: f"css/all-{audience}.css" for audience in _OWN}


def joined(audience: str, read: Callable[[str], str]) -> str:
    """Return the sheets of an audience as one; `read` returns the text of one by its name."""
    parts = []
    for name in sheets_of(audience):
        text = _small(_with_own_addresses(read(name), name))
        parts.append(_without_unused(text) if name == BOOTSTRAP else text)
    return '@charset "UTF-8";' + "".join(parts).replace('@charset "UTF-8";', "")


def _with_own_addresses(text: str, name: str) -> str:
    """Write addresses relative to the sheet so that they hold from the folder of all sheets."""

    def moved(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), found[2]))
        return f"url({found[1]}{posixpath.relpath(target, 'css')}{found[1]})"

    return re.sub(r"""url\((["']?)(?!data:|#)([^"')]+)\1\)""", moved, text)


def _small(text: str) -> str:
    """Leave out comments and needless spaces; what stands in quotes stays."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    parts = re.split(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", text)
    for number in range(0, len(parts), 2):
        part = re.sub(r"\s+", " ", parts[number])
        parts[number] = re.sub(r" ?([{};,]) ?", r"\1", part).replace(";}", "}")
    return "".join(parts).strip()


# Bootstrap -------------------------------------------------------------------------------
def _without_unused(text: str) -> str:
    """Leave out each rule with a class that no template, script or Python of ours has as a word."""
    return "".join(_kept(text))


def _kept(text: str) -> Iterator[str]:
    for head, body in _blocks(text):
        if not body:
            yield head
        elif head.startswith(("@media", "@supports")):
            inner = _without_unused(body[1:-1])
            if inner:
                yield f"{head}{{{inner}}}"
        elif head.startswith("@"):
            yield head + body
        else:
            selectors = [one for one in _selectors(head) if _is_used(one)]
            if selectors:
                yield ",".join(selectors) + body


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Return the rules of a sheet without comments as (what stands before "{", "{…}")."""
    depth = start = opened = 0
    for found in re.finditer(r"""[{};]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", text):
        sign = found[0]
        if sign == "{":
            depth += 1
            if depth == 1:
                opened = found.start()
        elif sign == "}":
            depth -= 1
            if not depth:
                yield text[start:opened].strip(), text[opened : found.end()]
                start = found.end()
        elif sign == ";" and not depth:
            yield text[start : found.end()], ""
            start = found.end()


def _selectors(head: str) -> list[str]:
    """Return the selectors of a rule; commas in brackets part none."""
    return re.split(r",(?![^(]*\))", head)


def _is_used(selector: str) -> bool:
    words, beginnings = _words()
    # No page of ours asks for the dark theme.
    return "data-bs-theme=dark" not in selector and all(
        name in words or name.startswith(beginnings)
        for name in re.findall(r"\.(-?[A-Za-z_][\w-]*)", re.sub(r"\[[^]]*\]", "", selector))
    )


@cache
def _words() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return all words that could name a class, and beginnings that a variable completes."""
    base = Path(settings.BASE_DIR)
    folders = [base / "templates", *map(Path, get_app_template_dirs("templates"))]
    files = [path for folder in folders for path in folder.rglob("*.html")]
    files += (base / "static" / "js").glob("*.js")
    files += (
        path
        for folder in base.iterdir()
        if folder.name != "tests" and (folder / "__init__.py").exists()
        for path in folder.rglob("*.py")
    )
    words: set[str] = set()
    for path in files:
        words.update(re.findall(r"[A-Za-z][\w-]*", path.read_text(encoding="utf-8")))
    # Two letters and a hyphen are a date or a pattern, no class.
    beginnings = (word for word in words if word.endswith("-") and len(word) > SHORT)
    return frozenset(words), tuple(beginnings)
