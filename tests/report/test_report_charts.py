"""Does a chart show what was counted and where its meaning breaks, and nothing else?"""

import itertools
import xml.etree.ElementTree as ElementTree

import pytest

from assay.report.charts import bar_charts, comparison_charts, quarterly_charts
from assay.report.charts.chart_canvas import width_of
from assay.report.charts.comparison_charts import Point
from assay.report.charts.quarterly_charts import Quarter, SeriesBreak, quarter_position
from assay.report.pages.force_points import point_state
from assay.report.pages.published_charts import offence_breaks, process_chart
from assay.report.report_tables import ReleasedTables
from assay.report.report_writer import index_tables, pages
from report.fixture import released

SVG = "{http://www.w3.org/2000/svg}"


def parts(svg, tag, css=""):
    return [e for e in ElementTree.fromstring(svg).iter(SVG + tag) if css in e.get("class", "").split() or not css]


def words_of(svg):
    return [e.text for e in parts(svg, "text")]


def quarterly(counts):
    return [Quarter(quarter_position("2020/21", 1) + i, n) for i, n in enumerate(counts)]


def test_a_quarter_is_one_dot():
    assert len(parts(quarterly_charts.trend(quarterly([5, 7, 6]), (), 900, "t"), "circle")) == 3


def test_a_quarter_that_is_not_published_is_a_gap_and_not_zero():
    svg = quarterly_charts.trend(quarterly([5, None, 6, 7]), (), 900, "t")
    assert len(parts(svg, "circle")) == 3
    assert len(parts(svg, "path", "thin")) == 2  # one run before the gap, one after


def test_the_axis_begins_at_zero_and_holds_a_negative_correction():
    assert "0" in words_of(quarterly_charts.trend(quarterly([50, 70]), (), 900, "t"))
    assert "-20" in words_of(quarterly_charts.trend(quarterly([50, -10]), (), 900, "t"))


def test_the_level_is_cut_at_a_break():
    quarters = [Quarter(q.position, q.count, 5.0, 4.0, 6.0) for q in quarterly([5] * 8)]
    whole = quarterly_charts.trend(quarters, (), 900, "t")
    cut = quarterly_charts.trend(quarters, (SeriesBreak("A", quarters[4].position),), 900, "t")
    assert (len(parts(whole, "path", "a")), len(parts(cut, "path", "a"))) == (1, 2)


def test_march_2022_is_marked_only_where_the_time_axis_reaches_it():
    assert any("March 2022" in label for label in words_of(quarterly_charts.trend(quarterly([5] * 12), (), 900, "t")))
    assert not any(
        "March 2022" in label for label in words_of(quarterly_charts.trend(quarterly([5] * 4), (), 900, "t"))
    )


def test_a_quarter_that_meets_a_rule_differs_in_shape_and_not_in_colour_alone():
    quarters = [Quarter(1, 5.0, signal=False, phase=1), Quarter(2, 9.0, signal=True, phase=1)]
    svg = quarterly_charts.process(quarters, (), 900, "t", [(1.0, 5.0, 8.0)] * 2)
    assert len(parts(svg, "rect", "fb")) == 1
    assert len(parts(svg, "circle", "fa")) == 1


def test_only_unusual_and_not_comparable_forces_are_named_on_a_funnel():
    points = [
        Point("Kent", 0.1, 0.08, 0.12, 900),
        Point("Essex", 0.3, 0.2, 0.4, 800, "outlier"),
        Point("Humberside", 0.03, 0.02, 0.04, 700, state="not comparable"),
    ]
    limits = [comparison_charts.Limit(base, 0.02, 0.3, 0.05, 0.15) for base in (10, 500, 900)]
    svg = comparison_charts.funnel(points, limits, 0.1, 900, "t", "Share")
    assert "Essex" in words_of(svg)
    assert "Humberside" in words_of(svg)
    assert "Kent" not in words_of(svg)


def crowd():
    """Forces close together, most of them named, so that names have to make way for one another."""
    states = ("", "not comparable", "outside", "outlier")
    return [Point(f"Force {i}", 0.1 + 0.004 * (i % 5), 0.1, 0.2, 400 + 25 * (i % 7), states[i % 4]) for i in range(12)]


@pytest.mark.parametrize("width", [920, 360])
def test_no_name_on_a_funnel_covers_another_name_or_a_dot(width):
    limits = [comparison_charts.Limit(base, 0.25, 0.3, 0.05, 0.15) for base in (10, 300, 600)]
    svg = comparison_charts.funnel(crowd(), limits, 0.1, width, "t", "Share")
    boxes = []
    for text in parts(svg, "text", "name"):
        half, middle, foot = width_of(text.text, 13) / 2, float(text.get("x")), float(text.get("y"))
        boxes.append((middle - half, foot - 10, middle + half, foot + 1))
    assert len(boxes) == 9
    for a, b in itertools.combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    for dot in parts(svg, "circle"):
        left, height = float(dot.get("cx")), float(dot.get("cy"))
        assert not any(x1 < left < x2 and y1 < height < y2 for x1, y1, x2, y2 in boxes)


def test_a_name_far_from_its_dot_is_tied_to_it():
    assert parts(comparison_charts.funnel(crowd(), [], 0.1, 360, "t", "Share"), "path", "tie")
    single = comparison_charts.funnel([Point("Kent", 0.1, 0.1, 0.2, 400, "outside")], [], 0.05, 920, "t", "Share")
    assert not parts(single, "path", "tie")


def test_a_force_outside_its_own_prediction_has_a_ring_and_its_name_but_not_the_colour_of_a_flag():
    svg = comparison_charts.funnel([Point("Kent", 0.18, 0.1, 0.2, 400, "outside")], [], 0.1, 920, "t", "Share")
    assert [float(ring.get("r")) for ring in parts(svg, "circle", "a")] == [7.5]
    assert not parts(svg, "circle", "fb")
    assert "Kent" in words_of(svg)


def test_a_force_inside_the_band_has_no_ring_though_its_own_prediction_leaves_it_outside():
    """The band is drawn from all forces; the prediction for one force leaves extreme forces out, and is narrower."""
    limits = [comparison_charts.Limit(base, 0.05, high, 0.08, 0.12) for base, high in ((100, 0.3), (500, 0.2))]
    inside, beyond = (
        Point(name, value, None, None, 300, "outside") for name, value in (("Kent", 0.24), ("Essex", 0.26))
    )
    svg = comparison_charts.funnel([inside, beyond], limits, 0.1, 920, "t", "Share")
    assert len(parts(svg, "circle", "line")) == 1
    assert "Essex" in words_of(svg)
    assert "Kent" not in words_of(svg)


def test_the_number_beside_an_estimate_is_the_published_share():
    point = Point("West Yorkshire", 0.267, 0.25, 0.28, 900, label="26.8%")
    svg = comparison_charts.intervals([point], 0.1, 920, "t", "u", label_head="Published share")
    assert "26.8%" in words_of(svg)
    assert "26.7%" not in words_of(svg)


@pytest.mark.parametrize(
    ("raw", "not_comparable", "state"),
    [(0.19, "", "outside"), (0.15, "", ""), (0.03, "", "outside"), (0.03, "Not comparable.", "not comparable")],
)
def test_a_force_is_outside_only_if_its_published_share_leaves_its_own_interval(raw, not_comparable, state):
    row = {"place_code": "E1", "raw_share": raw, "expected_low": 0.05, "expected_high": 0.16}
    assert point_state({**row, "outlier_alert": False, "not_comparable": not_comparable}) == state


def test_the_axis_is_that_of_the_forces_compared_and_a_longer_interval_runs_off_with_an_arrow():
    city = Point("City of London", 0.17, 0.02, 0.57, 6, "not comparable")
    svg = comparison_charts.intervals([Point("Kent", 0.11, 0.1, 0.12, 900), city], 0.1, 920, "t", "u")
    assert "60%" not in words_of(svg)
    assert len(parts(svg, "path", "n")) == 2  # its line and the arrow


def test_a_long_name_is_wrapped_and_not_cut():
    name = "Child sexual offences with rape by several undefined offenders recorded by police"
    lines = [
        line
        for line in words_of(comparison_charts.decline_probabilities([(name, [(1, 0.4)])], 360, "t"))
        if line in name
    ]
    assert " ".join(lines) == name
    assert len(lines) == 2


def test_a_break_in_outcomes_is_not_marked_on_a_chart_of_counts():
    found = [row["key"] for row in offence_breaks(ReleasedTables(released()), "csa11")]
    assert found == ["recording-2014", "grooming-2017", "pandemic"]


def test_a_process_chart_says_how_many_quarters_met_a_rule_of_how_many():
    site = ReleasedTables(released())
    rows = site.find_rows("process", place_code="E23000046", offence_key="csa11")
    met = sum(bool(row["signal"]) for row in rows)
    assert met > 0
    assert f"{met} of {len(rows)} quarters met a rule" in process_chart(site, "E23000046", "csa11").finding


def test_a_series_whose_chance_cannot_be_told_says_so():
    svg = comparison_charts.decline_probabilities([("Recorded", [(1, None), (3, None)])], 900, "t")
    assert "cannot be said" in words_of(svg)


def test_a_force_without_a_figure_has_a_row_that_says_so():
    svg = comparison_charts.intervals(
        [Point("City of London", None, None, None), Point("Kent", 1, 0.5, 2)], None, 900, "t", "u"
    )
    assert "no figure" in words_of(svg)


def test_a_bar_says_its_share_in_words():
    svg = bar_charts.outcome_mix(
        [("Charged", 0.079, 0.1), ("No outcome yet", 0.171, None)], 900, "t", "England and Wales"
    )
    assert {"7.9%", "17.1%"} <= set(words_of(svg))


@pytest.mark.parametrize("width", [920, 360])
def test_every_word_of_every_chart_stands_inside_its_sheet(width):
    for page in pages(index_tables(released())):
        for chart in page.charts:
            svg = chart.wide if width == 920 else chart.narrow
            for text in parts(svg, "text"):
                x = float(text.get("x"))
                size = 6.2 * len(text.text)
                css = text.get("class", "").split()
                start = x - size if "end" in css else x - size / 2 if "mid" in css else x
                assert start >= -12, (chart.name, text.text)
                assert start + size <= width + 12, (chart.name, text.text)


def test_every_chart_has_a_finding_an_alternative_and_two_drawings():
    for page in pages(index_tables(released())):
        for chart in page.charts:
            assert len(chart.finding.split()) > 6
            assert "table that follows" in chart.alt
            for svg in (chart.wide, chart.narrow):
                assert ElementTree.fromstring(svg).find(SVG + "title").text == chart.finding
