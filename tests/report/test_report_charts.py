"""Does a chart show what was counted, where its meaning breaks, and nothing that is not there?"""

import xml.etree.ElementTree as ElementTree

import pytest

from assay.report.charts import compared, mix, quarters
from assay.report.charts.compared import Point
from assay.report.charts.quarters import Mark, Quarter, when
from assay.report.write import pages
from report.fixture import released

SVG = "{http://www.w3.org/2000/svg}"


def parts(drawn, tag, css=""):
    return [e for e in ElementTree.fromstring(drawn).iter(SVG + tag) if css in e.get("class", "").split() or not css]


def words_of(drawn):
    return [e.text for e in parts(drawn, "text")]


def quarterly(counts):
    return [Quarter(when("2020/21", 1) + i, n) for i, n in enumerate(counts)]


def test_a_quarter_is_one_dot():
    assert len(parts(quarters.trend(quarterly([5, 7, 6]), (), 900, "t"), "circle")) == 3


def test_a_quarter_that_is_not_published_is_a_gap_and_not_zero():
    drawn = quarters.trend(quarterly([5, None, 6, 7]), (), 900, "t")
    assert len(parts(drawn, "circle")) == 3
    assert len(parts(drawn, "path", "thin")) == 2  # one run before the gap, one after


def test_the_axis_begins_at_zero_and_holds_a_negative_correction():
    assert "0" in words_of(quarters.trend(quarterly([50, 70]), (), 900, "t"))
    assert "-20" in words_of(quarters.trend(quarterly([50, -10]), (), 900, "t"))


def test_the_level_is_cut_at_a_break():
    held = [Quarter(q.when, q.count, 5.0, 4.0, 6.0) for q in quarterly([5] * 8)]
    whole = quarters.trend(held, (), 900, "t")
    cut = quarters.trend(held, (Mark("A", held[4].when),), 900, "t")
    assert (len(parts(whole, "path", "a")), len(parts(cut, "path", "a"))) == (1, 2)


def test_march_2022_is_marked_only_where_the_time_axis_reaches_it():
    assert any("March 2022" in said for said in words_of(quarters.trend(quarterly([5] * 12), (), 900, "t")))
    assert not any("March 2022" in said for said in words_of(quarters.trend(quarterly([5] * 4), (), 900, "t")))


def test_a_quarter_that_meets_a_rule_differs_in_shape_and_not_in_colour_alone():
    held = [Quarter(1, 5.0, signal=False, phase=1), Quarter(2, 9.0, signal=True, phase=1)]
    drawn = quarters.process(held, (), 900, "t", [(1.0, 5.0, 8.0)] * 2)
    assert len(parts(drawn, "rect", "fb")) == 1
    assert len(parts(drawn, "circle", "fa")) == 1


def test_only_unusual_and_not_comparable_forces_are_named_on_a_funnel():
    points = [
        Point("Kent", 0.1, 0.08, 0.12, 900),
        Point("Essex", 0.3, 0.2, 0.4, 800, "unusual"),
        Point("Humberside", 0.03, 0.02, 0.04, 700, state="not comparable"),
    ]
    limits = [compared.Limit(base, 0.02, 0.3, 0.05, 0.15) for base in (10, 500, 900)]
    drawn = compared.funnel(points, limits, 0.1, 900, "t", "Share")
    assert "Essex" in words_of(drawn)
    assert "Humberside" in words_of(drawn)
    assert "Kent" not in words_of(drawn)


def test_a_series_whose_chance_cannot_be_told_says_so():
    drawn = compared.chances([("Recorded", [(1, None), (3, None)])], 900, "t")
    assert "cannot be told" in words_of(drawn)


def test_a_force_without_a_figure_has_a_row_that_says_so():
    drawn = compared.intervals(
        [Point("City of London", None, None, None), Point("Kent", 1, 0.5, 2)], None, 900, "t", "u"
    )
    assert "no figure" in words_of(drawn)


def test_a_bar_says_its_share_in_words():
    drawn = mix.mix([("Charged", 0.079, 0.1), ("No outcome yet", 0.171, None)], 900, "t", "England and Wales")
    assert {"7.9%", "17.1%"} <= set(words_of(drawn))


@pytest.mark.parametrize("width", [920, 360])
def test_every_word_of_every_chart_stands_inside_its_sheet(width):
    for page in pages(released()):
        for chart in page.charts:
            drawn = chart.wide if width == 920 else chart.narrow
            for text in parts(drawn, "text"):
                at = float(text.get("x"))
                size = 6.2 * len(text.text)
                css = text.get("class", "").split()
                start = at - size if "end" in css else at - size / 2 if "mid" in css else at
                assert start >= -12, (chart.name, text.text)
                assert start + size <= width + 12, (chart.name, text.text)


def test_every_chart_has_a_finding_an_alternative_and_two_drawings():
    for page in pages(released()):
        for chart in page.charts:
            assert len(chart.finding.split()) > 6
            assert "table that follows" in chart.alt
            for drawn in (chart.wide, chart.narrow):
                assert ElementTree.fromstring(drawn).find(SVG + "title").text == chart.finding
