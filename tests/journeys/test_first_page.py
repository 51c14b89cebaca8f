"""The browser itself: the first page loads, whole and sealed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_home_page_loads(new_page: Callable[..., Page], axe: Callable[[Page], None], width: int):
    page = new_page(width=width)

    answer = page.goto("/")

    assert answer.status == 200
    assert page.locator("h1").count() == 1
    axe(page)
