"""Does the page of a wait state its median, its interval and the waits that had not ended by a day?"""

import re

import pytest

from assay.report.pages.inspection.released_tables import Inspection
from assay.report.pages.inspection.wait_pages import (
    comparison_day,
    median_text,
    percentile_text,
    start_texts,
)
from report.record_fixture import record_released
from report.test_report_inspected import flat


@pytest.fixture(scope="module")
def site():
    return Inspection(record_released())


def test_the_90th_percentile_is_said_with_its_interval_or_why_there_is_none():
    row = {"p90_days": 150.0, "p90_low": 141.0, "p90_high": None, "p90_not_reached": False}
    assert percentile_text(row) == "150 days (141 or more)"
    assert percentile_text({**row, "p90_days": None, "p90_not_reached": True}) == "not reached"
    assert percentile_text({**row, "p90_days": None}) == "too few to say"


def test_how_many_had_not_ended_by_a_day_is_shown_of_the_waits_of_which_it_is_asked(record_pages):
    page = flat(record_pages["waits/report-to-first-contact.html"])
    assert "Not by day 180" in page
    assert "9% (8% to 11%)" in page
    assert "Not by day 365" not in page
    assert "Not by day" not in record_pages["waits/report-to-charge.html"]


def test_a_median_is_said_with_its_interval_or_not_at_all():
    row = {"median_days": 12.0, "median_low": 11.0, "median_high": 14.0, "not_reached": False, "not_askable": None}
    assert median_text(row) == "12 days (95% interval 11 to 14)"
    assert median_text({**row, "median_high": None}) == "12 days (95% interval 11 or more)"
    assert median_text({**row, "median_days": None, "not_reached": True}) == "not reached"
    assert median_text({**row, "median_days": None}) == "too few to say"
    assert median_text({**row, "not_askable": "Not sent."}) == "cannot be asked"


def test_waits_are_compared_on_a_day_within_the_year_on_which_most_curves_stand(site):
    assert comparison_day(site, {"wait": "report_to_charge"}) == 364  # the last multiple of 28 up to 365
    assert comparison_day(site, {"wait": "no such wait"}) == 0


def test_where_half_are_never_charged_the_page_says_how_many_were_by_a_day(record_pages):
    text = flat(record_pages["waits/report-to-charge.html"])
    pattern = r"\d+% were charged within 364 days of the report \(\d+% to \d+%\)\. It rests on about [\d,]+ records; [\d,]+ were still open"
    assert re.search(pattern, text)
    assert re.search(pattern, flat(record_pages["findings.html"]))  # the page of findings gives the share too
    assert "Half had been contacted within 12 days of the report (11 to 14)" in flat(
        record_pages["waits/report-to-first-contact.html"]
    )


def test_the_sentence_and_the_chart_of_a_wait_speak_of_one_day(record_pages):
    text = flat(record_pages["waits/report-to-charge.html"])
    days = set(re.findall(r"by day ([\d,]+)", text)) | set(re.findall(r"within ([\d,]+) days", text))
    assert days == {"364"}


def test_the_card_of_a_wait_names_its_condition_once():
    starts = "the day of the report (of every crime of the period. (As a condition: in_base and x in (1).))"
    assert start_texts(starts) == ("the day of the report", "of every crime of the period.", "in_base and x in (1)")
    assert start_texts("The day of the report") == ("The day of the report", "", "")
