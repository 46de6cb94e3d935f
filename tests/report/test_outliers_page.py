"""Does the page of outliers name every force with an alert or a missed standard, one link from the front page?"""

import pytest

from assay.report.key_findings import MAX_KEY_FINDINGS
from assay.report.pages.inspection.finding_candidates import key_findings
from assay.report.pages.inspection.inspection_front_page import front_page
from assay.report.pages.inspection.outliers_page import PATH, missed_standards, outlier_alerts, outliers_page
from report.force_rows import CODE, NEIGHBOUR, estimate_row, ladder_row, measure, world

LOWER = {"outlier_alert": True, "direction": "lower"}
ALERT = measure("told_of_arrest", 0.3, standard="for", **LOWER)


def rows_of(table):
    """The rows of a table of the page as lists of text."""
    return [[cell.text for cell in row] for row in table.rows] if table else []


def test_an_alert_names_the_force_the_measure_its_figure_and_the_other_forces():
    page = outliers_page(world([ALERT]))
    assert rows_of(page.context["adverse"]) == [
        ["Alder", "Title of told_of_arrest", "30% of 40", "80%", "Almost certainly worse"]
    ]
    force, figure, *_ = page.context["adverse"].rows[0]
    assert force.href == "forces/alder.html"
    assert figure.href.endswith("told-of-arrest.html")


def test_an_alert_that_is_no_key_finding_is_on_the_page_that_the_front_page_links_to():
    """Eight measures have an alert, and the front page has room for six key findings."""
    site = world([measure(f"measure_{number}", 0.1 * number, **LOWER) for number in range(8)])
    on_front = " ".join(item.sentence for item in key_findings(site))
    assert len(key_findings(site)) == MAX_KEY_FINDINGS
    assert sum(f"measure_{number}" in on_front for number in range(8)) < 8
    listed = [row[1] for row in rows_of(outliers_page(site).context["adverse"])]
    assert sorted(listed) == [f"Title of measure_{number}" for number in range(8)]
    link = front_page(site).context["all_findings"]
    assert link.href == PATH
    assert link.text.endswith("8 outlier alerts in 1 force, and no missed standard")


def test_the_largest_gap_comes_first():
    site = world([measure("near", 0.7, **LOWER), measure("far", 0.1, **LOWER)])
    assert [alert.key for alert in outlier_alerts(site)] == ["far", "near"]


def test_an_alert_on_the_better_side_or_without_a_worse_side_is_listed_apart():
    better = measure("better", 0.9, outlier_alert=True, direction="higher")
    without_a_side = measure("neither", 0.1, outlier_alert=True, direction="lower") | {"better": "neither"}
    page = outliers_page(world([better, without_a_side]))
    assert page.context["adverse"] is None
    assert [row[1] for row in rows_of(page.context["others"])] == ["Title of neither", "Title of better"]


def test_a_standard_that_a_force_misses_is_listed_with_its_share():
    site = world([measure("told_of_arrest", 0.3, standard="against", high=0.45)])
    assert [(place, item.key) for place, item in missed_standards(site)] == [(CODE, "told_of_arrest")]
    ((force, standard, figure, comparison, certainty),) = rows_of(outliers_page(site).context["missed"])
    assert (force, standard, figure, comparison) == ("Alder", "Title of told_of_arrest", "30% of 40", "80%")
    assert certainty == "Almost certainly fewer than half meet the standard"


def test_a_combined_test_gives_the_figure_of_its_clearest_measure():
    mode = {"failure_mode": "F5", "text": "Ethnicity is not recorded.", "shown_by": "told_of_arrest", "sides": "lower",
            "line": "responses", "place": 5}  # fmt: skip
    row = {"failure_mode": "F5", "place_code": CODE, "measures": 3, "outlier_alert": True, "alert_status": "new"}
    site = world([measure("told_of_arrest", 0.3)], failure_modes=[mode], combined_tests=[row])
    ((force, test, figure, comparison, _),) = rows_of(outliers_page(site).context["adverse"])
    assert (force, comparison) == ("Alder", "80%")
    assert test == "Failure known from past inquiries, 3 measures together: Ethnicity is not recorded"
    assert figure.startswith("30% of")


@pytest.mark.parametrize(
    ("table", "row", "figure", "comparison"),
    [
        ("blaming_language_rates", {"measure": "blaming_language", "part_of": "all", "per_1000": 90, "direction": "higher"},
         "90 per 1,000 entries", "all forces 20 per 1,000 entries"),
        ("unflagged_exploitation_rates", {"sensitivity": 0.1, "direction": "lower"}, "10%", "all forces 50%"),
    ],
)  # fmt: skip
def test_an_alert_from_texts_is_listed(table, row, figure, comparison):
    overall = {**row, "place_code": "ALL", "per_1000": 20, "sensitivity": 0.5, "outlier_alert": None}
    site = world([ALERT], **{table: [overall, {**row, "place_code": NEIGHBOUR, "outlier_alert": True}]})
    listed = [row for row in rows_of(outliers_page(site).context["adverse"]) if row[0] == "Birch"]
    assert [row[2:4] for row in listed] == [[figure, comparison]]


def test_an_alert_whose_share_is_suppressed_is_listed_without_a_figure():
    site = world([measure("told_of_arrest", None, **LOWER)])
    ((_, _, figure, _, certainty),) = rows_of(outliers_page(site).context["adverse"])
    assert "%" not in figure
    assert certainty == "Almost certainly lower"


def test_a_force_whose_page_awaits_approval_is_not_named():
    site = world([ALERT], withheld=[CODE], force_estimates=[estimate_row(ALERT), estimate_row(ALERT, NEIGHBOUR)],
                 ladders=[ladder_row(ALERT), ladder_row(ALERT, NEIGHBOUR)])  # fmt: skip
    assert [row[0] for row in rows_of(outliers_page(site).context["adverse"])] == ["Birch"]


def test_without_an_alert_and_a_missed_standard_the_page_says_so():
    page = outliers_page(world([measure("told_of_arrest", 0.8)]))
    assert page.context["counts"] == "no outlier alert, and no missed standard"
    assert page.context["adverse"] is page.context["missed"] is page.context["others"] is None
