"""Do ladders, waits, counts and facts come out row for row the same on Spark and on DuckDB?"""

import datetime as dt

import ibis
import pyarrow as pa
import pytest
from measured_forms import LADDER_ROWS, children_found, seen_in_time, visits, wait_to_charge

from assay.engine import ExpressionEngine
from assay.indicators import add_answers, count_records, count_rungs, definition_counts, select_cases, wait_counts
from engine.both_engines import needs_spark

pytestmark = needs_spark

FOLLOWED = {"in_base": True, "cancelled": False, "ends_known": True, "days_seen": 100}
WAITING = visits(
    FOLLOWED,
    {**FOLLOWED, "days_to_charged": 40, "days_to_closed": 30},
    {**FOLLOWED, "days_to_charged": 30, "days_to_closed": 30},
    {**FOLLOWED, "days_to_charged": -1},
    {**FOLLOWED, "days_to_closed": 101},
    {**FOLLOWED, "days_seen": None},
    {**FOLLOWED, "ends_known": None},
    {**FOLLOWED, "cancelled": None},
    {**FOLLOWED, "in_base": False},
)


@pytest.fixture(scope="module")
def both_engines():
    with ExpressionEngine("duckdb") as duckdb, ExpressionEngine("spark") as spark:
        yield duckdb, spark


def same_on_both(both_engines, rows: pa.Table, build) -> pa.Table:
    """What `build` makes of the table on DuckDB, which must be what it makes on Spark."""
    on_duckdb, on_spark = (engine.run(build(engine.table("visit", rows))) for engine in both_engines)
    assert on_duckdb.schema == on_spark.schema
    assert on_duckdb.to_pylist() == on_spark.to_pylist()
    return on_duckdb


def test_a_ladder_is_the_same(both_engines):
    assert same_on_both(both_engines, LADDER_ROWS, lambda t: count_rungs(seen_in_time(), t)).num_rows == 9
    assert same_on_both(both_engines, LADDER_ROWS, count_records).num_rows == 2


def test_every_example_gives_its_answer_on_both(both_engines):
    examples = seen_in_time().examples
    rows = visits(*(row for row, _ in examples))
    found = same_on_both(both_engines, rows, lambda t: add_answers(seen_in_time(), t)).to_pylist()
    answers = {r["record_ref"]: f"{r['answer']}: {r['reason']}" if r["reason"] else r["answer"] for r in found}
    assert [answers[str(number)] for number in range(len(examples))] == [stated for _, stated in examples]


def test_an_opposite_in_the_population_stays_unknown_on_both(both_engines):
    indicator = seen_in_time(population="not cancelled", excluding={}, split="")
    ladder = same_on_both(both_engines, LADDER_ROWS, lambda t: count_rungs(indicator, t)).to_pylist()
    # Of ten: one cancelled (outside), one of which that is not known, one without hours, two above the limit.
    found = {}
    for row in ladder:
        found[row["answer"]] = found.get(row["answer"], 0) + row["records"]
    assert found == {"outside": 1, "not known if counted": 1, "not known": 1, "met": 5, "not met": 2}


def test_the_records_behind_an_answer_are_the_same(both_engines):
    assert same_on_both(both_engines, LADDER_ROWS, lambda t: select_cases(seen_in_time(), t, "X1", "met")).num_rows == 2


def test_the_counts_of_a_wait_are_the_same(both_engines):
    assert same_on_both(both_engines, WAITING, lambda t: wait_counts(wait_to_charge(), t)).num_rows == 9


def test_counts_under_definitions_are_the_same(both_engines):
    assert same_on_both(both_engines, LADDER_ROWS, lambda t: definition_counts(children_found(), t)).num_rows == 2


def test_a_definition_of_which_nothing_is_known_finds_none_on_both(both_engines):
    rows = visits({"in_base": True, "age": None}, {"in_base": True, "age": None})
    definition_rows = same_on_both(both_engines, rows, lambda t: definition_counts(children_found(), t)).to_pylist()
    assert all(value is not None for row in definition_rows for value in row.values())


STEPS = pa.table(
    {
        "force_code": ["X1", "X1", "X2", "X2", None],
        "step_ref": ["a", "b", "c", "d", "e"],
        "began": pa.array([dt.datetime(2025, 3, 30, 0, 59), None, dt.datetime(2024, 2, 29, 23, 59), dt.datetime(2025, 1, 1), dt.datetime(2025, 1, 2)], pa.timestamp("us")),
        "ended": pa.array([dt.datetime(2025, 3, 30, 2, 1), dt.datetime(2025, 1, 1), dt.datetime(2024, 3, 1), None, dt.datetime(2025, 1, 1)], pa.timestamp("us")),
        "day": pa.array([dt.date(2025, 3, 30), None, dt.date(2024, 2, 29), dt.date(2025, 1, 1), dt.date(2025, 1, 1)], pa.date32()),
    }
)  # fmt: skip
CALENDAR = pa.table(
    {
        "day": pa.array([dt.date(2024, 2, 29), dt.date(2025, 1, 1), dt.date(2025, 3, 30)], pa.date32()),
        "working_days_before": [40, 250, 310],
    }
)


def test_hours_between_two_times_are_the_same(both_engines):
    def hours(steps):
        seconds = steps.ended.delta(steps.began, unit="second")
        return steps.select("step_ref", hours=seconds / ibis.literal(3600.0), late=seconds > 3600)

    rows = same_on_both(both_engines, STEPS, hours).to_pylist()
    assert rows[0] == {"step_ref": "a", "hours": (62 * 60) / 3600, "late": True}
    assert rows[1] == {"step_ref": "b", "hours": None, "late": None}
    assert rows[2]["hours"] == 60 / 3600
    assert rows[4]["hours"] == -24.0


def test_working_days_through_the_calendar_are_the_same(both_engines):
    found = []
    for engine in both_engines:
        steps, calendar = engine.table("steps", STEPS), engine.table("calendar", CALENDAR)
        joined = steps.left_join(calendar, "day").select("step_ref", "working_days_before")
        found.append(engine.run(joined).to_pylist())
    assert found[0] == found[1]
    assert [row["working_days_before"] for row in found[0]] == [310, None, 40, 250, 250]


def test_the_first_step_of_each_force_is_the_same(both_engines):
    def first(steps):
        order = ibis.window(group_by="force_code", order_by=[ibis.asc("day", nulls_first=False), "step_ref"])
        return steps.mutate(place=ibis.row_number().over(order)).filter(lambda t: t.place == 0)[["step_ref"]]

    assert same_on_both(both_engines, STEPS, first).column("step_ref").to_pylist() == ["a", "c", "e"]


def test_days_between_two_dates_are_whole_and_the_same(both_engines):
    """Whole local days are worked out from seconds between midnights, never by a difference in days."""

    def days(steps):
        seconds = steps.day.cast("timestamp").delta(ibis.literal(dt.datetime(2024, 2, 28)), unit="second")
        return steps.select("step_ref", days=(seconds / ibis.literal(86400.0)).cast("int64"))

    assert same_on_both(both_engines, STEPS, days).column("days").to_pylist() == [396, None, 1, 308, 308]
