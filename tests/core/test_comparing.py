import pytest

from core.kit.comparing import BOTH, MINE, MOST_COMPARED, THEIRS, Run, TwoTexts, compare, compose
from core.kit.templatetags.comparing import marked

MINE_TEXT = "We count people. We agreed on two ships. We can show the contract."
THEIR_TEXT = "We count people. We agreed on three ships.\nOur data is open."


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (MINE_TEXT, THEIR_TEXT),
        ("", THEIR_TEXT),
        (MINE_TEXT, ""),
        ("Same.", "Same."),
        ("Line one\n\nLine two", "Line one\nLine two"),
        ("हम गिनते हैं। हाँ।", "हम गिनते हैं। नहीं।"),
        ("🎉" * 20, "a b c"),
    ],
)
def test_compare_loses_nothing(mine, theirs):
    parts = compare(mine, theirs)
    assert "".join(p.mine for p in parts) == mine
    assert "".join(p.theirs for p in parts) == theirs
    for part in parts:
        assert part.is_same or "".join(r.text for r in part.mine_runs) == part.mine


def test_compare_numbers_the_places():
    parts = compare(MINE_TEXT, THEIR_TEXT)
    assert [p.number for p in parts if not p.is_same] == [1, 2, 3]
    first = next(p for p in parts if p.number == 1)
    assert [r.text.strip() for r in first.mine_runs if r.only_here] == ["two"]
    assert [r.text.strip() for r in first.theirs_runs if r.only_here] == ["three"]


def test_compose_takes_what_is_chosen():
    parts = compare("Same. Mine here.", "Same. Theirs instead.")
    assert compose(parts, {1: MINE}) == "Same. Mine here."
    assert compose(parts, {1: THEIRS}) == "Same. Theirs instead."
    assert compose(parts, {1: BOTH}) == "Same. Mine here. Theirs instead."
    assert compose(parts, {}) == "Same. Mine here."


def test_compose_keeps_a_sentence_that_only_the_other_has():
    parts = compare("Same.", "Same. Added.")
    assert compose(parts, {}) == "Same. Added."
    assert not next(p for p in parts if not p.is_same).has_both


def test_marked_runs_are_escaped_and_keep_their_white_space():
    runs = [Run("a <b>\n", only_here=False), Run("c & d ", only_here=True)]
    assert marked(runs) == (
        'a &lt;b&gt;\n<ins><span class="visually-hidden">[only here: </span>c &amp; d '
        '<span class="visually-hidden"> end]</span></ins>'
    )
    assert marked(runs, "del").startswith("a &lt;b&gt;\n<del><span")


def test_marked_of_no_runs_is_empty():
    assert marked([]) == ""


def test_two_texts_mark_what_each_says_alone():
    two = TwoTexts("Share", "We count people. And we tell the buses.", "We count people.")
    assert two.differs
    assert two.more_words == 5
    assert [r.text for r in two.mine_runs if r.only_here] == ["And we tell the buses."]
    assert [r.text for r in two.theirs_runs if r.only_here] == []
    assert "".join(r.text for r in two.mine_runs) == two.mine


def test_two_texts_that_differ_in_line_ends_alone_are_the_same():
    two = TwoTexts("Share", "One\r\ntwo ", "One\ntwo")
    assert two.is_same
    assert not two.differs
    assert not TwoTexts("Share", "One").is_same
    assert not TwoTexts("Share", "One", "").differs


def test_very_long_texts_are_marked_as_a_whole():
    long = "word " * MOST_COMPARED
    two = TwoTexts("Share", long, "short")
    assert two.mine_runs == [Run(long, only_here=True)]
    assert two.theirs_runs == [Run("short", only_here=True)]
