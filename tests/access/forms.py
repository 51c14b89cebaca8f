"""The forms of a page as a browser reads them, and what it would send."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.files import PDF

TOKEN = "csrfmiddlewaretoken"
# What is typed into a field for a number, by a part of its name.
NUMBERS = {"year": "2027", "population": "150000", "amount": "150000"}


@dataclass
class Control:
    """An input, a list of choices or a text area. `values` is what a browser would send of it."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    attrs: dict[str, str] = field(default_factory=dict)

    @property
    def is_typed(self) -> bool:
        """Whether a person writes words into it."""
        return self.kind in {"text", "textarea", "email", "tel", "url"}


@dataclass
class Form:
    """A form that is posted: its address, its controls, and the buttons with a name."""

    address: str
    controls: list[Control] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    attrs: dict[str, str] = field(default_factory=dict)
    page: str = ""
    # What a browser says of where it stands; a page without a referrer makes it "null".
    origin: str = "http://testserver"

    @property
    def token(self) -> str:
        """Return the CSRF token, "" when there is none."""
        return next((v for c in self.controls if c.name == TOKEN for v in c.values), "")

    @property
    def likeness(self) -> tuple[Any, ...]:
        """Equal for forms that ask for the same at the same address."""
        names = {(c.name, c.kind) for c in self.controls}
        return self.address, frozenset(names), tuple(self.buttons)

    @property
    def is_typed(self) -> bool:
        """Whether a person writes words into it."""
        return any(control.is_typed for control in self.controls)

    def sent(self, *, filled: bool = False) -> Iterator[dict[str, Any]]:
        """Yield what each button sends: as rendered, or with all that is empty filled in."""
        data: dict[str, Any] = {}
        for control in self.controls:
            values = control.values
            if filled and not any(values) and control.kind != "hidden":
                values = filling(control)
            if values:
                data.setdefault(control.name, []).extend(values)
        for button in self.buttons or [None]:
            yield data if button is None else data | {button[0]: [button[1]]}


def filling(control: Control) -> list[Any]:
    """Return what a person might put into an empty control."""
    attrs = control.attrs
    if control.kind == "file":
        return [SimpleUploadedFile("letter.pdf", PDF, "application/pdf")]
    if control.kind in {"checkbox", "radio", "select"}:
        chosen = [value for value in control.offers if value]
        return [] if control.name.endswith("DELETE") else chosen[:1]
    if "field-date" in attrs.get("class", ""):
        return ["2026-03-12"]
    if "inputmode" in attrs or control.kind == "number":
        return [next((typed for part, typed in NUMBERS.items() if part in control.name), "5")]
    return {
        "email": ["new.person@example.org"],
        "url": ["https://example.org/"],
        "tel": ["+34 600 000 000"],
    }.get(control.kind, ["Words of a person"])


class Page(HTMLParser):
    """Reads a page: its forms, and whether any of its fields shows an error."""

    def __init__(self, html: str, address: str) -> None:
        super().__init__()
        self.address, self.html = address, html
        self.forms: list[Form] = []
        self.errors: list[str] = []
        self._form: Form | None = None
        self._by_id: dict[str, Form] = {}
        self._select: Control | None = None
        self._area: Control | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note forms, controls and signs of an error."""
        attrs = {name: value or "" for name, value in attributes}
        self._look_for_errors(tag, attrs)
        if tag == "form":
            self._open(attrs)
            return
        form = self._by_id.get(attrs["form"]) if "form" in attrs else self._form
        if tag == "option" and self._select is not None:
            self._option(self._select, attrs)
        elif form is not None and "disabled" not in attrs:
            self._control(form, tag, attrs)

    def _option(self, select: Control, attrs: dict[str, str]) -> None:
        select.offers.append(attrs.get("value", ""))
        if "selected" in attrs:
            select.values.append(attrs.get("value", ""))

    def _control(self, form: Form, tag: str, attrs: dict[str, str]) -> None:
        if tag == "input":
            self._input(form, attrs)
        elif tag == "button":
            if attrs.get("type", "submit") == "submit" and attrs.get("name"):
                form.buttons.append((attrs["name"], attrs.get("value", "")))
        elif tag in {"select", "textarea"} and attrs.get("name"):
            control = Control(attrs["name"], tag, attrs=attrs)
            form.controls.append(control)
            if tag == "select":
                self._select = control
            else:
                control.values.append("")
                self._area = control

    def _open(self, attrs: dict[str, str]) -> None:
        self._form = None
        if attrs.get("method", "get").lower() != "post":
            return
        address = urljoin(self.address, attrs.get("action", ""))
        self._form = Form(address, attrs=attrs, page=f"http://testserver{self.address}")
        self.forms.append(self._form)
        if "id" in attrs:
            self._by_id[attrs["id"]] = self._form

    def _look_for_errors(self, tag: str, attrs: dict[str, str]) -> None:
        classes = attrs.get("class", "").split()
        if (
            "is-invalid" in classes
            or attrs.get("aria-invalid") == "true"
            or "data-error-summary" in attrs
        ):
            self.errors.append(
                f"<{tag} {attrs.get('name') or attrs.get('id') or ' '.join(classes)}>"
            )

    def _input(self, form: Form, attrs: dict[str, str]) -> None:
        kind = attrs.get("type", "text")
        name = attrs.get("name")
        if not name or kind in {"button", "reset", "image"}:
            return
        if kind == "submit":
            form.buttons.append((name, attrs.get("value", "")))
        elif kind not in {"checkbox", "radio"}:
            values = [] if kind == "file" else [attrs.get("value", "")]
            form.controls.append(Control(name, kind, values, attrs=attrs))
        else:
            known = next((c for c in form.controls if (c.name, c.kind) == (name, kind)), None)
            control = known or Control(name, kind, attrs=attrs)
            if known is None:
                form.controls.append(control)
            control.offers.append(attrs.get("value", "on"))
            if "checked" in attrs:
                control.values.append(attrs.get("value", "on"))

    def handle_data(self, data: str) -> None:
        """Keep the text of an area; a line break right after its tag does not count."""
        if self._area is not None:
            before = self._area.values[0]
            self._area.values[0] = before + (data if before else data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        """Close what is open; a list of one choice sends its first, unless one is marked."""
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select" and self._select is not None:
            if not self._select.values and "multiple" not in self._select.attrs:
                self._select.values = self._select.offers[:1]
            self._select = None
