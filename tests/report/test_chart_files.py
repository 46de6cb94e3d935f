"""Do the figures of a chart stand beside it as CSV, and is the first use of a term linked, and only that?"""

from assay.report.chart_files import with_chart_files
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
