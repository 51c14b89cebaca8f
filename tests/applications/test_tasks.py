import pytest

from applications.selectors.tasks import Task


@pytest.mark.parametrize(
    ("state", "mark"),
    [
        ("done", "done"),
        ("attention", "waiting"),
        ("in_progress", "progress"),
        ("not_started", "none"),
    ],
)
def test_mark_shows_how_far_a_section_is(state, mark):
    task = Task(key="contacts", title="", state=state, hint="", url_name="", group="")
    assert task.mark == mark
