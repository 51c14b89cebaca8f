"""Change the rules of eligibility one place at a time, and see whether their tests notice.

    python -m tests.infra.mutate            every change; prints those that no test noticed
    python -m tests.infra.mutate --every 5  each fifth of them, for a first look

A change is a comparison that lets one more through, "and" for "or", another number, another word, a
value or an answer that is left out. The score is the share of changes with which a test fails.
docs/testing.md says what it was last.
"""

import argparse
import ast
import copy
import os
import signal
import sys
from collections.abc import Callable, Iterator
from importlib import import_module, reload
from pathlib import Path
from types import ModuleType

import django
import pytest
from hypothesis import settings

PACKAGE = "applications.eligibility"
# In the order in which they import each other.
MODULES = ["words", "facts", "population", "criteria"]
# The first one notices most.
TESTS = ["tests/applications/test_eligibility_words.py", "tests/applications/test_eligibility.py"]
# A change may make a loop that never ends.
PATIENCE = 60

SWAPPED = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}
Change = tuple[int, str, Callable[[], None]]


def docstrings(tree: ast.AST) -> set[int]:
    """Return the constants that only readers of the code see."""
    bodies = [getattr(node, "body", []) for node in ast.walk(tree)]
    firsts = [body[0] for body in bodies if isinstance(body, list) and body]
    return {id(first.value) for first in firsts if isinstance(first, ast.Expr)}


def notes(tree: ast.AST) -> set[int]:
    """Return the nodes of annotations, which do nothing when the code runs."""
    found: set[int] = set()
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if note := getattr(node, name, None):
                found |= {id(part) for part in ast.walk(note)}
    return found


def other_value(value: object) -> Iterator[tuple[str, object]]:
    """Yield another value of the kind, with its words."""
    if isinstance(value, bool):
        yield str(not value), not value
    elif isinstance(value, int):
        yield str(value + 1), value + 1
    elif isinstance(value, str):
        yield f"XX{value[:30]}", f"XX{value}"


def changed(node: ast.AST) -> Iterator[tuple[str, str, object]]:
    """Yield (attribute, words, new value) for each way to change a node."""
    match node:
        case ast.Compare(ops=[op, *more]) if type(op) in SWAPPED:
            new = SWAPPED[type(op)]
            yield "ops", new.__name__, [new(), *more]
        case ast.BoolOp(op=op) | ast.BinOp(op=op) if type(op) in SWAPPED:
            new = SWAPPED[type(op)]
            yield "op", new.__name__, new()
        case ast.UnaryOp(op=ast.Not()):
            yield "op", "without not", ast.UAdd()
        case ast.Constant(value=value):
            for words, another in other_value(value):
                yield "value", words, another
        case ast.IfExp(test=test) | ast.If(test=test):
            yield "test", "if not", ast.UnaryOp(ast.Not(), test)
        case ast.Return(value=ast.expr()):
            yield "value", "return None", ast.Constant(None)
        case ast.Assign():
            yield "value", "= None", ast.Constant(None)


def mutants(source: str) -> Iterator[tuple[int, str, ast.AST]]:
    """Yield each changed tree with the line and the words of its change."""
    tree = ast.parse(source)
    left_out = docstrings(tree) | notes(tree)
    for place, node in enumerate(ast.walk(tree)):
        if id(node) in left_out:
            continue
        for attribute, words, value in changed(node):
            other = copy.deepcopy(tree)
            target = list(ast.walk(other))[place]
            setattr(target, attribute, value)
            yield getattr(node, "lineno", 0), words, ast.fix_missing_locations(other)


def path_of(module: ModuleType) -> Path:
    return Path(str(module.__file__))


def is_noticed(part: str, tree: ast.AST) -> bool:
    """Run the tests in a process of their own, with the changed module in its place."""
    child = os.fork()
    if child == 0:
        signal.alarm(PATIENCE)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        try:
            for other in MODULES:
                module = import_module(f"{PACKAGE}.{other}")
                code = tree if other == part else ast.parse(path_of(module).read_text("utf-8"))
                exec(compile(code, str(module.__file__), "exec"), module.__dict__)
            reload(import_module(PACKAGE))
            options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain"]
            failed = any(pytest.main([*options, tests]) for tests in TESTS)
        except BaseException:  # noqa: BLE001 - a module that does not load is noticed too
            os._exit(1)
        os._exit(1 if failed else 0)
    _pid, status = os.waitpid(child, 0)
    return status != 0


def main() -> int:
    """Print what no test noticed, and the score."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    every = parser.parse_args().every
    os.environ["DJANGO_SETTINGS_MODULE"] = "iuc_portal.settings.test"
    django.setup()
    import_module("tests.conftest")
    # What chance finds is found in few turns: the edges have tests of their own.
    settings.register_profile("mutants", max_examples=10, deadline=None)
    settings.load_profile("mutants")
    made = noticed = 0
    for part in MODULES:
        module = import_module(f"{PACKAGE}.{part}")
        if is_noticed(part, ast.parse(path_of(module).read_text("utf-8"))):
            print("The tests fail without a change. Make them pass first.")
            return 1
        trees = list(mutants(path_of(module).read_text("utf-8")))[::every]
        for line, words, tree in trees:
            made += 1
            if is_noticed(part, tree):
                noticed += 1
            else:
                print(f"{path_of(module).name}:{line}: {words}", flush=True)
    print(f"{noticed} of {made} changes noticed: {100 * noticed / made:.1f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
