import datetime as dt
from decimal import Decimal

from action_plans.charts import WIDE_LEFT, WIDE_RIGHT, money_bar, money_charts, short, timeline
from action_plans.models import Measure
from action_plans.selectors import MeasureRow, money_of
from action_plans.states import FundingStatus as F

D = Decimal


def row(start=None, end=None, cost=None, lines=(), **values):
    measure = Measure(code="A1.1", title="Park", start_date=start, end_date=end, **values)
    return MeasureRow(measure, money_of(measure.currency, cost, list(lines)), [])


def test_money_bar_fills_its_width():
    money = money_of("EUR", D(100), [(F.SECURED, D(50)), (F.PLANNED, D(20))])
    bar = money_bar(money, width=120)
    assert [(p.css, p.x, p.width) for p in bar] == [
        ("fund-secured", "0.0", "60.0"),
        ("fund-planned", "60.0", "24.0"),
        ("fund-gap", "84.0", "36.0"),
    ]
    assert money_bar(money_of("EUR", None, [])) == []


def test_money_charts_share_no_scale_between_currencies():
    rows = [row(cost=D(100)), row(cost=D(50)), row(cost=D(9000), currency="INR"), row()]
    sums = [money_of("EUR", D(150), []), money_of("INR", D(9000), [])]
    euro, rupee = money_charts(rows, sums)
    widths = [float(line.wide[-1].width) for line in euro.lines]
    assert widths[0] == 2 * widths[1]
    assert float(rupee.lines[0].wide[-1].width) == widths[0]


def test_timeline_places_a_year_between_its_edges():
    whole = row(dt.date(2027, 1, 1), dt.date(2027, 12, 31))
    drawing = timeline([whole, row()], ends_on=None, end_label="", narrow=False)
    (bar,) = drawing.bars
    assert (float(bar.x), float(bar.width)) == (WIDE_LEFT, WIDE_RIGHT - WIDE_LEFT)
    assert [q.label for q in drawing.quarters] == ["Jan–Mar", "Apr–Jun", "Jul–Sep", "Oct–Dec"]


def test_timeline_marks_the_end_of_the_pairing():
    rows = [row(dt.date(2027, 1, 1), dt.date(2027, 2, 1))]
    drawing = timeline(rows, ends_on=dt.date(2028, 9, 5), end_label="Ends", narrow=True)
    assert (drawing.last_year, drawing.end.label) == (2028, "Ends")
    early = timeline(rows, ends_on=dt.date(2020, 9, 5), end_label="Ends", narrow=True)
    assert early.end is None


def test_timeline_of_a_century_names_some_years_only():
    rows = [row(dt.date(1990, 1, 1), dt.date(2099, 2, 1))]
    drawing = timeline(rows, ends_on=None, end_label="", narrow=True)
    assert 0 < sum(bool(q.year) for q in drawing.quarters) < 20


def test_timeline_gives_one_day_a_bar_one_can_see():
    day = dt.date(2027, 2, 1)
    drawing = timeline([row(day, day)], ends_on=None, end_label="", narrow=False)
    assert float(drawing.bars[0].width) == 8.0


def test_timeline_without_dates_is_none():
    assert timeline([row()], ends_on=None, end_label="", narrow=False) is None


def test_short_keeps_what_fits():
    assert short("Park", 4) == "Park"
    assert short("Parking places", 8) == "Parking…"
