"""A small indicator, wait and count over synthetic visits, with a table that one can check with a pencil."""

import pyarrow as pa

from assay.indicators import Count, Indicator, Wait

WORDS = {
    "title": "Seen in time",
    "question": "How many children were seen within the limit?",
    "why": "Delay leaves a child without help.",
    "line": "responses",
    "asks": "Q8",
    "record": "visit",
    "limits": "Whether the child was listened to.",
    "assumptions": "The hours that the force entered.",
}
CHILD, ADULT = "child when reported", "adult when reported"
COUNTED_RECORD = {"in_base": True, "age": 12, "cancelled": False, "kind": "home", "hours": 5.0, "limit_hours": 24}


def seen_in_time(**changes) -> Indicator:
    """Of children in the base, not cancelled and not by telephone: seen within the limit."""
    fields = {
        "key": "seen_in_time",
        "population": "in_base and age < 18",
        "excluding": {"cancelled": "cancelled", "by_telephone": "kind in ('telephone', 'video')"},
        "met": "hours <= limit_hours",
        "better": "higher",
        "split": "when_reported",
        "examples": (
            (COUNTED_RECORD, "met"),
            ({**COUNTED_RECORD, "hours": 25.0}, "not met"),
            ({**COUNTED_RECORD, "hours": None}, "not known"),
            ({**COUNTED_RECORD, "cancelled": True}, "left out: cancelled"),
            ({**COUNTED_RECORD, "age": None}, "not known if counted"),
            ({**COUNTED_RECORD, "age": 18}, "outside"),
        ),
    }
    return Indicator(**(WORDS | fields | changes))


def wait_to_charge(**changes) -> Wait:
    """Whole days from report to charge; closing competes."""
    fields = {
        "key": "wait_to_charge",
        "population": "in_base",
        "excluding": {"cancelled": "cancelled"},
        "start": "the report",
        "ends": ("charged", "days_to_charged"),
        "competing": (("closed", "days_to_closed"),),
        "seen": "days_seen",
        "known": "ends_known",
        "better": "lower",
    }
    return Wait(**(WORDS | fields | changes))


def children_found(**changes) -> Count:
    """Visits under two definitions of a child."""
    fields = {
        "key": "children_found",
        "population": "in_base",
        "definitions": {"under_18": "age < 18", "under_16": "age < 16"},
    }
    return Count(**(WORDS | fields | changes))


COLUMNS = {
    "in_base": bool,
    "age": int,
    "cancelled": bool,
    "kind": str,
    "hours": float,
    "limit_hours": int,
    "when_reported": str,
    "days_to_charged": int,
    "days_to_closed": int,
    "days_seen": int,
    "ends_known": bool,
}
VISITS_TYPES = {"force_code": pa.string(), "record_ref": pa.string()} | {
    name: {bool: pa.bool_(), int: pa.int64(), str: pa.string(), float: pa.float64()}[kind]
    for name, kind in COLUMNS.items()
}


def visits(*rows: dict) -> pa.Table:
    """A table of visits; what a row does not mention is missing."""
    numbered = [{"force_code": "X1", "record_ref": str(number)} | row for number, row in enumerate(rows)]
    return pa.Table.from_pylist(numbered, schema=pa.schema(list(VISITS_TYPES.items())))


# Two forces; the answer of each row stands beside it.
LADDER_ROWS = visits(
    {**COUNTED_RECORD, "when_reported": CHILD},  # met
    {**COUNTED_RECORD, "when_reported": CHILD, "hours": 24.0},  # met: the limit itself is in time
    {**COUNTED_RECORD, "when_reported": ADULT, "hours": 24.5},  # not met
    {**COUNTED_RECORD, "hours": None},  # not known, split not known
    {**COUNTED_RECORD, "age": None, "when_reported": CHILD},  # not known if counted
    {**COUNTED_RECORD, "cancelled": True, "kind": "video"},  # left out: cancelled, the first reason
    {**COUNTED_RECORD, "cancelled": None, "kind": "video"},  # left out: by_telephone, although cancelled is not known
    {**COUNTED_RECORD, "age": None, "in_base": False, "when_reported": ADULT},  # outside, although the age is not known
    {**COUNTED_RECORD, "force_code": "X2", "when_reported": ADULT, "hours": 99.0},  # not met
    {**COUNTED_RECORD, "force_code": "X2", "when_reported": ADULT, "kind": None},  # not known if counted
)
