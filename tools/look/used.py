"""Find the classes that templates, Python and JavaScript put into pages."""

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property

WORD = re.compile(r"-?[A-Za-z_][\w-]*")
QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'|`([^`]*)`")
# Stand for what a template fills in, and for a tag.
GAP, BRANCH = "\N{REPLACEMENT CHARACTER}", "\N{SYMBOL FOR RECORD SEPARATOR}"


@dataclass
class Used:
    """The classes that templates and scripts name.

    `tokens` stand in class attributes, each with the first template that has it, perhaps with a
    gap that a variable fills; `words` are what could fill it, as are the names of `colours`;
    `named` are whole classes that a template hands on or that Python or JavaScript name.
    """

    tokens: dict[str, str] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    colours: set[str] = field(default_factory=set)

    def read_template(self, text: str, place: str) -> None:
        """Add the class attributes of a template and the words inside its tags."""
        text = re.sub(r"\{#.*?#\}", "", text)
        text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.DOTALL)
        for tag in re.findall(r"\{[%{].*?[%}]\}", text, flags=re.DOTALL):
            for quoted in QUOTED.findall(tag):
                words = WORD.findall("".join(quoted))
                self.words.update(words)
                self.named.update(word for word in words if "-" in word)
        for value in re.findall(r"\{% block \w*_class %\}([^{]*)", text):
            self.named.update(value.split())
        text = re.sub(r"\{\{.*?\}\}", GAP, text, flags=re.DOTALL)
        text = re.sub(r"\{%.*?%\}", BRANCH, text, flags=re.DOTALL)
        for quoted, plain in re.findall(
            r"(?<![\w-])class=(?:\"([^\"]*)\"|([\w-]+))", text, flags=re.DOTALL
        ):
            for token in (quoted or plain).split():
                for name in self._branches(token):
                    self.tokens.setdefault(name, place)

    @staticmethod
    def _branches(token: str) -> list[str]:
        """Take `row-{% if a %}x{% else %}y{% endif %}` for row-x and row-y."""
        start, *ends = token.split(BRANCH)
        if ends and start.endswith("-"):
            return [start + end for end in ends if end]
        return [part for part in (start, *ends) if part]

    def read_python(self, text: str) -> None:
        """Add what string literals name: markup, attributes, and classes with a hyphen."""
        tree = ast.parse(text)
        attributes = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.Dict)
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant) and key.value in {"class", "css_class"}
            for part in ast.walk(value)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                self._read_joined(node)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                for value in re.findall(r"class=\"([^\"{]*)", node.value):
                    self.named.update(value.split())
                parts = node.value.split()
                if all(WORD.fullmatch(part) for part in parts):
                    self.words.update(parts)
                    is_class = id(node) in attributes
                    self.named.update(part for part in parts if is_class or "-" in part)

    def _read_joined(self, node: ast.JoinedStr) -> None:
        """Take f"icon-{size}" for a token with a gap."""
        for part in node.values:
            text = str(part.value) if isinstance(part, ast.Constant) else ""
            if start := re.search(r"(?:^|\s)([a-z][\w-]*-)$", text):
                self.tokens.setdefault(start[1] + GAP, "")

    def read_script(self, text: str) -> None:
        """Add every word inside the quotes of a script."""
        for quoted in QUOTED.findall(text):
            self.named.update(WORD.findall("".join(quoted)))

    @cached_property
    def _gaps(self) -> list[tuple[str, str]]:
        found = {token.partition(GAP)[::2] for token in self.tokens if token.count(GAP) == 1}
        return [(start, end) for start, end in found if start or end]

    def __contains__(self, name: str) -> bool:
        """Tell whether anything can put this class into a page."""
        return (
            name in self.tokens
            or name in self.named
            or any(
                name.startswith(start)
                and name.endswith(end)
                and self._fills(name[len(start) : len(name) - len(end)])
                for start, end in self._gaps
            )
        )

    def _fills(self, word: str) -> bool:
        return word.isdigit() or word in self.words or word in self.colours
