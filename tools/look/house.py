"""The project's sheets, templates and scripts, each read once."""

from collections import defaultdict
from functools import cached_property
from pathlib import Path

from tools.look.sheets import CLASS, Rule, classes_of, owner_of, rules_of
from tools.look.used import Used

TOKENS = "tokens.css"
# What must speak of many components at once: focus and forced colours, paper.
CROSSING = {"access.css", "print.css"}
NO_CODE = {"static", "templates", "tests", "tools", "docs", "var", "node_modules", "migrations"}


class House:
    """The files of the project at `root`."""

    def __init__(self, root: Path) -> None:
        """Remember where the project stands; nothing is read yet."""
        self.root = root

    @cached_property
    def rules(self) -> list[Rule]:
        """Return the rules of all our sheets."""
        folder = self.root / "static" / "css"
        return [
            rule
            for path in sorted(folder.rglob("*.css"))
            for rule in rules_of(path.read_text(), path.relative_to(folder).as_posix())
        ]

    @cached_property
    def tokens(self) -> dict[str, str]:
        """Return the custom properties that the sheet of tokens sets."""
        return {
            name: value
            for rule in self.rules
            if rule.sheet == TOKENS
            for name, value in rule.declarations
            if name.startswith("--")
        }

    @cached_property
    def templates(self) -> dict[str, str]:
        """Return the text of each template by its name; mails have a look of their own."""
        folder = self.root / "templates"
        named = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.html")}
        return {name: named[name].read_text() for name in sorted(named)}

    @cached_property
    def pages(self) -> dict[str, str]:
        """Return the templates that our sheets draw: all but mails."""
        return {
            name: text for name, text in self.templates.items() if not name.startswith("mails/")
        }

    @cached_property
    def used(self) -> Used:
        """Return the classes that templates, Python and JavaScript use."""
        used = Used(colours={name.removeprefix("--") for name in self.tokens})
        for name, text in self.pages.items():
            used.read_template(text, name)
        for path in sorted(self.root.rglob("*.py")):
            parts = path.relative_to(self.root).parts
            if not NO_CODE.intersection(parts) and not parts[0].startswith("."):
                used.read_python(path.read_text())
        for path in sorted((self.root / "static" / "js").rglob("*.js")):
            used.read_script(path.read_text())
        return used

    @cached_property
    def bootstrap(self) -> str:
        """Return Bootstrap's sheet."""
        folder = self.root / "static" / "vendor" / "bootstrap"
        return "".join(path.read_text() for path in sorted(folder.glob("*.css")))

    @cached_property
    def known(self) -> set[str]:
        """Return the classes that a sheet, ours or Bootstrap's, or a script knows."""
        ours = {
            name
            for rule in self.rules
            for selector in rule.selectors
            for name in classes_of(selector)
        }
        scripts = Used()
        for path in (self.root / "static" / "js").rglob("*.js"):
            scripts.read_script(path.read_text())
        return ours | scripts.named | set(CLASS.findall(self.bootstrap))

    def owners(self) -> dict[str, set[str]]:
        """Return for each class the sheets that hold its rules."""
        found: dict[str, set[str]] = defaultdict(set)
        for rule in self.rules:
            for selector in rule.selectors:
                owner = owner_of(selector)
                if owner and rule.sheet not in CROSSING:
                    found[owner].add(rule.sheet)
        return found
