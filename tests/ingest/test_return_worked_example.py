"""Is the worked example of the return contract (section 12) read as its page says?

What is in the staging store is held against the sentences of the page; the answers themselves are worked out by `records`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from worked_example import TABLES, rows, write_request, write_worked_example

from assay.feedback.force_return_letter import write_letter as write_letter
from assay.ingest.accepted_tables import ReceivedReturn
from assay.ingest.return_validation import validate_return
from assay.reference import read_request


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReceivedReturn]:
    folder = tmp_path_factory.mktemp("example")
    request = read_request(write_request(folder / "request.toml"))
    received = validate_return(write_worked_example(folder / "INV01"), request)
    yield received
    received.close()


def row(received: ReceivedReturn, table: str, **key: str) -> dict[str, Any]:
    (name, value), *_ = key.items()
    return next(table for table in received.tables[table].to_pylist() if table[name] == value)


def kinds(received: ReceivedReturn) -> dict[str, tuple[bool, bool]]:
    return {
        kind_row["kind"]: (kind_row["supplied"], kind_row["complete"])
        for kind_row in received.tables["kinds"].to_pylist()
    }


def test_every_row_is_accepted_and_no_rule_is_broken(example):
    assert {name: example.tables[name].num_rows for name in TABLES} == {"crimes": 2, "involvements": 3, "events": 6}
    assert example.tables["faults"].num_rows == example.tables["aside"].num_rows == 0
    assert "Nothing to correct" in write_letter(example).html()


def test_crime_0001_was_recorded_2_hours_40_minutes_after_the_report(example):
    crime = row(example, "crimes", crime_ref="0001")
    assert crime["recorded_at_last"] - crime["reported_at"] == timedelta(hours=2, minutes=40)
    assert crime["reported_at"] == crime["reported_at_last"] == datetime(2026, 4, 8, 7, 30)  # summer time


def test_the_notice_of_arrest_came_at_some_minute_of_10_april(example):
    notice = row(example, "events", event_ref="E6")
    assert notice["happened_at_day"] == date(2026, 4, 10)
    assert notice["happened_at_last"] - notice["happened_at"] == timedelta(hours=23, minutes=59)
    assert notice["about_event_ref"] == "E4"


def test_no_notice_reports_the_bail_and_notices_are_complete(example):
    assert "E5" not in [event["about_event_ref"] for event in example.tables["events"].to_pylist()]
    assert kinds(example)["victim_informed"] == (True, True)


def test_crime_0002_was_recorded_more_than_9_and_at_most_33_hours_after_the_report(example):
    crime = row(example, "crimes", crime_ref="0002")
    shortest = crime["recorded_at"] - crime["reported_at_last"]
    longest = crime["recorded_at_last"] - crime["reported_at"]
    assert (shortest, longest) == (timedelta(hours=9, minutes=1), timedelta(hours=33))


def test_what_is_absent_says_something_only_where_its_kind_is_complete(example):
    kinds_sent = kinds(example)
    assert kinds_sent["needs_assessment_recorded"] == (True, True)
    assert kinds_sent["victim_contacted"] == (True, False)
    assert kinds_sent["line_of_enquiry_raised"] == (False, False)
    assert example.tables["incomplete"].num_rows == 0


def test_a_reason_stands_in_the_place_of_an_ethnicity_and_not_stated_is_an_answer(example):
    suspect = row(example, "involvements", involvement_ref="V2")
    assert (suspect["ethnicity_self"], suspect["ethnicity_self_missing_reason"]) == (None, "NOT_ASKED")
    assert suspect["ethnicity_officer"] == "IC9"
    assert row(example, "involvements", involvement_ref="V3")["ethnicity_self"] == "NS"


def test_the_shortened_tables_of_the_page_lack_columns_and_are_told_so(tmp_path: Path):
    """R08 for every column that is "if known" and not in the file; no row is lost."""
    request = read_request(write_request(tmp_path / "request.toml"))
    received = validate_return(write_worked_example(tmp_path / "INV01", every_column=False), request)
    assert {rule for rule, _ in received.error_counts} == {"R08"}
    assert received.tables["events"].num_rows == len(rows("events"))
    assert "exhibit_ref" in write_letter(received).html()
    received.close()
