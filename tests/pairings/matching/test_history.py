"""The page of the pairings run again is what its command writes."""

import pytest

from benchmarks.history import TARGET, page

pytestmark = pytest.mark.once


def test_page_is_what_the_command_writes():
    assert TARGET.read_text(encoding="utf-8") == page()
