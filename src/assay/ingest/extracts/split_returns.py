"""Read a return that is sent as a flat extract, with `[[split]]` sections in its mapping.toml.

The tables that the sections describe are made as files of the contract in a temporary folder, are read like any other
file of the return, and are deleted as soon as they were read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from assay import contract
from assay.ingest.column_mapping import MAPPING_FILE
from assay.ingest.extracts.extract_files import read_sheets
from assay.ingest.extracts.extract_model import ExtractTable, SplitPlan
from assay.ingest.extracts.split_sections import SPLIT, missing_headings, read_split_sections
from assay.ingest.extracts.split_tables import split_extract
from assay.ingest.file_readers.delimited_files import open_delimited
from assay.reference.toml_files import InvalidTomlError, read_sent_toml
from assay.temporary_folders import temporary_folder
from assay.wording import count_phrase


@dataclass(frozen=True)
class SplitReturn:
    """The tables made from the extract of a return.

    Parameters
    ----------
    files
        Table -> the file that was made, in the form of the contract.
    sources
        The names of the files of the extract.
    remarks
        Sentences to the sender: errors in the sections, and what of the extract was set aside.
    origins
        Table -> the file with its sheet, and the line there, of each line of the file that was made (`origin_table`).
    labels
        Table -> the names of the files and sheets that it was made from, for sentences.
    """

    files: Mapping[str, Path] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    origins: Mapping[str, pa.Table] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def split_return(folder: Path, force_code: str) -> Iterator[SplitReturn]:
    """Make the tables of the extract in a return's folder; nothing if its mapping has no `[[split]]`.

    Parameters
    ----------
    folder
        The folder of the return.
    force_code
        The force of the return, which stands in every row of every table.
    """
    sections = _sections(folder)
    if sections is None:
        yield SplitReturn()
        return
    plan, errors = read_split_sections(sections)
    if errors:
        yield SplitReturn(remarks=errors)
        return
    with temporary_folder() as work_folder:
        yield _split(folder, plan, work_folder, force_code)


def _sections(folder: Path) -> Any:
    """Return the split sections; None without any. A file that is no TOML is told where the mapping is read."""
    try:
        return read_sent_toml(folder / MAPPING_FILE).get(SPLIT)
    except (OSError, InvalidTomlError):
        return None


def _split(folder: Path, plan: SplitPlan, work_folder: Path, force_code: str) -> SplitReturn:
    lookups = [lookup for part in plan.parts for lookup in part.lookups.values()]
    names = list(dict.fromkeys([part.file for part in plan.parts] + [lookup.file for lookup in lookups]))
    paths = [folder / name for name in names if Path(name).name == name and (folder / name).is_file()]
    # The sections name each sheet that they read, so a hidden one is read on purpose.
    reading = read_sheets([path for path in paths if not path.is_symlink()], with_hidden=True)
    missing = missing_headings(plan, reading.sheets)
    if reading.refusals or missing:
        return SplitReturn(sources=tuple(names), remarks=(*reading.refusals, *missing))
    tables = split_extract(reading.sheets, plan)
    files = {name: _write(table, work_folder / f"{name}.csv", force_code) for name, table in tables.items()}
    remarks = [sentence for sheet in reading.sheets if (sentence := sheet.unreadable_rows_sentence)]
    remarks += [remark for table in tables.values() for remark in _remarks(table)]
    labels = {name: ", ".join(dict.fromkeys(_labels(table, plan))) for name, table in tables.items()}
    origins = {name: origin_table(tables[name], path) for name, path in files.items()}
    return SplitReturn(files, tuple(names), tuple(remarks), origins, labels)


def _labels(table: ExtractTable, plan: SplitPlan) -> Iterator[str]:
    return (_label(part.file, part.sheet) for part in plan.parts if part.table == table.name)


def _label(file: str, sheet: str) -> str:
    return f"{file}, sheet {sheet}" if sheet else file


def origin_table(table: ExtractTable, path: Path) -> pa.Table:
    """Return, for each line of a table's generated file, the line of the extract from which it was made.

    A row begins on the line on which the reader finds it, since a cell may hold several lines. A row that is merged
    from several names the first.
    """
    rows = table.rows
    places = zip(rows["file"].to_pylist(), rows["sheet"].to_pylist(), strict=True)
    files = [_label(file, sheet) for file, sheet in places]
    return pa.table(
        {
            "line": pa.array(open_delimited(path).scan_result.lines, pa.int64()),
            "origin_file": pa.array(files, pa.string()),
            "origin_line": rows["line"].cast(pa.int64()),
        }
    )


def _write(table: ExtractTable, path: Path, force_code: str) -> Path:
    """Write the accepted rows in the form of the contract: a time of which only the day is known as a day."""
    rows = pl.DataFrame(pl.from_arrow(table.rows))
    names = [name for name in contract.table(table.name).column_names if name in rows.columns]
    cells = [_cell(rows, name).alias(name) for name in names]
    rows.select(pl.lit(force_code).alias(contract.FORCE_CODE), *cells).write_csv(path, quote_style="necessary")
    return path


def _cell(rows: pl.DataFrame, name: str) -> pl.Expr:
    cell = pl.col(name)
    if not isinstance(rows.schema[name], pl.Datetime):
        return cell.cast(pl.String)
    day = cell.dt.strftime("%Y-%m-%d")
    time = cell.dt.strftime("%Y-%m-%dT%H:%M:%S")
    is_day = f"{name}_is_day"
    return pl.when(pl.col(is_day)).then(day).otherwise(time) if is_day in rows.columns else time


def _remarks(table: ExtractTable) -> Iterator[str]:
    """Yield a sentence on the rows of the extract that became no row of the table, and on cells that were not read."""
    for reason, count in table.set_aside.items():
        yield f"{table.name}: {count_phrase(count, 'row')} of the extract set aside: {reason}."
    if table.merged:
        yield f"{table.name}: {count_phrase(table.merged, 'row')} of the extract repeated another and were merged."
    for (column, heading), count in table.not_understood.items():
        yield (
            f"{table.name}, {column}: {count_phrase(count, 'cell')} of {heading} not understood, and read as not "
            f"known. Add the words under values.{column} in mapping.toml."
        )
    for column, count in table.contradictions.items():
        outcome = "and nothing was read" if column in table.contradicted else "and the first was read"
        yield f"{table.name}, {column}: rows of {count_phrase(count, 'record')} differ, {outcome}."
