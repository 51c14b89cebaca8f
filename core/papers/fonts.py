"""The fonts of all papers: Noto, from wheels, so that every machine draws the same page."""

from functools import cache
from pathlib import Path

import manimgx_fonts
import manimgx_fonts_cjk
import typst
from fontTools.ttLib import TTFont

FOLDERS = [Path(module.__file__).parent for module in (manimgx_fonts, manimgx_fonts_cjk)]


@cache
def fonts() -> typst.Fonts:
    """Return the fonts, read once a process; none of the machine's own."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in FOLDERS],
    )


@cache
def drawable() -> frozenset[int]:
    """Return the characters that some font draws; takes most of a second, once a process."""
    found: set[int] = set()
    for folder in FOLDERS:
        for path in folder.glob("*.tt[fc]"):
            # The fonts of a collection differ in how they draw a character, not in which.
            with TTFont(path, lazy=True, fontNumber=0) as font:
                found |= set(font.getBestCmap())
    return frozenset(found)
