"""The catalogue: how kinds are declared and found, and what a duty says."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from core.duties import catalogue
from core.duties.catalogue import OVERDUE, Ask, Duty, Words, duty, find, find_again, kinds
from core.duties.models import Touch
from core.duties.services import forget, touch
from programme.calls.states import MilestoneKind
from tests.factories.applications import ApplicationFactory
from tests.factories.pairings import AcceptedPairingFactory, MilestoneFactory, PairingFactory
from tests.factories.programme import CallFactory

DUE = dt.datetime(2026, 12, 11, 16, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@duty("minutes", label="Minutes of a meeting", days=(7, OVERDUE), to=("lead",))
def minutes(ask):
    """As an app that knows nothing of the others would declare it."""
    for number in (1, 2):
        about = f"meeting:{number}"
        if ask.about is None or about in ask.about:
            yield Duty(
                kind="minutes",
                about=about,
                owner="organisation:17",
                due=DUE,
                page="/meetings/",
                say=lambda number=number: Words(title=f"Minutes {number}"),
            )


@pytest.fixture
def plugged(monkeypatch):
    """Let the socket find the given modules alone."""

    def plug(*modules):
        monkeypatch.setattr(catalogue, "plugged", lambda _name: modules)
        kinds.cache_clear()

    yield plug
    kinds.cache_clear()


def test_kind_is_found_in_the_module_of_its_app(plugged):
    plugged(SimpleNamespace(minutes=minutes, DAYS=(7,)))

    assert kinds() == {"minutes": minutes}
    assert [each.words.title for each in find(Ask())] == ["Minutes 1", "Minutes 2"]


def test_kind_that_two_apps_declare_is_refused(plugged):
    other = duty("minutes", label="Others")(minutes.find)
    plugged(SimpleNamespace(a=minutes), SimpleNamespace(b=other))

    with pytest.raises(ImproperlyConfigured, match="minutes"):
        kinds()


def test_duty_is_found_again_by_its_key(plugged):
    plugged(SimpleNamespace(minutes=minutes))
    second = list(find(Ask()))[1]

    assert second.key == "minutes/meeting:2/organisation:17"
    assert find_again(second.key).words.title == "Minutes 2"
    assert find_again("minutes/meeting:3/organisation:17") is None
    assert find_again("unknown/meeting:3/organisation:17") is None


def test_words_are_written_when_they_are_read_and_once():
    said = []

    def say():
        said.append(1)
        return Words(title="Write the minutes")

    owed = Duty(kind="minutes", about="a:1", owner="b:2", due=DUE, page="/", say=say)

    assert said == []
    assert owed.words.title == owed.words.title == "Write the minutes"
    assert said == [1]


@pytest.mark.parametrize(
    ("due", "done", "late"), [(DUE, False, True), (DUE, True, False), (None, False, False)]
)
def test_duty_is_late_once_its_date_has_passed(due, done, late):
    owed = Duty(kind="minutes", about="a:1", owner="b:2", due=due, page="/", say=Words, done=done)

    assert owed.is_late(DUE + DAY) is late
    assert not owed.is_late(DUE)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (DUE - 8 * DAY, None),
        (DUE - 7 * DAY, 7),
        (DUE - dt.timedelta(seconds=1), 7),
        (DUE, OVERDUE),
        (DUE + 90 * DAY, OVERDUE),
    ],
)
def test_newest_day_that_has_come_counts(at, day):
    assert minutes.day_come(DUE, at) == day


@pytest.mark.django_db
def test_touch_is_kept_until_it_was_looked_at():
    call, other = CallFactory(), CallFactory()
    touch(call)
    seen = list(Touch.objects.all())
    touch(call, other)

    forget(seen)

    assert [each.about for each in Touch.objects.order_by("pk")] == [
        f"call:{call.pk}",
        f"call:{other.pk}",
    ]


@pytest.mark.django_db
def test_touch_of_a_change_that_fails_is_none():
    call = CallFactory()

    @transaction.atomic
    def change():
        touch(call)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        change()

    assert not Touch.objects.exists()


def test_every_kind_of_the_portal_is_whole():
    for kind in kinds().values():
        assert str(kind.label)
        assert list(kind.days) == sorted(kind.days, reverse=True)
        assert kind.find.__doc__


@pytest.mark.django_db
def test_every_kind_gives_no_more_than_the_nearest_that_are_asked_for():
    for draft in (ApplicationFactory(), ApplicationFactory()):
        MilestoneFactory(pairing__call=draft.call, kind=MilestoneKind.REPORT)
        PairingFactory(call=draft.call)
        AcceptedPairingFactory(call=draft.call)

    found = {kind.key: len(list(kind.find(Ask(nearest=1)))) for kind in kinds().values()}

    assert {"draft_closing", "acceptance", "signature", "milestone", "report"} <= {
        key for key, number in found.items() if number
    }
    assert set(found.values()) <= {0, 1}


@pytest.mark.django_db
def test_nearest_dates_come_first():
    now = catalogue.now()
    far, near = (PairingFactory(accept_by=now + days * DAY) for days in (9, 2))

    (found,) = find(Ask(nearest=1), [kinds()["acceptance"]])

    assert found.due == near.accept_by < far.accept_by
