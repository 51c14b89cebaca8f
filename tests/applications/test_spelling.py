"""Another spelling of a name, or another name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.spelling import is_spelling_of

LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=20)


@pytest.mark.parametrize(
    ("now", "signed"),
    [
        ("University of Split", "Univeristy of Split"),
        ("University of Dubrovnik", "Universitty of Dubrovnik"),
        ("Sveučilište u Splitu", "Sveuciliste u Splitu"),
        ("Dubrovnik-Neretva County", "DUBROVNIK NERETVA COUNTY"),
        ("Chamber of Commerce", "Chamber of Comerce"),
        ("L’Aquila", "L'Aquila"),
        ("Region Stuttgart 2", "Region Stutgart 2"),
        ("Περιφέρεια Αττικής", "Περιφερεια Αττικης"),
        ("東京大学", "東京大学"),
    ],
)
def test_slips_of_the_pen_are_the_same_name(now, signed):
    assert is_spelling_of(now, signed)


@pytest.mark.parametrize(
    ("now", "signed"),
    [
        ("University of Zadar", "University of Split"),
        ("University of Split, Faculty of Law", "University of Split"),
        ("Split University", "University of Split"),
        # One letter, and another place.
        ("City of Bari", "City of Bali"),
        # Two, however long the word.
        ("Südoststeiermark", "Südweststeiermark"),
        ("Northeastern University", "Northwestern University"),
        ("University of Dubrovnik", "Universitet of Dubrovnik"),
        ("Region 2", "Region 1"),
        ("District 11", "District l1"),
        # A sign is a word.
        ("京都大学文学部", "東京大学文学部"),
        ("北海道大学", "東海道大学"),
        ("", "University of Split"),
    ],
)
def test_another_word_or_number_is_another_name(now, signed):
    assert not is_spelling_of(now, signed)


@given(LETTERS)
def test_every_name_is_a_spelling_of_itself(name):
    assert is_spelling_of(name, name)


@given(LETTERS, st.data())
def test_one_letter_out_of_place_is_a_slip_whichever_way_it_is_read(name, data):
    place = data.draw(st.integers(0, len(name) - 2))
    swapped = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    assert is_spelling_of(swapped, name)
    assert is_spelling_of(name, swapped)


@given(LETTERS, LETTERS)
def test_order_of_the_two_does_not_matter(one, other):
    assert is_spelling_of(one, other) == is_spelling_of(other, one)
