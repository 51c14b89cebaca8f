"""Read style sheets: rules, selectors, declarations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Classes of <body> and of states say where and when a rule holds, not whose it is.
AREAS = {"city", "console", "dense", "public"}
STATE = re.compile(r"(is|has)-[\w-]+")
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")


@dataclass(frozen=True)
class Rule:
    """One block of declarations: `selectors` share it; `sheet` and `line` say where it begins."""

    sheet: str
    line: int
    selectors: tuple[str, ...]
    declarations: tuple[tuple[str, str], ...]

    @property
    def place(self) -> str:
        """Return sheet and line, as an editor opens them."""
        return f"static/css/{self.sheet}:{self.line}"


def rules_of(text: str, sheet: str) -> Iterator[Rule]:
    """Yield the rules of a style sheet, those inside `@media` and `@supports` too."""
    text = re.sub(r"/\*.*?\*/", lambda match: "\n" * match[0].count("\n"), text, flags=re.DOTALL)
    start = 0
    for match in re.finditer(r"[{}]", text):
        head = text[start : match.start()].strip()
        if match[0] == "{" and not head.startswith(("@media", "@supports")):
            yield Rule(
                sheet,
                text.count("\n", 0, match.start()) + 1,
                tuple(selectors_of(head)),
                tuple(declarations_of(text[match.end() : text.index("}", match.end())])),
            )
        start = match.end()


def selectors_of(head: str) -> Iterator[str]:
    """Split at commas, not at those inside brackets."""
    for part in re.split(r",(?![^(\[]*[)\]])", head):
        yield " ".join(part.split())


def declarations_of(body: str) -> Iterator[tuple[str, str]]:
    """Yield property and value, without `!important`."""
    for part in re.split(r";(?![^(]*\))", body):
        name, colon, value = part.partition(":")
        if colon:
            yield name.strip(), " ".join(value.replace("!important", "").split())


def classes_of(selector: str) -> list[str]:
    """Return the classes that a selector names, from left to right."""
    return CLASS.findall(re.sub(r"\[[^\]]*\]", "", selector))


def owner_of(selector: str) -> str | None:
    """Return the class whose rule this is: the leftmost that is neither area nor state."""
    for name in classes_of(re.sub(r":(?:not|has)\([^)]*\)", "", selector)):
        if name not in AREAS and not STATE.fullmatch(name):
            return name
    return None
