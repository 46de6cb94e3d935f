"""Count the records that each of several definitions includes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from assay.engine.portable_expressions import count_where
from assay.indicators.conditions import Condition
from assay.indicators.indicator_forms import Count

if TYPE_CHECKING:
    import ibis

DEFINITION_COUNTS = pa.schema(
    [
        ("force_code", pa.string()),
        ("definition", pa.string()),
        ("records", pa.int64()),
        ("not_known", pa.int64()),
        ("not_found", pa.int64()),
        ("outside", pa.int64()),
    ]
)


def definition_counts(count: Count, table: ibis.Table) -> ibis.Table:
    """Count the records of each force, in total, outside the population, and by definition found or unknown.

    Columns: `all_records`, `outside`, and for each definition `found_N` and `unknown_N`.
    """
    inside = Condition(count.population).ibis(table)
    columns = {"all_records": table.count(), "outside": count_where(table, ~inside)}
    for number, text in enumerate(count.definitions.values()):
        found = inside & Condition(text).ibis(table)
        columns[f"found_{number}"] = count_where(table, found)
        columns[f"unknown_{number}"] = count_where(table, found.isnull())
    return table.group_by("force_code").aggregate(**columns)


def definition_rows(count: Count, counts: pa.Table) -> pa.Table:
    """Return one row for each force and definition: force_code, definition, records, not_known, not_found, outside.

    The last four add up to the records of the force. `counts` is the result of `definition_counts`.
    """
    rows = []
    for row in counts.to_pylist():
        for number, key in enumerate(count.definitions):
            found, unknown, outside = row[f"found_{number}"], row[f"unknown_{number}"], row["outside"]
            not_found = row["all_records"] - found - unknown - outside
            rows.append((row["force_code"], key, found, unknown, not_found, outside))
    return pa.Table.from_pylist(
        [dict(zip(DEFINITION_COUNTS.names, row, strict=True)) for row in rows], schema=DEFINITION_COUNTS
    )
