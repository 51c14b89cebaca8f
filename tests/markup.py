"""HTML as tests read it: without the white space that only lays a template out."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit


def squeezed(html):
    """Return the HTML with single spaces, none of them just inside a tag or an element."""
    html = " ".join(html.split())
    html = re.sub(r"(<[a-z][^<>]*?) >", r"\1>", html)
    html = re.sub(r"(<[a-z][^<>]*>) (?=[^<])", r"\1", html)
    return re.sub(r"(?<=[^>]) (?=</)", "", html)


class Links(HTMLParser):
    """Where the links of a page lead, with the words of each, and its forms that only ask."""

    def __init__(self, html: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: dict[str, str] = {}
        self._open = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note where it leads."""
        attrs = {name: value or "" for name, value in attributes}
        if tag == "a" and attrs.get("href"):
            self._note(attrs["href"])
        elif tag == "form" and attrs.get("method", "get").lower() == "get":
            self._note(attrs.get("action", ""))

    def handle_endtag(self, tag: str) -> None:
        """Close a link."""
        if tag == "a":
            self._open = ""

    def handle_data(self, data: str) -> None:
        """Keep the words of a link, to name it."""
        if self._open:
            self.found[self._open] = f"{self.found[self._open]} {data.strip()}".strip()

    def _note(self, href: str) -> None:
        parts = urlsplit(urljoin(self.address, href))
        is_ours = parts.scheme in {"", "http"} and parts.netloc in {"", "testserver"}
        if not is_ours or href.startswith("#") or parts.path.startswith("/static/"):
            return
        self._open = parts.path + (f"?{parts.query}" if parts.query else "")
        self.found.setdefault(self._open, "")
