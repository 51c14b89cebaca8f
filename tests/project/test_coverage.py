"""The floors of coverage: a figure below one fails the suite."""

import json

import pytest

from tests.infra import coverage


def summary(run, lines, branches=0):
    return {
        "summary": {
            "covered_lines": run,
            "num_statements": lines,
            "covered_branches": 0,
            "num_branches": branches,
        }
    }


@pytest.fixture
def report(tmp_path, monkeypatch):
    monkeypatch.setattr(coverage, "floors", lambda: {"all": 80.0, "rules_and_services": 95.0})

    def write(files):
        path = tmp_path / "coverage.json"
        path.write_text(json.dumps({"files": files}))
        return path

    return write


def test_figures_above_the_floors_are_no_problem(report):
    line, problems = coverage.problems_of(
        report({"app/views.py": summary(8, 10), "app/rules.py": summary(10, 10)})
    )

    assert line == "Coverage with branches: 90.0 % of all code, 100.0 % of rules and services"
    assert problems == []


def test_branch_that_never_ran_counts(report):
    _line, problems = coverage.problems_of(report({"app/services/a.py": summary(90, 90, 10)}))

    assert problems == ["Coverage of rules and services is 90.0 %, the floor is 95.0 %."]


def test_missing_report_is_a_problem(tmp_path):
    assert coverage.problems_of(tmp_path / "none.json")[1] == ["No coverage was measured."]


@pytest.mark.parametrize(
    ("name", "decides"),
    [
        ("pairings/services/answers.py", True),
        ("core/post/services/sending.py", True),
        ("accounts/rules.py", True),
        ("accounts/views.py", False),
        ("programme/calls/selectors.py", False),
    ],
)
def test_rules_and_services_are_told_by_their_place(name, decides):
    assert coverage.holds_rules_or_services(name) is decides


def test_floors_of_the_project():
    assert coverage.floors()["rules_and_services"] >= 95
