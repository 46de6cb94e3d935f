"""How is an invented return written to its folder: the cover, the files, and a mapping where columns differ?"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from assay.invented import older
from assay.invented.country import Force
from assay.invented.sending import Sending
from assay.invented.sheets import Sheet
from assay.invented.texts import phrases
from assay.returns import contract

CREATED = dt.datetime(2026, 6, 15, 6, 0)  # one date in every spreadsheet, so that the same seed gives the same bytes
SYSTEMS = {
    "csv": "Example records",
    "parquet": "Example warehouse",
    "xlsx": "Example case list",
    "mapped": "Older records",
}
SPREADSHEET_TABLES = 400  # rows above which even a body that works in spreadsheets sends CSV


def write_return(folder: Path, force: Force, sending: Sending, sheets: Mapping[str, Sheet], request: str) -> None:
    """The return of one body, whole, in its own folder."""
    folder.mkdir(parents=True)
    for name, sheet in sheets.items():
        _write_table(folder, name, sheet, sending)
    (folder / "return.toml").write_bytes(_cover(force, sending, sheets, request).encode())
    if sending.style == "mapped":
        (folder / "mapping.toml").write_bytes(older.mapping(sheets).encode())


def _write_table(folder: Path, name: str, sheet: Sheet, sending: Sending) -> None:
    if sending.style == "parquet" or name == sending.damaged:
        _parquet(folder / f"{name}.parquet", sheet)
        if name == sending.damaged:
            whole = (folder / f"{name}.parquet").read_bytes()
            (folder / f"{name}.parquet").write_bytes(whole[: len(whole) // 2])
    elif sending.style == "xlsx" and len(sheet.rows) <= SPREADSHEET_TABLES:
        _spreadsheet(folder / f"{name}.xlsx", sheet)
    elif sending.style == "mapped":
        (folder / older.file_name(name)).write_bytes(older.export(sheet))
    else:
        (folder / f"{name}.csv").write_bytes(_csv(sheet))


def _csv(sheet: Sheet) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(sheet.columns)
    lines.writerows(sheet.rows)
    return out.getvalue().encode()


def _parquet(path: Path, sheet: Sheet) -> None:
    columns = [_column(kind, [row[place] for row in sheet.rows]) for place, kind in enumerate(sheet.kinds)]
    pq.write_table(pa.table(columns, names=sheet.columns), path, compression="zstd")


def _column(kind: str, cells: list[str]) -> pa.Array:
    """A column in the type that a warehouse would hold; `when` stays text, because days and minutes mix."""
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
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        book.set_properties({"created": CREATED})
        page = book.add_worksheet("table")
        day, minute = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
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


def _cover(force: Force, sending: Sending, sheets: Mapping[str, Sheet], request: str) -> str:
    span = sending.span
    lines = [
        "[return]",
        'spec_version = "1.0"',
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
        lines += ["", f"[tables.{name}]", *_told(name, sending, sheets.get(name))]
    lines += ["", "[tables.events.kinds]"]
    lines += [f'{kind} = "{"yes" if complete else "no"}"' for kind, complete in sending.kinds.items()]
    return "\n".join(lines) + "\n"


def _told(name: str, sending: Sending, sheet: Sheet | None) -> list[str]:
    """What the cover says of one table."""
    if sheet is None:
        return ['supplied = "none"', f'reason = "{sending.left_out[name]}"']
    out = sending.columns_left_out.get(name, {})
    lines = ['supplied = "whole"']
    if out:
        note = phrases()["note"][0]
        lines = ['supplied = "part"', 'reason = "not_extractable"', f'reason_note = "{note}"']
    lines += [
        f'complete = "{"no" if name in sending.incomplete else "yes"}"',
        f'system = "{SYSTEMS[sending.style]}"',
        f'searchable = "{"part" if name in ("notes", "summaries") else "yes"}"',
        f'query = "{phrases()["query"][0]}"',
        f"rows = {len(sheet.rows) + sheet.extra_rows}",
        'midnight = "time"',
        f"hours_spent = {1 + len(sheet.rows) // 400}",
    ]
    if out:
        told = ", ".join(f'{column} = "{reason}"' for column, reason in out.items())
        lines.append(f"columns_not_sent = {{ {told} }}")
    return lines
