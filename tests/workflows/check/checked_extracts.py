"""Extracts for the tests of `assay check`, made by hand from rows, as the split makes them from a file."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import pyarrow as pa

from assay.ingest.extracts.extract_model import ColumnMeaning, ExtractTable, SplitPart, SplitPlan
from assay.workflows.check.extract_contents import PeriodRecords, extract_contents, period_records
from assay.workflows.check.extract_measures import count_extract

FILE = "extract.csv"
TYPES = {"suspect_count": pa.int64(), "victim_count": pa.int64(), "age_at_offence": pa.int64(), "line": pa.int64()}


def extract_table(name: str, rows: Iterable[Mapping[str, object]], columns: Iterable[str] = (), **more) -> ExtractTable:
    """A table of the extract; `date` gives a day, `datetime` a time. A column that holds both has NAME_is_day."""
    rows = list(rows)
    names = list(dict.fromkeys([*columns, *(key for row in rows for key in row)]))
    data: dict[str, pa.Array] = {}
    for column in names:
        cells = [row.get(column) for row in rows]
        if any(isinstance(cell, datetime) for cell in cells):
            data[f"{column}_is_day"] = pa.array([type(cell) is date for cell in cells])
            cells = [datetime.combine(cell, datetime.min.time()) if type(cell) is date else cell for cell in cells]
            data[column] = pa.array(cells, pa.timestamp("us"))
        elif any(isinstance(cell, date) for cell in cells):
            data[column] = pa.array(cells, pa.date32())
        else:
            data[column] = pa.array(cells, TYPES.get(column, pa.string()))
    data.setdefault("line", pa.array(range(2, len(rows) + 2), pa.int64()))
    return ExtractTable(name, pa.table(data), more.pop("records", len(rows)), **more)


def part(table: str, columns: Iterable[str], *, ordinal: int = 1, **fixed: str) -> SplitPart:
    """A part of the plan: each column is read from the heading of the same name, all but certain."""
    meanings = {name: ColumnMeaning(name.replace("_", " ").title(), table, name, 0.99) for name in columns}
    return SplitPart(FILE, "", table, meanings, fixed, ordinal=ordinal)


def plan_of(tables: Mapping[str, ExtractTable]) -> SplitPlan:
    """The plan of an extract with a list of persons, in which every column of the tables is sent."""
    hidden = ("line", "file", "sheet")
    return SplitPlan(
        tuple(
            part(name, [c for c in table.rows.column_names if c not in hidden and not c.endswith("_is_day")])
            for name, table in tables.items()
        )
    )


def records_of(
    *, plan: SplitPlan | None = None, first: date | None = None, last: date | None = None, **rows
) -> PeriodRecords:
    """The records of an extract with these rows by table."""
    tables = {
        name: found if isinstance(found, ExtractTable) else extract_table(name, found) for name, found in rows.items()
    }
    return period_records(tables, extract_contents(plan or plan_of(tables), tables), first, last)


def measured(key: str, **rows) -> object:
    """One measure of an extract with these rows by table, as `--json` prints it."""
    return count_extract(records_of(**rows)).as_dict()["measures"][key]
