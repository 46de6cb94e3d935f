"""Is a figure that was made of an estimate shown although the estimate itself is not?

A range of children on no list is the range of all children less those on any; that there are fewer than a year ago
compares two such ranges. Where the counts of the lists are not all shown the range is not, and neither is what was made
of it. Such figures stand in tables that do not hold these counts, so their tables name the one that does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from assay.disclosure.declared import Table, declared_tables
from assay.disclosure.marks import KEPT_BACK, Row, is_hidden, note


def withhold_what_is_made_of_it(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The same released tables; where a row of the table named in `shown_with` is without its estimate, the rows that
    share its `by` have no `columns`, and say what the declaration `says`."""
    made = dict(tables)
    for name, table in tables.items():
        form = declared_tables().get(name)
        if form is None or not form.shown_with:
            continue
        told = form.shown_with
        home = tables[told["table"]].to_pylist() if told["table"] in tables else []
        without = {row[told["by"]] for row in home if is_hidden(row, told["estimate"])}
        if without:
            rows = [_without(row, form) if _is_meant(row, told, without) else row for row in table.to_pylist()]
            made[name] = pa.Table.from_pylist(rows, schema=table.schema)
    return made


def _is_meant(row: Row, told: Mapping[str, Any], without: set[Any]) -> bool:
    return row[told["by"]] in without and all(row[name] == value for name, value in told.get("where", {}).items())


def _without(row: Row, form: Table) -> Row:
    """A count is noted as kept back: that it is not shown says nothing of how large it is."""
    told = form.shown_with
    for name in told["columns"]:
        if row[name] is not None and name in form.protected_counts:
            note(row, KEPT_BACK + name)
        row[name] = None
    row.update(told["says"])
    return row
