"""Lists page by page: an old bookmark still shows something."""

import pytest

from core.kit.paging import page_of


@pytest.mark.parametrize(
    ("asked", "number", "rows"),
    [
        ("", 1, 2),
        ("?page=2", 2, 2),
        ("?page=3", 3, 1),
        ("?page=99", 3, 1),
        ("?page=0", 3, 1),
        ("?page=x", 1, 2),
    ],
)
def test_page_is_the_one_asked_for_or_the_nearest(rf, asked, number, rows):
    page = page_of(rf.get(f"/{asked}"), list(range(5)), size=2)

    assert (page.number, len(page.object_list)) == (number, rows)


def test_list_has_fifty_rows_a_page(rf):
    assert page_of(rf.get("/"), list(range(120))).paginator.num_pages == 3
