"""The pictures in docs/states.md show the moves that the models declare, and no others."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Model

from applications.models import Application, Interest
from pairings.models import Pairing

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "states.md"


def diagram(model: type[Model]) -> str:
    """Draw the moves of a model's status as Mermaid text, in the order of its states."""
    field = model._meta.get_field("status")
    order = [value for value, _label in field.choices]
    moves = {(str(t.source), str(t.target)) for t in field.get_all_transitions(model)}
    lines = [
        f"    {source} --> {target}"
        for source, target in sorted(moves, key=lambda m: (order.index(m[0]), order.index(m[1])))
    ]
    ends = {target for _source, target in moves} - {source for source, _target in moves}
    return "\n".join(
        [
            "```mermaid",
            "stateDiagram-v2",
            f"    [*] --> {field.default.value}",
            *lines,
            *(f"    {end} --> [*]" for end in sorted(ends, key=order.index)),
            "```",
        ]
    )


@pytest.mark.parametrize(
    ("model", "heading"),
    [
        (Application, "Application"),
        (Interest, "Expression of interest"),
        (Pairing, "Pairing"),
    ],
)
def test_picture_shows_the_declared_moves(model, heading):
    section = DOCUMENT.read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    assert diagram(model) in section, f"Put this under “{heading}”:\n{diagram(model)}"
