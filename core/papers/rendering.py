"""Papers from data: a template of an app, the layout of the house, and JSON.

Text of people stays data: it is never put into a template, so it can run nothing. Templates reach
neither files nor network. Papers are tagged for screen readers and keep to PDF/UA-1.
"""

import datetime as dt
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst
from django.apps import apps

from core.papers.fonts import fonts
from core.papers.text import language_of, no_marks, own_marks, safe_data

logger = logging.getLogger(__name__)

LAYOUT = Path(__file__).parent / "layout"


@dataclass(frozen=True)
class Paper:
    """What a paper is made of.

    `app` and `template` name `<app>/papers/<template>.typ`; the template gets `data` with the
    title and what else the layout needs. `day` is written into the file instead of the day of
    making, so that the same data make the same paper. `footer` stands on every page.
    """

    app: str
    template: str
    title: str
    language: str
    data: dict[str, Any]
    description: str = ""
    day: dt.date | None = None
    footer: str = ""


def render(paper: Paper) -> bytes:
    """Return the paper as PDF.

    Marks that no font can set on their letter are left out rather than refuse the paper.
    """
    data = safe_data(
        {
            **paper.data,
            "title": paper.title,
            "description": paper.description,
            "footer": paper.footer,
        }
    )
    for clean in (own_marks, no_marks):
        try:
            return _compile(paper, data)
        except typst.TypstError as error:
            logger.warning("%s is drawn without some marks: %s", paper.template, error)
            data = safe_data(data, clean)
    return _compile(paper, data)


def _compile(paper: Paper, data: dict[str, Any]) -> bytes:
    day = paper.day
    machine = {
        # A title without a sign is none, and a strict PDF has one.
        "title": data["title"].strip("\u200c\u200d\u00ad \n") or paper.template,
        "language": language_of(paper.language),
        "day": [day.year, day.month, day.day] if day else None,
    }
    folder = Path(apps.get_app_config(paper.app).path) / "papers"
    made: bytes = _pdf(
        input={
            "main.typ": (folder / f"{paper.template}.typ").read_bytes(),
            **{path.name: path.read_bytes() for path in LAYOUT.glob("*.typ")},
        },
        # Nothing but what stands above is read.
        root=str(LAYOUT),
        font_paths=fonts(),
        sys_inputs={"data": json.dumps(data | machine)},
        pdf_standards=["ua-1"],
        format="pdf",
    )
    return made


_pdf: Callable[..., Any] = typst.compile
