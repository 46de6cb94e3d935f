"""Suppress figures that were computed from an estimate in another table, if that estimate is suppressed.

Example: the range of hidden children is the range of all children minus the children on any list, and the change since
last year compares two such ranges. If a count of the lists is suppressed, the range is suppressed, and so must be all
that was computed from it. Such figures are in tables without these counts, so their declaration names the table that
has them (`depends_on` in `tables.toml`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from assay.sdc.cell_status import SECONDARY_SUPPRESSED_PREFIX, Row, add_status, is_primary_suppressed
from assay.sdc.release_tables import Table, declared_tables


def suppress_dependent_figures(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Return the released tables with dependent figures suppressed.

    For each row whose estimate is suppressed in the table that `depends_on` names, the rows with the same value of
    `by` lose their `columns`, and get the texts that the declaration `says`.
    """
    result = dict(tables)
    for name, table in tables.items():
        form = declared_tables().get(name)
        if form is None or not form.depends_on:
            continue
        rule = form.depends_on
        source_rows = tables[rule["table"]].to_pylist() if rule["table"] in tables else []
        suppressed = {row[rule["by"]] for row in source_rows if is_primary_suppressed(row, rule["estimate"])}
        if suppressed:
            rows = [_suppress(row, form) if _depends(row, rule, suppressed) else row for row in table.to_pylist()]
            result[name] = pa.Table.from_pylist(rows, schema=table.schema)
    return result


def _depends(row: Row, rule: Mapping[str, Any], suppressed: set[Any]) -> bool:
    conditions = rule.get("where", {})
    return row[rule["by"]] in suppressed and all(row[name] == value for name, value in conditions.items())


def _suppress(row: Row, form: Table) -> Row:
    # A count gets the status of secondary suppression, because its suppression does not depend on its size.
    rule = form.depends_on
    for name in rule["columns"]:
        if row[name] is not None and name in form.protected_counts:
            add_status(row, SECONDARY_SUPPRESSED_PREFIX + name)
        row[name] = None
    row.update(rule["says"])
    return row
