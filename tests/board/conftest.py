"""A call with a run on its board, whose four cities are chosen and known."""

import pytest

from tests.board.world import make_board


@pytest.fixture
def board():
    return make_board()
