"""The house rules, each a function from the house to its breaches in words."""

import re
from collections.abc import Iterator

from tools.look.house import TOKENS, House
from tools.look.sheets import AREAS, CLASS, classes_of
from tools.look.used import GAP

LONGEST_LINE = 120
MOST_SIZES, MOST_WEIGHTS = 9, 4
FONTS = "fonts.css"

SIZE = r"var\(--size-[\w-]+\)|calc\(var\(--size-[\w-]+\) / var\(--map-scale\)\)|inherit"
WEIGHT = r"var\(--weight-[\w-]+\)|inherit"
LEADING = r"var\(--leading-[\w-]+\)|inherit|0|1"
# What may stand behind each property that sets type.
TYPE = {
    "font": re.compile(r"inherit"),
    "font-size": re.compile(SIZE),
    "font-weight": re.compile(WEIGHT),
    "line-height": re.compile(LEADING),
    "letter-spacing": re.compile(r"var\(--tracking-[\w-]+\)|inherit|normal"),
    "--bs-btn-font-size": re.compile(SIZE),
    "--bs-btn-font-weight": re.compile(WEIGHT),
    "--bs-btn-line-height": re.compile(LEADING),
}
NAMES_OF_COLOURS = (
    "aqua|beige|black|blue|brown|coral|crimson|cyan|fuchsia|gold|gray|green|grey|indigo|ivory|khaki"
    "|lavender|lime|magenta|maroon|navy|olive|orange|orchid|pink|plum|purple|red|salmon|silver|tan"
    "|teal|tomato|turquoise|violet|wheat|white|yellow"
)
COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b"
    r"|\b(?:rgb|rgba|hsl|hsla|hwb|lab|lch|oklab|oklch|color|color-mix)\("
    rf"|(?<![\w-])(?:{NAMES_OF_COLOURS})(?![\w-])"
)
URL = re.compile(r"url\([^)]*\)|\"[^\"]*\"")
# Bootstrap's own ways to type and colour lead past the tokens.
PAST_TOKENS = re.compile(
    r"(fs|fw|lh|bg|display)-\w[\w-]*|text-(primary|success|danger|warning|info|muted)"
)
SPELLING = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def long_lines(house: House) -> Iterator[str]:
    """Template lines that no editor shows whole."""
    for name, text in house.templates.items():
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > LONGEST_LINE:
                yield f"templates/{name}:{number}: {len(line)} characters, {LONGEST_LINE} at most"


def scale(house: House) -> Iterator[str]:
    """More sizes or weights than the house has, or sizes that do not grow with the reader's."""
    sizes = {name: value for name, value in house.tokens.items() if re.match(r"--size-\d", name)}
    weights = [name for name in house.tokens if name.startswith("--weight-")]
    if len(sizes) > MOST_SIZES:
        yield f"static/css/{TOKENS}: {len(sizes)} type sizes, {MOST_SIZES} at most"
    if len(weights) > MOST_WEIGHTS:
        yield f"static/css/{TOKENS}: {len(weights)} weights, {MOST_WEIGHTS} at most"
    for name, value in sizes.items():
        if not re.fullmatch(r"[\d.]+rem", value):
            yield f"static/css/{TOKENS}: {name}: {value} is not in rem"


def raw_type(house: House) -> Iterator[str]:
    """Sizes, weights, line heights and letter spacings that are no tokens."""
    for rule in house.rules:
        if rule.sheet in {TOKENS, FONTS}:
            continue
        for name, value in rule.declarations:
            if name in TYPE and not TYPE[name].fullmatch(value):
                yield f"{rule.place}: {name}: {value} is no token"


def raw_colours(house: House) -> Iterator[str]:
    """Colours that stand outside the sheet of tokens."""
    for rule in house.rules:
        if rule.sheet == TOKENS:
            continue
        for name, value in rule.declarations:
            for found in COLOUR.findall(URL.sub("", value)):
                yield f"{rule.place}: {name}: {found} is no token"


def unknown_tokens(house: House) -> Iterator[str]:
    """Custom properties that nothing sets."""
    here = {name for rule in house.rules for name, _ in rule.declarations}
    theirs = set(re.findall(r"--[\w-]+(?=:)", house.bootstrap))
    for rule in house.rules:
        for _, value in rule.declarations:
            for token in re.findall(r"var\((--[\w-]+)", value):
                if token not in here and token not in theirs:
                    yield f"{rule.place}: {token} is set nowhere"


def unused_tokens(house: House) -> Iterator[str]:
    """Tokens that nothing takes."""
    taken = {
        token
        for rule in house.rules
        for _, value in rule.declarations
        for token in re.findall(r"var\((--[\w-]+)", value)
    }
    for name in house.tokens:
        if not name.startswith("--bs-") and name not in taken:
            yield f"static/css/{TOKENS}: {name} is taken nowhere"


def unused_classes(house: House) -> Iterator[str]:
    """Rules for classes that no template and no script puts into a page."""
    for rule in house.rules:
        for selector in rule.selectors:
            for name in classes_of(selector):
                if name not in house.used and name not in AREAS:
                    yield f"{rule.place}: .{name} is used nowhere"


def unknown_classes(house: House) -> Iterator[str]:
    """Classes in templates that no sheet and no script knows."""
    for name, place in house.used.tokens.items():
        if GAP not in name and name not in house.known:
            yield f"templates/{place}: class {name} is known to no sheet and no script"


def past_tokens(house: House) -> Iterator[str]:
    """Bootstrap's classes that set type or colour by themselves."""
    ours = {name for rule in house.rules for s in rule.selectors for name in classes_of(s)}
    for name, place in house.used.tokens.items():
        if PAST_TOKENS.fullmatch(name) and name not in ours:
            yield f"templates/{place}: class {name} leads past the tokens"


def scattered(house: House) -> Iterator[str]:
    """Components whose rules stand in several sheets."""
    for name, sheets in sorted(house.owners().items()):
        if len(sheets) > 1:
            yield f"static/css: the rules of .{name} stand in {', '.join(sorted(sheets))}"


def spelling(house: House) -> Iterator[str]:
    """Class names of ours that are not words joined by hyphens."""
    theirs = set(CLASS.findall(house.bootstrap))
    for rule in house.rules:
        for selector in rule.selectors:
            for name in classes_of(selector):
                parts = name.split("-")
                is_short = any(len(part) == 1 and not part.isdigit() for part in parts)
                if name not in theirs and (is_short or not SPELLING.fullmatch(name)):
                    yield f"{rule.place}: .{name} is not words joined by hyphens"


CHECKS = (
    long_lines,
    scale,
    raw_type,
    raw_colours,
    unknown_tokens,
    unused_tokens,
    unused_classes,
    unknown_classes,
    past_tokens,
    scattered,
    spelling,
)


def breaches(house: House) -> list[str]:
    """Return every breach once, rule by rule."""
    return [words for check in CHECKS for words in dict.fromkeys(check(house))]
