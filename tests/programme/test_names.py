"""Names are compared by what a reader takes them for."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.kit.text import clean_line
from programme.names import core_skeleton, skeleton


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Rijeka", "Rij\u00adeka"),
        ("Rijeka", "R\u0456jeka"),
        ("Helsinki", "\u041delsinki"),
        ("Ljubljana", "Ijub\u0406jana"),
        ("RIJEKA", "rijeka"),
        ("Łódź", "Lodz"),
        ("Cluj-Napoca", "Cluj Napoca"),
        ("L'Aquila", "L\u2019Aquila"),
        ("Köln", "Ko\u0308ln"),
        ("Pune", "Pu\u200dne"),
    ],
)
def test_what_looks_the_same_has_one_skeleton(name, other):
    assert skeleton(name) == skeleton(other)


@pytest.mark.parametrize(
    ("name", "other"), [("Pune", "Pane"), ("Graz", "Linz"), ("पुणे", "पणे"), ("北京", "東京")]
)
def test_what_looks_different_has_two(name, other):
    assert skeleton(name) != skeleton(other)


@pytest.mark.parametrize(
    "name",
    [
        "City of Dubrovnik",
        "C\u0456ty of Dubrovnik",
        "Grad Dubrovnik",
        "Dubrovnik Municipality",
        "DUBROVNIK",
    ],
)
def test_the_kind_of_body_is_no_part_of_its_own_name(name):
    assert core_skeleton(name) == core_skeleton("Dubrovnik")


def test_a_name_of_kinds_alone_keeps_them():
    assert core_skeleton("The City") == skeleton("The City")


@example("\u00b4")
@given(st.text(max_size=30))
def test_every_seen_name_has_a_skeleton_that_cleaning_does_not_change(name):
    cleaned = clean_line(name)

    assert skeleton(cleaned) == skeleton(name)
    assert bool(skeleton(name)) == bool(cleaned)
