"""Was a crime recorded within 24 hours of its report?"""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.london_time import universal_time
from assay.workflows.check.extract_contents import day_column, is_day_column, optional_column

HOUR = 3_600_000_000
LIMIT = 24 * HOUR
WHEN = pa.timestamp("us")
MICROSECOND = timedelta(microseconds=1)


def is_recorded_within_24h(crimes: pa.Table) -> pa.ChunkedArray:
    """Return True, False or null (not known) for each crime, from `reported_at` and `recorded_at`."""
    only_days = pc.or_(is_day_column(crimes, "reported_at"), is_day_column(crimes, "recorded_at"))
    return pc.if_else(only_days, _answer_by_days(crimes), _answer_by_hours(crimes))


def is_recorded_before_reported(crimes: pa.Table) -> pa.ChunkedArray:
    """Return True for each crime that was recorded before it was reported, which is impossible; null if not known."""
    only_days = pc.or_(is_day_column(crimes, "reported_at"), is_day_column(crimes, "recorded_at"))
    return pc.if_else(only_days, pc.less(days_between(crimes), 0), pc.less(_microseconds(crimes), 0))


def days_between(crimes: pa.Table) -> pa.ChunkedArray:
    """Return the number of whole days from report to record."""
    recorded, reported = (day_column(crimes, name).cast(pa.int32()) for name in ("recorded_at", "reported_at"))
    return pc.subtract(recorded, reported)


def _answer_by_days(crimes: pa.Table) -> pa.ChunkedArray:
    """Return True on the same day and False from the day after the next; on the next day the hours decide."""
    days = days_between(crimes)
    not_known = pc.or_(pc.equal(days, 1), pc.less(days, 0))
    return pc.if_else(not_known, pa.scalar(None, pa.bool_()), pc.equal(days, 0))


def _answer_by_hours(crimes: pa.Table) -> pa.ChunkedArray:
    elapsed = _microseconds(crimes)
    in_order = pc.if_else(pc.less(elapsed, 0), pa.scalar(None, pa.int64()), elapsed)
    return pc.less_equal(in_order, LIMIT)


def _microseconds(crimes: pa.Table) -> pa.ChunkedArray:
    """Return the time from report to record.

    The difference of the wall clock is corrected where the change of the clocks in spring or autumn could change the
    answer: within one hour of the limit.
    """
    reported, recorded = (
        optional_column(crimes, name, WHEN).combine_chunks() for name in ("reported_at", "recorded_at")
    )
    wall = pc.subtract(recorded.cast(pa.int64()), reported.cast(pa.int64()))
    is_near = pc.fill_null(pc.less_equal(pc.abs(pc.subtract(wall, LIMIT)), HOUR), False)
    pairs = zip(reported.filter(is_near).to_pylist(), recorded.filter(is_near).to_pylist(), strict=True)
    exact = [(universal_time(end) - universal_time(start)) // MICROSECOND for start, end in pairs]
    return pa.chunked_array([pc.replace_with_mask(wall, is_near, pa.array(exact, pa.int64()))])
