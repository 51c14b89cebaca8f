import datetime as dt

from pairings.clocks import local_times, meeting_hours

CITIES = [("Dubrovnik", "Europe/Zagreb"), ("Panaji", "Asia/Kolkata")]


def test_local_times_tell_who_is_at_the_office():
    zagreb, panaji = local_times(CITIES, dt.datetime(2026, 11, 24, 13, 3, tzinfo=dt.UTC))
    assert (zagreb.shown, zagreb.is_office_hour) == ("14:03", True)
    assert (panaji.shown, panaji.is_office_hour) == ("18:33", False)


def test_nobody_is_at_the_office_on_a_saturday():
    (zagreb,) = local_times(CITIES[:1], dt.datetime(2026, 11, 28, 10, tzinfo=dt.UTC))
    assert not zagreb.is_office_hour


def test_a_city_without_zone_has_no_clock():
    zones = [("A", ""), ("B", "Mars/Olympus"), ("C", "../etc/passwd")]
    assert local_times(zones, dt.datetime(2026, 1, 1, tzinfo=dt.UTC)) == []


def test_meeting_hours_in_winter():
    hours = meeting_hours(CITIES, dt.date(2026, 11, 24))
    shown = [(h.name, h.begins, h.ends) for h in hours]
    assert shown == [("Dubrovnik", "09:00", "12:30"), ("Panaji", "13:30", "17:00")]


def test_meeting_hours_that_never_meet():
    assert (
        meeting_hours([*CITIES, ("Los Angeles", "America/Los_Angeles")], dt.date(2026, 6, 1)) == []
    )


def test_meeting_hours_with_an_unknown_zone():
    assert meeting_hours([*CITIES, ("Nowhere", "")], dt.date(2026, 6, 1)) == []
    assert meeting_hours([], dt.date(2026, 6, 1)) == []
