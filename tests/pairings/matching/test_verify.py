"""The small script that re-checks the file of a run."""

import copy
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from pairings.matching.engine import Instance, MatchingInputError, Session, read_instance
from pairings.matching.engine.files import as_file, empty_file
from pairings.matching.engine.sealing import digest, sealed
from pairings.matching.verify import faults, main
from tests.pairings.matching.strategies import instances
from tests.pairings.matching.test_optimum import QUICK
from tests.pairings.matching.test_scoring import instance as drawn

pytestmark = pytest.mark.once

# With every kind of rule in it; the limits bind.
RULES: dict[str, Any] = {
    "min_score": 900,
    "min_pairs": 3,
    "locked": [["l0", "r0"]],
    "forbidden": [["l1", "r1"]],
    "quotas": {
        "left_country": {"FR": {"min": 1, "max": 3}, "XX": {"min": 1}},
        "right_country": {"JP": {"min": 1, "max": 2}},
    },
}


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    return json.loads(json.dumps(as_file(Session(drawn(**RULES)), ["l0"])))


def resealed(file: dict[str, Any]) -> dict[str, Any]:
    """Return the file as a forger would leave it."""
    return sealed({key: value for key, value in file.items() if key != "digest"})


@settings(parent=QUICK, max_examples=60)
@given(instances())
def test_every_run_of_the_engine_holds(instance: Instance):
    assert list(faults(json.loads(json.dumps(as_file(Session(instance), []))))) == []


@settings(parent=QUICK, max_examples=20)
@given(instances(outside=True, size=3))
def test_every_run_under_rules_outside_the_network_holds(instance: Instance):
    file = as_file(Session(instance), [])
    assert list(faults(json.loads(json.dumps(file)))) == []


def test_result_may_stand_under_a_key_of_its_own(run):
    own = {"format", "instance", "digest"}
    result = {key: value for key, value in run.items() if key not in own}
    file = {"format": run["format"], "instance": run["instance"], "result": result}
    assert list(faults(sealed(file))) == []


def holds(file: dict[str, Any]) -> bool:
    try:
        return not list(faults(file))
    except MatchingInputError:
        return False


def numbers(data: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every whole number."""
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from numbers(value, (*at, key))
    elif isinstance(data, int) and not isinstance(data, bool):
        yield at


def changed(data: dict[str, Any], at: tuple[Any, ...], by: int) -> dict[str, Any]:
    other = copy.deepcopy(data)
    place = other
    for key in at[:-1]:
        place = place[key]
    place[at[-1]] += by
    return other


def test_a_changed_digit_fails_wherever_it_stands(run):
    ways = list(numbers(run))
    assert len(ways) > 100
    assert [at for at in ways if holds(changed(run, at, 1))] == []


# What nothing is held against: counts of the search, costs that only a solver knows, lists to
# read; and prices may differ as long as they prove the same.
UNPROVED = {
    *("omitted_pairs_priced", "alternatives", "blocking_pairs", "blocking_pairs_total"),
    *("worst_off", "potentials"),
}


def test_a_forger_who_seals_anew_is_found_out(run):
    ways = [at for at in numbers(run) if not UNPROVED.intersection(at) and at[0] != "instance"]
    assert len(ways) > 30
    assert [at for at in ways if holds(resealed(changed(run, at, 1)))] == []
    pair = run["pairs"][-1]
    for side, by in (("left", -1), ("left", 10**9), ("right", 10**9)):
        way = ("certificate", "potentials", side, pair[side])
        assert not holds(resealed(changed(run, way, by * 10**6)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda run: run["pairs"].pop(), "total is"),
        (lambda run: run["pairs"].append(run["pairs"][0]), "stands twice"),
        (lambda run: run["instance"].update(locked=[]), "told wrongly"),
        (lambda run: run["instance"].update(min_score=9_000), "below 9000"),
        (lambda run: run["instance"].update(forbidden=[["l0", "r0"]], locked=[]), "not allowed"),
        (lambda run: run["instance"]["left"][0].update(capacity=0), "cannot be matched|capacity"),
        (lambda run: run["instance"].update(quotas={}), "told wrongly"),
        (
            lambda run: run["instance"]["quotas"]["right_country"].update(JP={"max": 1}),
            "more pairs than its maximum",
        ),
        (lambda run: run["certificate"].update(potentials=None), "are missing"),
        (lambda run: run["certificate"]["potentials"].update(sink=0.5), "no whole number"),
        (lambda run: run["instance"]["weights"].update(themes=31.5), "the score is"),
        (lambda run: run.update(optimal=False), "prove nothing"),
        (lambda run: run.update(format="another"), "The format is"),
        (lambda run: run.pop("unmet"), "is missing"),
    ],
)
def test_what_is_wrong_is_said(run, tmp_path, capsys, change, words):
    file = copy.deepcopy(run)
    change(file)
    path = tmp_path / "run.json"
    path.write_text(json.dumps(resealed(file)))

    assert main([str(path)]) == 1
    assert re.search(words, capsys.readouterr().out)


def test_optimality_under_rules_outside_is_not_claimed(tmp_path, capsys):
    pairs = [["l0", "r1"], ["l1", "r0"]]
    path = tmp_path / "run.json"
    path.write_text(json.dumps(as_file(Session(drawn(conflicts=[pairs])), [])))
    assert main([str(path)]) == 0
    assert "optimality not proved here" in capsys.readouterr().out


def test_a_side_with_nobody_holds_without_pairs():
    file = empty_file({"left": [], "right": [{"id": "a", "country": "IN"}]}, "Nobody applied.")
    assert list(faults(file)) == []
    assert file["digest"] == digest(file)


def test_script_needs_neither_django_nor_a_solver(run, tmp_path):
    path = tmp_path / "run.json"
    path.write_text(json.dumps(run))
    code = (
        "import sys\n"
        "for name in ('django', 'ortools', 'scipy'): sys.modules[name] = None\n"
        "from pairings.matching.verify import main\n"
        f"sys.exit(main([{str(path)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "The potentials prove it" in done.stdout


def test_script_is_small_and_names_a_missing_file(capsys):
    source = Path(sys.modules[main.__module__].__file__ or "").read_text(encoding="utf-8")
    assert len(source.splitlines()) < 200
    assert main(["nowhere.json"]) == 2
    assert "nowhere.json" in capsys.readouterr().err


def test_all_pairs_of_a_run_are_looked_at():
    """A pair that would be better and was left out shows in the bound."""
    cities = {
        "left": [{"id": "a", "country": "FR"}],
        "right": [{"id": "b", "country": "IN"}, {"id": "c", "country": "IN"}],
    }
    worse = as_file(Session(read_instance({**cities, "scores": [["a", "b", 5]]})), [])
    worse["instance"]["scores"].append(["a", "c", 9])
    worse["certificate"]["potentials"]["right"]["c"] = 0
    assert "The potentials do not prove the total" in " ".join(faults(resealed(worse)))
