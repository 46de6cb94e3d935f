"""Does the report give the results of rated case files with interval and agreement, or the reason for none?"""

import re
from html import unescape

import pytest
from lxml import html

from report.scoped import figures_of

PAGE = "casefiles.html"


def tables(page):
    """Each table by its caption: a row a list of cells, by its heading."""
    return {
        " ".join(table.findtext("caption").split()): {
            " ".join(row[0].text_content().split()): [" ".join(cell.text_content().split()) for cell in row[1:]]
            for row in table.xpath(".//tbody/tr")
        }
        for table in html.fromstring(page).xpath("//main//table")
    }


@pytest.fixture
def page_tables(record_pages):
    return tables(record_pages[PAGE])


def whole(page_tables):
    return page_tables["Crimes closed without a charge (closed): all forces together"]


def test_a_share_of_all_records_stands_with_its_interval_its_files_and_how_far_two_readers_agreed(page_tables):
    assert whole(page_tables)["Was an investigation plan set?"] == [
        "100", "45 met, 55 less", "42%", "32% to 50%", "70 (50 to 90), 25 read twice",
    ]  # fmt: skip


def test_a_figure_that_the_files_refuse_is_refused_on_the_page_with_the_reason(page_tables):
    closing_rows = whole(page_tables)["Was it closed for the right reason?"]
    assert closing_rows[2:4] == ["From at least one stratum no file is marked yet, so it could hold anything", "none"]
    assert closing_rows[4] == "no file was read twice"


def test_where_three_of_a_hundred_differ_only_bounds_of_the_files_are_shown(page_tables, record_pages):
    """97 of 100 were met: the 3 are hidden, so they are 1 to 7 of about 100: 100/107 and 100/101."""
    review_rows = whole(page_tables)["Did a supervisor review it?"]
    assert (
        review_rows[2]
        == "93% to 99% of the files that told, by a count too small to be shown; no figure of all records"
    )
    assert review_rows[4] == "not shown: fewer than 8 read twice"
    assert "97%" not in record_pages[PAGE]


def test_a_force_is_told_with_its_own_figure_or_named_as_one_of_which_none_is_shown(page_tables, record_pages):
    plan_rows = page_tables["Was an investigation plan set?"]
    assert plan_rows["Alderwick (invented)"] == ["60", "52%", "40% to 64%"]
    assert plan_rows["Brackenshire (invented)"] == ["40", "30%", "20% to 45%"]
    assert list(page_tables["Was it closed for the right reason?"]) == ["Alderwick (invented)"]
    assert "Did a supervisor review it?" not in page_tables  # no force has a figure


def test_the_verdict_of_the_case_files_leads_to_what_they_say(record_pages):
    line = record_pages["lines/responses.html"]
    verdict = line[line.index("<dt>Case files") :].split("</div>")[0] if "<dt>Case files" in line else ""
    found = re.findall(r'<a href="\.\./casefiles\.html">', line)
    assert found, verdict
    assert '<a href="casefiles.html">Case files</a>' in unescape(record_pages["index.html"])


def test_every_figure_of_the_files_stands_in_the_file_of_figures_with_its_interval(record_report):
    found = {figure["id"]: figure for figure in figures_of(record_report)}
    share = found["case_files/closed / responses_case / plan_set / ALL#share"]
    assert (share["value"], share["interval"], share["base"]) == (0.42, [0.32, 0.5], 100)
    assert "case_files/closed / responses_case / reviewed / ALL#share" not in found
