"""HTML as tests read it: without the white space that only lays a template out."""

import re


def squeezed(html):
    """Return the HTML with single spaces, none of them just inside a tag or an element."""
    html = " ".join(html.split())
    html = re.sub(r"(<[a-z][^<>]*?) >", r"\1>", html)
    html = re.sub(r"(<[a-z][^<>]*>) (?=[^<])", r"\1", html)
    return re.sub(r"(?<=[^>]) (?=</)", "", html)
