"""Are distinct texts read as days, minutes and codes as the calendar, the clock and the lists say?"""

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from assay.ingest import offence_codes
from assay.ingest.distinct_texts import distinct_texts, first_rule
from assay.ingest.time_cells import moments


def moments_of(*texts):
    return moments(pa.array(texts, pa.string()))


def test_a_day_that_the_calendar_does_not_have_is_no_day():
    found = moments_of("2024-02-29", "2026-02-29", "2026-00-10", "2026-13-01", "2026-04-31", "2026-01-00", "2026-1-5")
    assert found.is_day.tolist() == [True, False, False, False, False, False, False]
    assert found.day[0] == np.datetime64("2024-02-29")


def test_a_time_of_day_is_read_in_minutes_and_a_rest_of_less_than_a_microsecond_is_none():
    found = moments_of(
        "2026-03-01T23:59", "2026-03-01T00:00:30", "2026-03-01T09:05:00.000001", "2026-03-01T09:05:00.0000009"
    )
    assert found.is_minute.all()
    assert found.minute.tolist() == [1439, 0, 545, 545]
    assert found.is_cut.tolist() == [False, True, True, False]


@pytest.mark.parametrize(("text", "is_after"), [
    ("2026-08-03T06:00", False), ("2026-08-03T06:01", True), ("2026-08-03T06:00:01", True), ("2026-08-03", False),
    ("2026-08-04", True), ("not a time", False),
])  # fmt: skip
def test_a_day_is_after_an_extraction_only_from_the_next_day_on(text, is_after):
    assert moments_of(text).is_after(datetime(2026, 8, 3, 6)).tolist() == [is_after]


def test_each_row_takes_the_first_rule_that_its_text_breaks_and_an_empty_cell_its_own():
    cells = distinct_texts(pa.chunked_array([["a", None, "b", "a"], ["c"]]))
    is_a, is_vowel, is_b = (
        np.array(mask) for mask in ([True, False, False], [True, False, False], [False, True, False])
    )
    numbers = first_rule([(is_a, 16), (is_vowel, 28), (is_b, 20)], 3)
    assert cells.by_row(numbers, 15).tolist() == [16, 15, 20, 16, 0]
    assert cells.values_by_row(pa.array(["A", "B", None])).to_pylist() == ["A", None, "B", "A", None]


@pytest.mark.parametrize(("cell", "code"), [("19D", "19D"), ("019d", "19D"), ("20/05", None), ("\u200219D", None)])
def test_an_offence_code_of_a_return_is_read_as_in_a_draft_unless_other_white_space_surrounds_it(cell, code):
    assert offence_codes.offence_code(cell) == code
