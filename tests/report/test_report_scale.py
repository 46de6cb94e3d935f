"""Do the pages on scale show each part in order, without a middle of an estimate?"""

import re

import pytest

from assay.report.pages.inspection.released_tables import Inspection
from assay.report.pages.inspection.scale_page import NAMES, missing_parts, part_text, parts_chart, scale_page
from assay.report.pages.inspection.trend_summary import headline_rows
from assay.report.pages.inspection.trends_page import claims_table, probability_text, trends_page
from assay.sdc import declared_tables
from report.record_fixture import record_released


@pytest.fixture(scope="module")
def site():
    return Inspection(record_released())


def test_the_parts_stand_in_their_order_and_what_cannot_be_said_has_its_reason(site):
    assert list(NAMES) == ["marked", "unmarked", "others only", "hidden"]
    assert [name for name, _ in missing_parts(site, "INV02")] == [NAMES["unmarked"], NAMES["hidden"]]
    assert part_text(site, "INV02", "hidden") == "cannot be said"


def test_an_estimate_is_said_from_one_end_to_the_other_and_a_small_count_in_words(site):
    assert part_text(site, "INV01", "hidden") == "90 to 400"
    assert part_text(site, "INV01", "unmarked") == "40 to 120 crimes"
    assert part_text(site, "INV08", "others only") == "fewer than 8"


def test_the_picture_of_an_estimate_draws_two_ends_and_no_dot(site):
    chart = parts_chart(site, "INV01")
    assert "<circle" not in chart.wide + chart.narrow
    assert "Hidden victims: 90 to 400" in chart.alt
    assert "245" not in chart.wide + chart.alt + chart.narrow  # half way between the ends


def test_no_released_table_of_the_scale_has_a_column_for_a_middle_of_the_hidden():
    names = {column.name for column in declared_tables()["scale_parts"].columns}
    assert names == {
        "place_code",
        "part",
        "span",
        "unit",
        "number",
        "low",
        "high",
        "why_not",
        "methods",
        "suppressed_cells",
    }


def test_a_pattern_of_definitions_is_drawn_with_its_number_and_small_ones_together(site):
    chart = next(chart for chart in scale_page(site).charts if chart.name == "upset-children")
    assert "all other patterns" in chart.wide
    assert "60 children" not in chart.finding
    assert chart.finding.startswith("70 children are caught by one definition alone")


def test_a_claim_that_records_contradict_is_named_and_one_that_cannot_be_said_is_in_the_table_alone(site):
    context = trends_page(site).context
    assert [figure.label for figure in context["against"]] == [
        "Alderwick (invented) said that there are no groups.", "Brackenshire (invented) said that it is falling.",
    ]  # fmt: skip
    rows = [tuple(cell.text for cell in row) for row in claims_table(site, ["INV02"]).rows]
    assert [(row[3], row[4], row[5]) for row in rows] == [
        ("Marked", "fell: 50%", "Cannot be said"), ("Recorded", "fell: 4%", "Contradicted"),
    ]  # fmt: skip


def test_a_series_that_cannot_be_followed_is_named_with_what_is_needed(site):
    rows = headline_rows(site, "ALL")
    assert probability_text(rows["recorded"]) == "82%"
    assert probability_text(rows["hidden"]) == "cannot be said"
    assert rows["hidden"]["refusal"] == "Two years are needed."


def test_no_sentence_of_the_pages_makes_exploitation_rise_or_fall(record_pages):
    wrong = re.compile(
        r"\b(exploitation|abuse)\b\s+(is|was|has|fell|rose|falls|rises|declined|grew)\s?(falling|rising)?\b", re.I
    )
    for path in ("scale.html", "falling.html"):
        words = re.sub(r"<[^>]+>", " ", record_pages[path])
        assert not wrong.search(words), path
