"""`manage.py match`: files in, files out, exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

DATA = {
    "left": [{"id": "Riga", "country": "LV", "topics": ["water"]}],
    "right": [{"id": "Kochi", "country": "IN", "topics": ["water"]}],
}


@pytest.fixture
def write(tmp_path: Path):
    def to_file(data: Any) -> str:
        path = tmp_path / "in.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data))
        return str(path)

    return to_file


def test_result_has_all_its_parts(write, tmp_path: Path):
    out = tmp_path / "out.json"

    call_command("match", input=write(DATA), output=str(out))

    result = json.loads(out.read_text())
    assert result["pairs"] == [
        {
            "left": "Riga",
            "right": "Kochi",
            "score": 4000,
            "terms": {
                "themes": 3000,
                "needs_offers": 0,
                "size": 0,
                "languages": 0,
                "preferences": 1000,
                "setting": 0,
                "history": 0,
                "wishes": 0,
            },
            "locked": False,
        }
    ]
    assert result["total_score"] == 4000
    assert result["optimal"] is True
    certificate = result["certificate"]
    assert {*certificate.pop("potentials")} == {
        *("source", "left_country", "left", "right", "right_country", "sink")
    }
    assert certificate == {"bound": 4000, "gap": 0, "omitted_pairs_priced": 0}
    assert result["format"] == "iuc-matching-run/1"
    assert result["unmatched"] == {"left": [], "right": []}
    assert result["alternatives"] == {"Riga": []}
    assert result["blocking_pairs"] == []
    assert result["unmet"] == []


def test_without_output_a_summary_is_shown(write, capsys: pytest.CaptureFixture[str]):
    call_command("match", input=write(DATA))

    assert "1 pairs, total score 4,000." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "line 1, column 2: This is not JSON"),
        ('{"left": []}', "left: This side is empty"),
        (
            json.dumps(DATA | {"weights": {"themes": float("nan")}}),
            "weights.themes: Write a number",
        ),
    ],
)
def test_bad_input_ends_with_2_and_writes_nothing(write, tmp_path: Path, text: str, words: str):
    out = tmp_path / "out.json"

    with pytest.raises(CommandError) as refused:
        call_command("match", input=write(text), output=str(out))

    assert refused.value.returncode == 2
    assert words in str(refused.value)
    assert not out.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["in.json"]


def test_missing_file_is_named():
    with pytest.raises(CommandError, match=r"nowhere\.json: The file cannot be read"):
        call_command("match", input="nowhere.json")


@pytest.mark.parametrize(("which", "ids"), [("none", []), ("few", ["Riga"]), ("all", ["Riga"])])
def test_alternatives_can_be_chosen(write, tmp_path: Path, which: str, ids: list[str]):
    out = tmp_path / "out.json"

    call_command("match", input=write(DATA), output=str(out), alternatives=which)

    assert list(json.loads(out.read_text())["alternatives"]) == ids
