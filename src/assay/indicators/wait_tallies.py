"""Count waiting times by ending and day, censored at the last observed day, as input of incidence curves.

The engine reduces every record to (day, ending) and counts them; `time_to_event` estimates the curve. A record without
known days is counted with its reason, never dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from assay.indicators.answer_ladder import ALL, add_rung_names, counting_rungs, rungs, split_column
from assay.indicators.conditions import Condition
from assay.indicators.indicator_forms import EVERYWHERE, NOT_KNOWN, Wait

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir

Days = NDArray[np.int64]
INCLUDED = "counted"
STILL_WAITING = "still waiting"
# Reasons why the days of a record are not known.
NOT_FOLLOWED = "it is not known which endings happened"
NO_START = "the day of its start is not known"
BEFORE_ITS_START = "an ending before the start"
AFTER_LAST_SEEN = "an ending after the last day seen"


def wait_counts(wait: Wait, table: ibis.Table) -> ibis.Table:
    """Count the records by force, split, answer, reason, days and ending of a waiting time.

    Where `answer` is "counted": `days` since the start, and `ending` (a label, or "still waiting" with the days to
    the last day seen). Otherwise both are missing, and `reason` says why. The records add up to the table.
    """
    placed = _place_records(wait, table)
    keys = ["force_code", "split", "rung", "days", "place"]
    counts = placed.group_by(keys).aggregate(records=placed.count())
    out = add_rung_names(counts.mutate(ending=_ending(wait, counts)), _rungs(wait))
    return out[["force_code", "split", "answer", "reason", "days", "ending", "records"]]


def wait_answers(wait: Wait, table: ibis.Table) -> ibis.Table:
    """Return the answer of each record: force_code, record_ref, answer, reason, days, ending, as in `wait_counts`."""
    placed = _place_records(wait, table, "record_ref")
    out = add_rung_names(placed.mutate(ending=_ending(wait, placed)), _rungs(wait))
    return out[["force_code", "record_ref", "answer", "reason", "days", "ending"]]


def wait_groups(counts: pa.Table, place: str = EVERYWHERE, split: str = ALL) -> tuple[Days, list[str], Days]:
    """Return pooled (days, endings, records) of one place and split, as input of `stats.cumulative_incidence`.

    `counts` is the result of `wait_counts`.
    """
    selection = pc.equal(counts.column("answer"), INCLUDED)
    for column, value, everything in (("force_code", place, EVERYWHERE), ("split", split, ALL)):
        if value != everything:
            selection = pc.and_(selection, pc.equal(counts.column(column), value))
    rows = counts.filter(selection).group_by(["days", "ending"]).aggregate([("records", "sum")])
    days, records = (rows.column(name).to_numpy() for name in ("days", "records_sum"))
    return days, rows.column("ending").to_pylist(), records


def _rungs(wait: Wait) -> tuple[tuple[str, str], ...]:
    reasons = (NOT_FOLLOWED, NO_START, BEFORE_ITS_START, AFTER_LAST_SEEN)
    return (*rungs(wait), *((NOT_KNOWN, reason) for reason in reasons), (INCLUDED, ""))


def _place_records(wait: Wait, table: ibis.Table, *extra_columns: str) -> ibis.Table:
    """Return each record with its rung, and for counted records its days and the index of its ending in the form (0:
    open).

    `extra_columns`: columns to keep.
    """
    import ibis

    tests = [*(test for test, _ in counting_rungs(wait, table)), *_unknown_day_tests(wait, table)]
    seen, *ended = (table[column].cast("int64") for column in (wait.seen, *(column for _, column in wait.endings)))
    days = ibis.least(seen, *(ending_days.coalesce(seen) for ending_days in ended))
    place = ibis.cases(
        *((ending_days == days, ibis.literal(number)) for number, ending_days in enumerate(ended, start=1)), else_=0
    )
    rung = ibis.cases(*((test, ibis.literal(number)) for number, test in enumerate(tests)), else_=len(tests))
    placed = table.select(
        *extra_columns,
        force_code=table.force_code,
        split=split_column(wait, table),
        rung=rung,
        all_days=days,
        all_places=place,
    )
    counts = placed.rung == len(tests)
    return placed.select(
        *extra_columns,
        "force_code",
        "split",
        "rung",
        days=counts.ifelse(placed.all_days, None),
        place=counts.ifelse(placed.all_places, None),
    )


def _unknown_day_tests(wait: Wait, table: ibis.Table) -> list[ir.BooleanValue]:
    """Return the tests for unknown days, in the order of the reasons."""
    seen, ended = table[wait.seen], [table[column] for _, column in wait.endings]
    early, late = seen < 0, ended[0] > seen
    for days in ended:
        early, late = early | (days < 0), late | (days > seen)
    known = Condition(wait.known).ibis(table)
    return [~known | known.isnull(), seen.isnull(), early, late]


def _ending(wait: Wait, counts: ibis.Table) -> ir.StringValue:
    import ibis

    labels = [STILL_WAITING, *(label for label, _ in wait.endings)]
    return ibis.cases(*((counts.place == number, label) for number, label in enumerate(labels)))
