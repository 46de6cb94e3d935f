"""Do the answers add up, and does the share lie between its bounds?"""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measured_forms import ADULT, CHILD, LADDER_ROWS, seen_in_time

from assay.engine import ExpressionEngine
from assay.errors import EvidenceError
from assay.indicators import Tally, check_totals, count_records, count_rungs, exclusion_rows, ladder_rows, tallies

pytestmark = pytest.mark.quick


@pytest.fixture(scope="module")
def ladder_and_records():
    with ExpressionEngine() as engine:
        table = engine.table("visit", LADDER_ROWS)
        return engine.run(count_rungs(seen_in_time(), table)), engine.run(count_records(table))


def row_of(table, **where):
    found = [row for row in table.to_pylist() if where.items() <= row.items()]
    assert len(found) == 1
    return found[0]


def test_a_force_has_its_counts_its_share_and_the_bounds_of_the_share(ladder_and_records):
    row = row_of(ladder_rows(seen_in_time(), ladder_and_records[0]), place_code="X1", when_reported="all")
    numbers = [row[name] for name in ("outside", "excluded", "not_known_if_counted", "met", "not_met", "not_known")]
    assert numbers == [1, 2, 1, 2, 1, 1]
    assert row["records"] == 8
    assert row["share"] == 2 / (2 + 1)
    assert row["share_lowest"] == 2 / (2 + 1 + 1 + 1)
    assert row["share_highest"] == (2 + 1 + 1) / (2 + 1 + 1 + 1)


def test_children_and_adults_are_shown_apart_and_neither_is_dropped(ladder_and_records):
    rows = ladder_rows(seen_in_time(), ladder_and_records[0])
    parts = [row_of(rows, place_code="X2", when_reported=split)["records"] for split in (CHILD, ADULT, "not known")]
    assert parts == [0, 2, 0]
    assert row_of(rows, place_code="X2", when_reported="all")["records"] == 2


def test_all_forces_together_are_the_sum_of_the_forces(ladder_and_records):
    everywhere = tallies(seen_in_time(), ladder_and_records[0])["ALL", "all"]
    assert everywhere == Tally(outside=1, excluded=2, not_known_if_counted=2, met=2, not_met=2, not_known=1)


def test_a_force_without_a_record_is_shown_and_has_no_share(ladder_and_records):
    row = row_of(ladder_rows(seen_in_time(), ladder_and_records[0], ["X9"]), place_code="X9", when_reported="all")
    assert row["records"] == 0
    assert row["share"] is row["share_lowest"] is row["share_highest"] is None


def test_each_reason_for_leaving_out_is_counted_in_each_place(ladder_and_records):
    rows = exclusion_rows(seen_in_time(), ladder_and_records[0])
    assert row_of(rows, place_code="X1", reason="cancelled")["records"] == 1
    assert row_of(rows, place_code="ALL", reason="by_telephone")["records"] == 1
    assert row_of(rows, place_code="X2", reason="cancelled")["records"] == 0


def test_answers_that_add_up_to_the_table_pass(ladder_and_records):
    check_totals(seen_in_time(), *ladder_and_records)


@pytest.mark.parametrize(
    "records",
    [
        [{"force_code": "X1", "records": 9}, {"force_code": "X2", "records": 2}],
        [{"force_code": "X1", "records": 8}],
        [{"force_code": "X1", "records": 8}, {"force_code": "X2", "records": 2}, {"force_code": "X3", "records": 1}],
    ],
)
def test_answers_that_do_not_add_up_are_refused_with_the_force_and_the_numbers(ladder_and_records, records):
    with pytest.raises(EvidenceError, match=r"seen_in_time: the answers of X\d add up to \d records"):
        check_totals(seen_in_time(), ladder_and_records[0], pa.Table.from_pylist(records))


@given(st.builds(Tally, *[st.integers(0, 50)] * 6))
def test_the_share_always_lies_within_its_bounds(tally):
    if tally.share is None:
        assert tally.base == 0
        return
    low, high = tally.bounds
    assert low <= tally.share + 1e-12
    assert tally.share <= high + 1e-12


def test_where_nothing_is_known_the_share_may_be_anything():
    tally = Tally(not_known=3)
    assert tally.share is None
    assert tally.bounds == (0.0, 1.0)
