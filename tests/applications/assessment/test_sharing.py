"""Sharing out: even within one, never against a link, and the best there is, by brute force."""

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.assessment.engine.sharing import MOST_KNOWN, Task, share

pytestmark = pytest.mark.once


@st.composite
def tasks(draw):
    applications = list(range(1, draw(st.integers(1, 4)) + 1))
    readers = list(range(11, 11 + draw(st.integers(1, 4))))
    pairs = list(product(applications, readers))
    away = draw(st.sets(st.sampled_from(pairs), max_size=len(pairs)))
    free = [pair for pair in pairs if pair not in away]
    locked = draw(st.sets(st.sampled_from(free), max_size=2)) if free else set()
    return Task(
        needed={one: draw(st.integers(1, 3)) for one in applications},
        readers=readers,
        known={pair: draw(st.integers(0, MOST_KNOWN)) for pair in pairs},
        locked=frozenset(locked),
        kept_away=frozenset(away),
    )


def worth(task, pairs):
    """Return what is to be as small as can be: missing, unevenness, then ignorance."""
    loads = Counter(reader for _one, reader in pairs)
    has = Counter(one for one, _reader in pairs)
    return (
        sum(max(0, number - has[one]) for one, number in task.needed.items()),
        sum(loads[reader] ** 2 for reader in task.readers),
        -sum(task.known.get(pair, 0) for pair in pairs),
    )


def best(task):
    """Return the best worth of all sharings that the locks and links leave."""
    choices = []
    for one, number in task.needed.items():
        fixed = [pair for pair in task.locked if pair[0] == one]
        free = [
            (one, reader)
            for reader in task.readers
            if (one, reader) not in task.kept_away and (one, reader) not in task.locked
        ]
        more = max(0, number - len(fixed))
        choices.append(
            [
                (*fixed, *picked)
                for size in range(min(more, len(free)) + 1)
                for picked in combinations(free, size)
            ]
        )
    return min(
        worth(task, [pair for row in chosen for pair in row]) for chosen in product(*choices)
    )


@settings(max_examples=150, deadline=None)
@given(tasks())
def test_sharing_is_the_best_there_is(task):
    found = share(task)
    assert found.is_proved
    assert worth(task, found.pairs) == best(task)
    assert not found.pairs & task.kept_away
    assert task.locked <= found.pairs
    assert sum(found.missing.values()) == worth(task, found.pairs)[0]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), st.integers(1, 8), st.integers(1, 3), st.randoms())
def test_loads_are_even_within_one_where_nothing_stands_in_the_way(many, people, each, random):
    readers = range(100, 100 + people)
    known = {(one, reader): random.randint(0, 5) for one in range(many) for reader in readers}
    found = share(Task(dict.fromkeys(range(many), min(each, people)), readers, known))
    assert found.apart <= 1
    assert not found.missing
    assert len(found.pairs) == many * min(each, people)


def test_knowledge_decides_among_even_ones():
    known = {(1, 11): 5, (2, 12): 5, (1, 12): 1, (2, 11): 1}
    assert share(Task({1: 1, 2: 1}, (11, 12), known)).pairs == {(1, 11), (2, 12)}


def test_who_has_many_locks_gets_less():
    locked = frozenset({(1, 11), (2, 11)})
    found = share(Task({1: 1, 2: 1, 3: 1, 4: 1}, (11, 12), {(3, 11): 5}, locked))
    assert found.loads == {11: 2, 12: 2}


def test_nobody_free_is_said():
    away = frozenset({(1, 11), (1, 12)})
    found = share(Task({1: 2, 2: 2}, (11, 12), {}, kept_away=away))
    assert found.missing == {1: 2}
    assert found.is_proved


def test_nothing_to_share():
    assert share(Task({}, (), {})).apart == 0
