"""A call with a run on its board, whose four cities are chosen and known."""

import pytest

from tests.board.world import make_board
from tests.factories.accounts import CoordinatorFactory


@pytest.fixture(autouse=True)
def open_console(settings):
    # The second factor has tests of its own.
    settings.DEMO = True


@pytest.fixture
def by():
    return CoordinatorFactory()


@pytest.fixture
def boss(by, sign_in):
    return sign_in(by)


@pytest.fixture
def board():
    return make_board()
