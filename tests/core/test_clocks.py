"""Clocks of places."""

import datetime as dt

import pytest

from core.kit.clocks import in_brussels, minutes_ahead, on_clock, today_in, zone_of

NOON = dt.datetime(2026, 12, 11, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("code", ["", "Nowhere/None", "../etc/passwd", "\x00"])
def test_unknown_zone_is_none(code):
    assert zone_of(code) is None
    assert on_clock(NOON, code) is None


@pytest.mark.parametrize(
    ("code", "shown", "ahead"),
    [
        ("Asia/Kolkata", "17:30", 270),
        ("Europe/Brussels", "13:00", 0),
        ("America/Lima", "07:00", -360),
    ],
)
def test_clock_of_a_place_and_how_far_ahead_it_is(code, shown, ahead):
    local, brussels = on_clock(NOON, code), on_clock(NOON, "Europe/Brussels")
    assert f"{local:%H:%M}" == shown
    assert minutes_ahead(local, brussels) == ahead


def test_moment_in_brussels_names_its_zone():
    assert in_brussels(NOON) == "11 December 2026, 13:00 Brussels time"
    assert in_brussels(NOON, "H:i:s") == "11 December 2026, 13:00:00 Brussels time"


@pytest.mark.parametrize(
    ("at", "code", "day"),
    [
        # Half past four in the morning in Tokyo is still yesterday in Brussels.
        ("2026-12-10T19:30:00+00:00", "Asia/Tokyo", 11),
        ("2026-12-10T19:30:00+00:00", "Europe/Brussels", 10),
        # In Lima it is still yesterday, whatever the calendar says in Brussels.
        ("2026-12-11T02:00:00+00:00", "America/Lima", 10),
        ("2026-12-10T12:00:00+00:00", "", 11),
        ("2026-12-10T08:00:00+00:00", "Nowhere/None", 10),
    ],
)
def test_today_is_the_day_where_the_reader_is(at, code, day, time_machine):
    time_machine.move_to(dt.datetime.fromisoformat(at), tick=False)
    assert today_in(code).day == day
