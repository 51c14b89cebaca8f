"""Lists page by page: an old bookmark still shows something."""

import pytest

from accounts.models import User
from core.kit import paging
from core.kit.paging import NewestPaginator, page_of
from tests.factories.accounts import UserFactory


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


@pytest.mark.django_db
def test_list_that_was_counted_already_is_not_counted_again(rf, django_assert_num_queries):
    UserFactory.create_batch(3)
    with django_assert_num_queries(1):
        page = page_of(rf.get("/?page=2"), User.objects.order_by("pk"), size=2, counted=3)
        assert (page.number, len(page.object_list), page.paginator.count) == (2, 1, 3)


@pytest.mark.django_db
@pytest.mark.parametrize(("most", "count", "has_more"), [(3, 3, True), (10, 5, False)])
def test_very_long_list_is_counted_so_far(rf, monkeypatch, most, count, has_more):
    monkeypatch.setattr(paging, "MOST_COUNTED", most)
    UserFactory.create_batch(5)

    page = page_of(
        rf.get("/?page=9"), User.objects.order_by("pk"), size=2, paginator=NewestPaginator
    )

    assert (page.paginator.count, page.paginator.has_more) == (count, has_more)
    assert page.number == page.paginator.num_pages


@pytest.mark.django_db
@pytest.mark.parametrize(("counted", "number"), [(2, 2), (5, 3)])
def test_what_was_counted_already_is_not_counted_again(
    counted, number, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(paging, "MOST_COUNTED", 3)

    with django_assert_num_queries(0):
        paginator = NewestPaginator(User.objects.order_by("pk"), 2, counted=counted)

        assert paginator.count == number
        assert paginator.has_more is (number == 3)
