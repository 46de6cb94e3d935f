"""Write a synthetic return to its folder: manifest, files and mapping."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xlsxwriter

from assay import contract
from assay.synthetic import record_system_exports
from assay.synthetic.return_forms import ReturnForm
from assay.synthetic.return_sheets import Sheet
from assay.synthetic.synthetic_country import SyntheticForce
from assay.synthetic.synthetic_texts import fixed_phrases

CREATED = dt.datetime(2026, 6, 15, 6, 0)  # fixed, so that the same seed gives the same bytes
SYSTEMS = {
    "csv": "Example records",
    "parquet": "Example warehouse",
    "xlsx": "Example case list",
    "mapped": "Older records",
}
SPREADSHEET_TABLES = 400  # rows above which a force that uses spreadsheets sends CSV


@dataclass
class ReturnFiles:
    """Writes the return of one force into a new folder, in batches of records (divisions) that limit memory use.

    Parquet allows any number of batches; all other formats have one.
    """

    folder: Path
    force: SyntheticForce
    sending: ReturnForm
    request: str
    rows: dict[str, int] = field(default_factory=dict)
    open: dict[str, pq.ParquetWriter] = field(default_factory=dict)

    def add(self, sheets: Mapping[str, Sheet]) -> None:
        """Write the tables of one batch of records."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, sheet in sheets.items():
            self.rows[name] = self.rows.get(name, 0) + len(sheet.rows) + sheet.extra_rows
            if self.sending.style == "parquet" or name == self.sending.damaged:
                self._parquet(name, sheet)
            else:
                _write_table(self.folder, name, sheet, self.sending)
        if self.sending.style == "mapped":
            (self.folder / "mapping.toml").write_bytes(record_system_exports.mapping_toml(sheets).encode())

    def add_batch(self, name: str, batch: pa.RecordBatch) -> None:
        """Write further rows of a Parquet table; the force code is added, columns not sent are left out."""
        schema = self.open[name].schema
        code = pa.repeat(pa.scalar(self.force.code), batch.num_rows)
        arrays = {"force_code": code, **{column: batch[column] for column in batch.schema.names}}
        columns = [_cast_column(arrays[column.name], column.type) for column in schema]
        self.open[name].write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
        self.rows[name] += batch.num_rows

    def close(self) -> None:
        """Close the files and write the return manifest."""
        for writer in self.open.values():
            writer.close()
        if self.sending.damaged:
            path = self.folder / f"{self.sending.damaged}.parquet"
            whole = path.read_bytes()
            path.write_bytes(whole[: len(whole) // 2])
        (self.folder / "return.toml").write_bytes(_manifest(self.force, self.sending, self.rows, self.request).encode())

    def _parquet(self, name: str, sheet: Sheet) -> None:
        table = _arrow(sheet)
        if name not in self.open:
            self.open[name] = pq.ParquetWriter(self.folder / f"{name}.parquet", table.schema, compression="zstd")
        self.open[name].write_table(table)


def _cast_column(values: pa.Array, kind: pa.DataType) -> pa.Array:
    """Cast a column to the type in which it is sent; minutes as text have the contract's format."""
    if pa.types.is_timestamp(values.type) and pa.types.is_string(kind):
        return pc.strftime(values.cast(pa.timestamp("s")), format="%Y-%m-%dT%H:%M")
    return values.cast(kind)


def _write_table(folder: Path, name: str, sheet: Sheet, sending: ReturnForm) -> None:
    if sending.style == "xlsx" and len(sheet.rows) <= SPREADSHEET_TABLES:
        _spreadsheet(folder / f"{name}.xlsx", sheet)
    elif sending.style == "mapped":
        (folder / record_system_exports.file_name(name)).write_bytes(record_system_exports.legacy_export(sheet))
    else:
        (folder / f"{name}.csv").write_bytes(_csv(sheet))


def _csv(sheet: Sheet) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(sheet.columns)
    lines.writerows(sheet.rows)
    return out.getvalue().encode()


def _arrow(sheet: Sheet) -> pa.Table:
    columns = [_column(kind, [row[place] for row in sheet.rows]) for place, kind in enumerate(sheet.kinds)]
    return pa.table(columns, names=sheet.columns)


def _column(kind: str, cells: list[str]) -> pa.Array:
    """Return a column in the type of a data warehouse; `when` stays text, because it mixes dates and minutes."""
    values = [cell or None for cell in cells]
    if kind == "yesno":
        return pa.array([None if cell is None else cell == "yes" for cell in values], pa.bool_())
    if kind == "int":
        return pa.array([None if cell is None else int(cell) for cell in values], pa.int64())
    if kind == "date":
        return pa.array([None if cell is None else dt.date.fromisoformat(cell) for cell in values], pa.date32())
    if kind == "time":
        times = [None if cell is None else dt.datetime.fromisoformat(cell) for cell in values]
        return pa.array(times, pa.timestamp("us"))
    return pa.array(values, pa.string())


def _spreadsheet(path: Path, sheet: Sheet) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False}) as workbook:
        workbook.set_properties({"created": CREATED})
        page = workbook.add_worksheet("table")
        day, minute = (
            workbook.add_format({"num_format": "dd/mm/yyyy"}),
            workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        )
        page.write_row(0, 0, sheet.columns)
        for line, row in enumerate(sheet.rows, start=1):
            for place, (cell, kind) in enumerate(zip(row, sheet.kinds, strict=True)):
                if kind in ("date", "when", "time") and cell:
                    value = dt.datetime.fromisoformat(cell)
                    page.write_datetime(line, place, value, minute if "T" in cell else day)
                elif kind in ("int", "num") and cell:
                    page.write_number(line, place, float(cell))
                elif cell:
                    page.write_string(line, place, cell)


def _manifest(force: SyntheticForce, sending: ReturnForm, rows: Mapping[str, int], request: str) -> str:
    span = sending.span
    lines = [
        "[return]",
        f'spec_version = "{contract.SPEC_VERSION}"',
        f'request = "{request}"',
        f'force_code = "{force.code}"',
        f"period_from = {span.period_from}",
        f"period_to = {span.period_to}",
        f"history_from = {span.history_from}",
        f'extracted_at = "{span.extracted_at:%Y-%m-%dT%H:%M}"',
        "edition = 1",
        'contact_post = "Data officer, crime registry"',
    ]
    for name in contract.tables():
        lines += ["", f"[tables.{name}]", *_table_lines(name, sending, rows.get(name))]
    lines += ["", "[tables.events.kinds]"]
    lines += [f'{kind} = "{"yes" if complete else "no"}"' for kind, complete in sending.kinds.items()]
    return "\n".join(lines) + "\n"


def _table_lines(name: str, sending: ReturnForm, rows: int | None) -> list[str]:
    """Return the manifest lines of one table."""
    if rows is None:
        return ['supplied = "none"', f'reason = "{sending.not_sent[name]}"']
    out = sending.columns_not_sent.get(name, {})
    lines = ['supplied = "whole"']
    if out:
        note = fixed_phrases()["note"][0]
        lines = ['supplied = "part"', 'reason = "not_extractable"', f'reason_note = "{note}"']
    lines += [
        f'complete = "{"no" if name in sending.incomplete else "yes"}"',
        f'system = "{SYSTEMS[sending.style]}"',
        f'searchable = "{_searchable(name, sending)}"',
        f'query = "{fixed_phrases()["query"][0]}"',
        f"rows = {rows}",
        'midnight = "time"',
        f"hours_spent = {1 + rows // 400}",
    ]
    if out:
        reason_list = ", ".join(f'{column} = "{reason}"' for column, reason in out.items())
        lines.append(f"columns_not_sent = {{ {reason_list} }}")
    return lines


def _searchable(name: str, sending: ReturnForm) -> str:
    return "no" if name in sending.unsearchable else "part" if name in ("notes", "summaries") else "yes"
