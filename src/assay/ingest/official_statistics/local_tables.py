"""Names and columns of the official tables about an area: children's services, courts, residents, inspections.

They are context beside the police figures: none is a count of child sexual exploitation.
"""

from __future__ import annotations

import pyarrow as pa

COUNT_SCHEMA = pa.schema(
    [
        ("edition", pa.string()),
        ("source", pa.string()),
        ("year", pa.int32()),
        ("area_code", pa.string()),
        ("level", pa.string()),
        ("measure", pa.string()),
        ("number", pa.int64()),
        ("marker", pa.string()),
    ]
)
"""One count of one area and year; `marker` holds the letter that the publisher wrote in place of a number."""
COUNT_TABLES = (
    "plans_started",
    "plans_held",
    "looked_after",
    "ethnicity",
    "last_outcomes",
    "court_outcomes",
    "national_outcomes",
)
"""Tables of counts, all with the columns of `COUNT_SCHEMA`."""
LOCAL_TABLES: dict[str, pa.Schema] = {
    **dict.fromkeys(COUNT_TABLES, COUNT_SCHEMA),
    "inspections": pa.schema(
        [
            ("edition", pa.string()),
            ("source", pa.string()),
            ("year", pa.int32()),
            ("area_code", pa.string()),
            ("inspected_on", pa.string()),
            ("published_on", pa.string()),
            ("judgement", pa.string()),
            ("grade", pa.string()),
        ]
    ),
    "neighbours": pa.schema(
        [
            ("edition", pa.string()),
            ("source", pa.string()),
            ("year", pa.int32()),
            ("area_code", pa.string()),
            ("nearness", pa.int32()),
            ("neighbour_code", pa.string()),
        ]
    ),
}
YEAR_IN_TITLE = ("ethnicity", "inspections", "neighbours")
"""Tables without a column of the year: their title or the name of the file states it."""
