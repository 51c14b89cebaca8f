from programme.map import Box, Point
from showcase.labels import Name, place_labels

SHEET = Box(0, 0, 1000, 500)


def test_label_stands_right_of_its_point():
    (label,) = place_labels([Name("Porto", Point(500, 200))], section=SHEET, size=10)

    assert (label.anchor, label.dx) == ("start", 0.8)


def test_label_stands_left_when_the_arc_leaves_to_the_right():
    (label,) = place_labels(
        [Name("Porto", Point(500, 200), left_first=True)], section=SHEET, size=10
    )

    assert label.anchor == "end"


def test_label_at_the_right_edge_goes_left():
    (label,) = place_labels([Name("Porto", Point(995, 200))], section=SHEET, size=10)

    assert label.anchor == "end"


def test_labels_do_not_run_into_each_other():
    labels = place_labels(
        [Name("Malmö", Point(500, 200)), Name("Rome", Point(505, 200))], section=SHEET, size=10
    )

    assert [label.anchor for label in labels] != ["start", "start"]


def test_label_without_room_is_left_out():
    crowd = [Point(500 + dx, 200 + dy) for dx in range(-40, 41, 5) for dy in range(-30, 31, 5)]

    assert (
        place_labels([Name("Porto", Point(500, 200))], section=SHEET, size=10, obstacles=crowd)
        == []
    )


def test_label_given_twice_is_written_once():
    names = [Name("Hamburg", Point(500, 200)), Name("Hamburg", Point(500, 200))]

    assert len(place_labels(names, section=SHEET, size=10)) == 1


def test_label_outside_the_section_is_left_out():
    assert place_labels([Name("Porto", Point(1500, 200))], section=SHEET, size=10) == []


def test_label_with_room_on_small_screens_is_key():
    (label,) = place_labels([Name("Porto", Point(500, 200))], section=SHEET, size=10, key_size=30)

    assert label.is_key


def test_label_cut_on_small_screens_is_not_key():
    (label,) = place_labels([Name("Porto", Point(20, 200))], section=SHEET, size=10, key_size=30)

    assert not label.is_key
