"""Do the figures of a chart stand beside it as CSV, and is the first use of a term linked, and only that?"""

from dataclasses import replace
from math import inf

from assay.report.chart_files import with_chart_files
from assay.report.chart_rows import bar_rows, point_rows
from assay.report.charts.bar_charts import Bar
from assay.report.charts.chart_canvas import Canvas
from assay.report.charts.comparison_charts import Point
from assay.report.glossary_links import link_terms
from assay.report.page_elements import Chart

FIGURE = '<figure class="chart" id="chart-pending"><img alt="x"></figure>'
TABLE = "<table><tr><th>Force</th><th>Share</th></tr><tr><th>Kent</th><td>8.1%</td></tr></table>"


def chart(alt):
    return Chart("pending", "Kent: 8.1%", "", alt, wide="", narrow="")


def test_the_table_that_follows_a_chart_is_its_csv_and_a_link_leads_there():
    page, csv_files = with_chart_files(FIGURE + TABLE, [chart("The table that follows has every figure.")], "../")
    assert csv_files == {"pending": "Force,Share\nKent,8.1%\n"}
    assert '<a href="../charts/pending.csv">Figures of this chart (CSV)' in page


def test_a_chart_whose_text_names_no_table_gets_no_csv_of_another_one():
    assert with_chart_files(FIGURE + TABLE, [chart("Kent: 8.1%")], "") == (FIGURE + TABLE, {})


def test_only_the_first_use_in_running_text_is_linked_and_no_heading_or_link():
    page = "<main><h2>Pending</h2><p><a href='x'>pending</a> Still pending. Also pending.</p></main>"
    linked = link_terms(page, "forces/kent.html")
    assert linked.count('class="term"') == 1
    assert 'Still <a class="term" href="../glossary.html#pending"' in linked


def test_the_glossary_and_easy_read_link_no_term():
    page = "<main><p>Still pending.</p></main>"
    assert link_terms(page, "glossary.html") == link_terms(page, "easy-read.html") == page


def test_a_chart_that_says_what_it_draws_has_these_rows_and_not_those_of_the_table_after_it():
    points = [Point("Kent", 0.081, 0.07, inf, state="outlier"), Point("Gwent", None, None, None, absent="too few")]
    chart_with_rows = replace(chart("The table that follows has every figure."), rows=point_rows(points, "Share"))
    _, csv_files = with_chart_files(FIGURE + TABLE, [chart_with_rows], "")
    assert csv_files["pending"].splitlines() == [
        'Force,Share,"95% interval, lower end","95% interval, upper end",Note',
        "Kent,0.081,0.07,,outlier",
        "Gwent,,,,too few",
    ]


def test_a_suppressed_answer_in_the_csv_of_a_chart_is_not_a_zero():
    bars = [
        Bar("Kent", (95, None, 0, 0, 10), "30", "too few to show"),
        Bar("Gwent", (10, 5, 0, 0, 0), "0", "no records"),
    ]
    assert bar_rows(bars, "Force")[1:] == (
        ("Kent", "95", "not shown", "0", "0", "10", "30", "too few to show"),
        ("Gwent", "10", "5", "0", "0", "0", "0", ""),
    )


def test_a_drawing_holds_the_style_of_its_own_classes_alone_in_light_and_in_dark():
    canvas = Canvas(10, 10, "A drawing")
    canvas.circle(1, 1, 1, "edge")
    drawing = canvas.svg()
    assert drawing.count(".edge{stroke:#fff}") == drawing.count(".edge{stroke:#14171b}") == 1
    assert ".halo" not in drawing
    assert "@media (prefers-color-scheme:dark){\ntext{" in drawing
