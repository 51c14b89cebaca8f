import pytest

from core.kit.text import clean_line, clean_paragraphs, fold


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
