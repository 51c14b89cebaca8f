"""A form as its page shows it: the labels and choices its reader knows, and what stands in it.

They are read from the page itself, opened once more for the same person, so it works for every
form, whoever wrote its view and its template.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.utils.formats import date_format, number_format
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.kit.days import parse_day

VOID = frozenset(
    "area base br col embed hr img input link meta source track use wbr".split()  # noqa: SIM905
)
# Not part of the words of a label.
SILENT = {"svg", "script", "style", "input", "select", "textarea"}
ASIDE = {"optional", "form-text", "meta"}
# A shorter number is read as well without spaces, and may be a year.
LONG_NUMBER = 5
# Says of a request that it is made within another one, to read a page.
WITHIN = "iuc.within"


@dataclass
class Element:
    """An element of a page with what stands in it."""

    tag: str
    attrs: dict[str, str]
    parent: "Element | None" = None
    content: "list[Element | str]" = field(default_factory=list)

    def walk(self) -> "Iterator[Element]":
        """Yield the element and all within it, in the order of the page."""
        yield self
        for child in self.content:
            if isinstance(child, Element):
                yield from child.walk()

    def around(self) -> "Iterator[Element]":
        """Yield the elements it stands in, the nearest first."""
        found = self.parent
        while found is not None:
            yield found
            found = found.parent

    @property
    def words(self) -> str:
        """Return what a person reads in it, on one line."""
        return " ".join(self._words.split())

    @property
    def _words(self) -> str:
        if self.tag in SILENT or ASIDE & set(self.attrs.get("class", "").split()):
            return ""
        return "".join(each if isinstance(each, str) else each._words for each in self.content)  # noqa: SLF001 - its own

    @property
    def text(self) -> str:
        """Return the text of an area as it stands there."""
        return "".join(each for each in self.content if isinstance(each, str)).removeprefix("\n")


class _Reader(HTMLParser):
    """Makes elements of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = self._open = Element("", {})
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.content.append(found)
        if tag not in VOID:
            self._open = found

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for one in (self._open, *self._open.around()):
            if one.tag == tag and one.parent is not None:
                self._open = one.parent
                return

    def handle_data(self, data: str) -> None:
        self._open.content.append(data)


@dataclass
class ShownField:
    """A field of a page: its label, its choices by what they send, and what it would send now."""

    label: str
    choices: dict[str, str] = field(default_factory=dict)
    values: list[str] = field(default_factory=list)
    is_day: bool = False
    is_number: bool = False

    def in_words(self, values: list[str]) -> str:
        """Return what these values say, choices by labels, days and numbers as people read them."""
        return ", ".join(words for value in values if (words := self._in_words(value)))

    def _in_words(self, value: str) -> str:
        if value in self.choices:
            # An empty choice says "Choose one".
            return self.choices[value] if value else ""
        if self.is_day and (day := parse_day(value)):
            return date_format(day)
        if self.is_number and value.isdecimal() and len(value) >= LONG_NUMBER:
            return number_format(int(value), use_l10n=True, force_grouping=True)
        return value


@dataclass
class ShownForm:
    """A form of a page that is posted: its address, its fields and what it carries hidden."""

    address: str
    fields: dict[str, ShownField] = field(default_factory=dict)
    hidden: set[tuple[str, str]] = field(default_factory=set)

    def field_of(self, name: str) -> ShownField | None:
        """Return the field of a name; "result_why" of a form in between stands for "why"."""
        return self.fields.get(name) or self.fields.get(name.partition("_")[2])


def forms_of(html: str, address: str) -> list[ShownForm]:
    """Return the posted forms of a page at `address`."""
    root = _Reader(html).root
    elements = list(root.walk())
    by_id = {one.attrs["id"]: one for one in elements if "id" in one.attrs}
    labels = {
        one.attrs["for"]: one for one in elements if one.tag == "label" and "for" in one.attrs
    }
    forms = {
        id(one): ShownForm(urljoin(address, one.attrs.get("action", "")))
        for one in elements
        if one.tag == "form" and one.attrs.get("method", "").lower() == "post"
    }
    for one in elements:
        if one.tag not in {"input", "select", "textarea", "button"} or not one.attrs.get("name"):
            continue
        owner = by_id.get(one.attrs.get("form", "")) or next(
            (each for each in one.around() if each.tag == "form"), None
        )
        if (form := forms.get(id(owner))) is not None:
            _add(form, one, _label_of(one, labels, by_id))
    for form in forms.values():
        _tell_apart(form)
    return list(forms.values())


def _label_of(one: Element, labels: dict[str, Element], by_id: dict[str, Element]) -> str:
    """Return the words that name an input, as a voice would read them."""
    if named := one.attrs.get("aria-labelledby"):
        return " ".join(by_id[each].words for each in named.split() if each in by_id)
    if "aria-label" in one.attrs:
        return one.attrs["aria-label"]
    around = next((each for each in one.around() if each.tag == "label"), None)
    label = labels.get(one.attrs.get("id", "")) or around
    return label.words if label else ""


def _group_of(one: Element) -> str:
    """Return the legend of the group that an input stands in, "" for none."""
    for around in one.around():
        if around.tag == "fieldset":
            legend = next((each for each in around.walk() if each.tag == "legend"), None)
            return legend.words if legend else ""
        if around.tag == "form":
            break
    return ""


def _add(form: ShownForm, one: Element, label: str) -> None:
    kind = one.attrs.get("type", "text") if one.tag == "input" else one.tag
    name, value = one.attrs["name"], one.attrs.get("value", "")
    if kind in {"hidden", "button", "submit"}:
        # What a button says is pressed, not typed.
        form.hidden.add((name, value))
    elif kind in {"checkbox", "radio"}:
        _add_tick(form, one, label)
    elif kind not in {"image", "reset", "file", "password"}:
        known = form.fields.setdefault(name, ShownField(label or _group_of(one)))
        known.is_day = "field-date" in one.attrs.get("class", "").split() or kind == "date"
        known.is_number = one.attrs.get("inputmode") in {"numeric", "decimal"}
        if kind == "select":
            options = [each for each in one.walk() if each.tag == "option"]
            known.choices = {each.attrs.get("value", each.words): each.words for each in options}
            known.values = [
                each.attrs.get("value", each.words) for each in options if "selected" in each.attrs
            ]
        else:
            known.values.append(one.text if kind == "textarea" else value)


def _add_tick(form: ShownForm, one: Element, label: str) -> None:
    """Add a choice to its group; a tick alone is named by its own label, and says yes."""
    name, value = one.attrs["name"], one.attrs.get("value", "on")
    is_alone = one.attrs.get("type") == "checkbox" and value == "on"
    known = form.fields.setdefault(name, ShownField(label if is_alone else _group_of(one) or label))
    known.choices[value] = _("Yes") if is_alone else label
    if "checked" in one.attrs:
        known.values.append(value)


def _tell_apart(form: ShownForm) -> None:
    """Count the fields of one label, such as the names in several rows of a list."""
    often = Counter(one.label for one in form.fields.values())
    seen: Counter[str] = Counter()
    for one in form.fields.values():
        if often[one.label] > 1:
            seen[one.label] += 1
            one.label = _("%(label)s (%(number)d)") % {
                "label": one.label,
                "number": seen[one.label],
            }


@cache
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler


def page_at(request: HttpRequest, address: str) -> str:
    """Return the page at an address as the person of `request` would open it now, "" for none.

    It passes through the same middleware and rights as any page that is opened.
    """
    path, _mark, query = address.partition("?")
    environ = {
        name: value
        for name, value in request.META.items()
        if name.startswith(("HTTP_", "SERVER_", "REMOTE_", "wsgi."))
    } | {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "wsgi.input": BytesIO(),
        WITHIN: True,
    }
    response: Any = _handler().get_response(WSGIRequest(environ))
    is_page = response.status_code == 200 and not response.streaming  # noqa: PLR2004
    if not is_page or not response.get("Content-Type", "").startswith("text/html"):
        return ""
    return response.content.decode()


def page_of(request: HttpRequest) -> str:
    """Return the address of the page whose form was sent: that which led here, else its own."""
    came = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came, {request.get_host()}):
        parts = urlsplit(came)
        return escape_leading_slashes(parts.path) + (f"?{parts.query}" if parts.query else "")
    return request.get_full_path()


def form_as_shown(
    request: HttpRequest, path: str, page: str, sent: list[tuple[str, list[str]]]
) -> ShownForm | None:
    """Return the form to `path` that was sent from `page`, as it opens now; None for gone.

    Of several forms to one address it is the one that shares most with what was sent.
    """
    if request.META.get(WITHIN):
        return None
    names = {name for name, _values in sent}
    pairs = {(name, value) for name, values in sent for value in values}

    def likeness(form: ShownForm) -> tuple[bool, int, int]:
        shared = sum(form.field_of(name) is not None for name in names)
        return form.address == path, shared, len(pairs & form.hidden)

    for address in dict.fromkeys([page, path]):
        forms = forms_of(page_at(request, address), address)
        found = max(forms, key=likeness, default=None)
        if found and likeness(found)[1]:
            return found
    return None
