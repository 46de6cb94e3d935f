"""Compare the released tables of two inspections, value for value: did a change of names leave every figure as it was?

    python scripts/compare_releases.py BEFORE AFTER

BEFORE and AFTER are output folders that two versions of the program made from the same data: of inspections (`assay
demo --forces 2 --crimes 4 --out BEFORE`, four crimes a year in a force) or of published reports (`assay look`).
Rows are matched by position, and values are compared as text. A column may have another name after the change if
`formerly` in `src/assay/sdc/tables.toml` gives its name before. The command prints one line for each table or column
that differs, with its first differing cells. It exits with 1 if there is any, and with 2 if the folders cannot be
compared.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from csv import reader
from pathlib import Path
from typing import NoReturn

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from assay.sdc import with_current_names

FOLDERS = ("disclosure", "figures")
"""The subfolder with the released tables: `disclosure` of an inspection, `figures` of a published report."""


def _read_csv(path: Path) -> pa.Table:
    """Return a CSV file with every cell as text, so that '01' is not 1 and an empty cell is not 'NA'."""
    with path.open(encoding="utf-8-sig") as file:
        header = next(reader(file))
    as_text = csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False)
    return csv.read_csv(path, convert_options=as_text)


READERS = {".parquet": pq.read_table, ".csv": _read_csv}
CELLS_SHOWN = 5
"""Differing cells that are printed for a column."""


def read_tables(folder: Path) -> dict[str, pa.Table]:
    """Return the released tables of an inspection or a report by name, all values as text and columns by their present
    names."""
    tables_folder = next((folder / name for name in FOLDERS if (folder / name).is_dir()), folder)
    tables = {
        path.stem: READERS[path.suffix](path) for path in sorted(tables_folder.glob("*")) if path.suffix in READERS
    }
    if tables_folder == folder or not tables:
        _stop(f"{folder} has no released tables: name the folder of an inspection or of a report.")
    return {name: _as_text(table) for name, table in with_current_names(tables).items()}


def _stop(message: str) -> NoReturn:
    sys.stderr.write(f"{message}\n")
    raise SystemExit(2)


def _as_text(table: pa.Table) -> pa.Table:
    return pa.table({name: pa.array(map(repr, table[name].to_pylist()), pa.string()) for name in table.column_names})


def differences(before: Mapping[str, pa.Table], after: Mapping[str, pa.Table]) -> Iterator[str]:
    """Yield one line for each table or column that is missing on one side or whose values differ."""
    for name in sorted({*before, *after}):
        if name not in before or name not in after:
            yield f"{name}: only {'after' if name in after else 'before'} the change"
        else:
            yield from _table_differences(name, before[name], after[name])


def _table_differences(name: str, before: pa.Table, after: pa.Table) -> Iterator[str]:
    for column in [*before.column_names, *(c for c in after.column_names if c not in before.column_names)]:
        if column not in before.column_names or column not in after.column_names:
            yield f"{name}.{column}: only {'after' if column in after.column_names else 'before'} the change"
    if before.num_rows != after.num_rows:
        yield f"{name}: {before.num_rows} rows before the change, {after.num_rows} after it"
        return
    for column in (c for c in before.column_names if c in after.column_names):
        pairs = zip(before[column].to_pylist(), after[column].to_pylist(), strict=True)
        cells = [f"row {row}: {old} -> {new}" for row, (old, new) in enumerate(pairs, start=1) if old != new]
        if cells:
            first_cells = "; ".join(cells[:CELLS_SHOWN])
            yield f"{name}.{column}: {len(cells)} of {before.num_rows} cells differ: {first_cells}"


def main(argv: list[str]) -> int:
    """Compare two folders; return 1 if a released value differs."""
    if len(argv) != 2:
        _stop("Usage: python scripts/compare_releases.py BEFORE AFTER")
    before, after = (read_tables(Path(folder)) for folder in argv)
    lines = list(differences(before, after))
    sys.stdout.writelines(f"{line}\n" for line in lines)
    cells = sum(table.num_rows * table.num_columns for table in before.values())
    sys.stdout.write(
        f"{len(before)} tables with {cells:,} cells before the change: {len(lines)} tables or columns differ.\n"
    )
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
