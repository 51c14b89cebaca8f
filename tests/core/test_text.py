import pytest

from core.kit.text import clean_line, clean_paragraphs, fold, search_words


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Łódź", "lodz"),
        ("Malmö", "malmo"),
        ("Växjö", "vaxjo"),
        ("Dubrovnik + Župa Dubrovačka", "dubrovnik + zupa dubrovacka"),
        ("Gießen", "giessen"),
        ("Århus", "arhus"),
        ("Đakovo", "dakovo"),
        ("İstanbul", "istanbul"),
        ("Kōriyama", "koriyama"),
        ("ŁÓDŹ", "lodz"),
        ("São Leopoldo", "sao leopoldo"),
    ],
)
def test_fold_drops_accents(name, folded):
    assert fold(name) == folded


def test_fold_keeps_other_scripts():
    assert fold("重庆") == "重庆"


def test_clean_line_keeps_joiners_of_hindi_and_emoji():
    assert clean_line("क्\u200dष 👩\u200d👩") == "क्\u200dष 👩\u200d👩"


def test_clean_paragraphs_gives_one_normal_form():
    assert clean_paragraphs("e\u0301") == "é"


UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u2060\u2064\u206a"
    "\u2800\u3164\ufe0f\ufeff\uffa0\U000e0041"
)


@pytest.mark.parametrize("sign", UNSEEN, ids=ascii)
def test_what_nobody_sees_is_no_text(sign):
    assert clean_line(sign * 17) == ""
    assert clean_paragraphs(f"\n{sign} {sign}") == ""


@pytest.mark.parametrize("sign", sorted(set(UNSEEN) - set("\u200c\u200d\u2800\ufe0f")), ids=ascii)
def test_what_nobody_sees_makes_no_second_name(sign):
    assert clean_line(f"Rij{sign}eka") == "Rijeka"


def test_signs_of_format_that_are_seen_stay():
    assert clean_line("\u0600\u06dd ❤\ufe0f") == "\u0600\u06dd ❤\ufe0f"


def test_search_words_are_folded_and_stand_once():
    assert search_words(" Łódź  lodz Río ") == ["lodz", "rio"]
    assert search_words("") == []


@pytest.mark.parametrize("typed", ["ﷺ" * 5_000, "x " * 5_000, " ".join(map(str, range(99)))])
def test_search_stays_small_whatever_comes(typed):
    words = search_words(typed)

    assert len(words) <= 10
    assert sum(map(len, words)) <= 100
