"""Read the files exported from a record system as sheets; every cell is read as text.

A file is read as what it is by its content, whatever its name ends with. In each sheet the heading is found, and every
row is a record or is set aside with a reason. Messages never hold the content of a cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assay.errors import EvidenceError
from assay.ingest.extracts.extract_model import Sheet
from assay.ingest.extracts.sheet_records import NoTable, sheet_tables
from assay.ingest.file_readers.cell_grid import CellGrid
from assay.ingest.file_readers.delimited_grid import read_delimited
from assay.ingest.file_readers.file_kinds import (
    EMPTY,
    JSON,
    PARQUET,
    PROTECTED,
    TEXT,
    TEXT_WITH_ZEROS,
    WEB_PAGE,
    WORKBOOK,
    XML_WORKBOOK,
    file_kind,
)
from assay.ingest.file_readers.file_source import TableRefused
from assay.ingest.file_readers.json_grid import read_json
from assay.ingest.file_readers.markup_tables import read_web_page, read_xml_workbook
from assay.ingest.file_readers.parquet_grid import read_parquet
from assay.ingest.file_readers.workbook_grids import read_workbook
from assay.wording import count_phrase

_IGNORED_NAMES = ("thumbs.db", "desktop.ini")
_SUFFIXES = {
    TEXT: (".csv", ".txt", ".tsv", ".dat", ".psv", ".asc", ".tab", ".prn", ".out", ".lst", ""),
    WORKBOOK: (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"),
    PARQUET: (".parquet", ".pq"),
    WEB_PAGE: (".html", ".htm"),
    JSON: (".json", ".jsonl", ".ndjson"),
    XML_WORKBOOK: (".xml",),
}
_READERS: Mapping[str, Callable[[Path], list[CellGrid]]] = {
    TEXT: lambda path: [read_delimited(path)],
    WORKBOOK: read_workbook,
    PARQUET: lambda path: [read_parquet(path)],
    WEB_PAGE: read_web_page,
    JSON: lambda path: [read_json(path)],
    XML_WORKBOOK: read_xml_workbook,
}


@dataclass(frozen=True)
class SheetReading:
    """The sheets read from an extract, with sentences on files, sheets and hidden sheets that were not read.

    Parameters
    ----------
    sheets
        The sheets with records, in the order of the paths.
    refusals
        A sentence with the next step for each file that cannot be read.
    remarks
        Sentences on sheets that hold no table, and were left out.
    n_hidden
        How many sheets were not read because their workbook hides them.
    """

    sheets: tuple[Sheet, ...]
    refusals: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    n_hidden: int = 0


def read_sheets(paths: Sequence[Path], *, with_hidden: bool = False) -> SheetReading:
    """Read the sheets of these files, and of the files directly in these folders.

    Parameters
    ----------
    paths
        Files and folders.
    with_hidden
        Read the hidden sheets of workbooks too: a pivot table may stand before a hidden sheet with the records.

    Returns
    -------
    SheetReading
        The sheets, and a sentence for each file that cannot be read; no file stops the reading of the others.
    """
    sheets: list[Sheet] = []
    refusals: list[str] = []
    remarks: list[str] = []
    n_hidden = 0
    for path in paths:
        files, problems = _files(Path(path))
        refusals += problems
        for file in files:
            reading = _read_file(file, with_hidden=with_hidden)
            n_hidden += reading.n_hidden
            sheets += reading.sheets
            refusals += reading.refusals
            remarks += reading.remarks
    return SheetReading(tuple(sheets), _grouped(refusals), _grouped(remarks), n_hidden)


MAX_FILES_NAMED = 5


def _grouped(sentences: Sequence[str]) -> tuple[str, ...]:
    """Return each sentence once, after the names of the files or sheets that it is about; the first few are named."""
    names: dict[str, list[str]] = {}
    for sentence in sentences:
        name, _, rest = sentence.partition(": ")
        names.setdefault(rest, []).append(name)
    return tuple(f"{_name_list(found)}: {rest}" if rest else _name_list(found) for rest, found in names.items())


def _name_list(names: Sequence[str]) -> str:
    further = len(names) - MAX_FILES_NAMED
    return ", ".join(names) if further <= 0 else f"{', '.join(names[:MAX_FILES_NAMED])} and {further} more"


def _files(path: Path) -> tuple[list[Path], list[str]]:
    if path.is_file():
        return [path], []
    if not path.is_dir():
        return [], [f"{path.name}: there is no such file or folder. Check the name and start again."]
    entries = [entry for entry in sorted(path.iterdir()) if not _is_ignored(entry)]
    files = [entry for entry in entries if entry.is_file()]
    folders = [entry.name for entry in entries if entry.is_dir()]
    problems = [
        f"{path.name}/{name}: a folder in a folder is not read. Name it as well to read it." for name in folders
    ]
    if not files:
        problems.append(f"{path.name}: the folder holds no file. Name the folder with the files of the export.")
    return files, problems


def _is_ignored(path: Path) -> bool:
    return path.name.startswith((".", "~$")) or path.name.casefold() in _IGNORED_NAMES


def _read_file(path: Path, *, with_hidden: bool) -> SheetReading:
    try:
        kind = file_kind(path)
        grids = _read_grids(path, kind)
    except TableRefused as refused:
        return SheetReading((), (refused.sentence,))
    except EvidenceError as error:
        return SheetReading((), (str(error),))
    except OSError:
        return SheetReading((), (f"{path.name}: the file cannot be opened. Close it elsewhere, and ask for access.",))
    read = [grid for grid in grids if with_hidden or not grid.is_hidden]
    hidden_remarks = _hidden_remarks(path, grids, with_hidden=with_hidden)
    reading = _sheets(path, read, (*hidden_remarks, *_kind_remarks(path, kind)))
    if not reading.sheets:
        reading = replace(reading, refusals=(*reading.refusals, *hidden_remarks))
    return replace(reading, n_hidden=len(grids) - len(read))


def _read_grids(path: Path, kind: str) -> list[CellGrid]:
    if kind not in _READERS:
        raise TableRefused("R04", _kind_refusal(path, kind))
    return _READERS[kind](path)


def _kind_refusal(path: Path, kind: str) -> str:
    if kind == EMPTY:
        return f"{path.name}: the file is empty. Export it again."
    if kind == PROTECTED:
        return (
            f"{path.name}: the file is protected by a password. Open it, save it without the password, and read that."
        )
    if kind == TEXT_WITH_ZEROS:
        return (
            f"{path.name}: this is {kind} in it, so a part of it may be lost. Export it again as CSV in UTF-8, or as "
            "an Excel workbook (.xlsx)."
        )
    if "damaged" in kind:
        return _damaged_refusal(path, kind)
    if "archive" in kind:
        return f"{path.name}: this is {kind}. Unpack it and name the files in it."
    return f"{path.name}: this is {kind} and not a table. Export the records as CSV or as an Excel workbook (.xlsx)."


_SUFFIXES_OF_DOCUMENTS = (".docx", ".docm", ".dotx", ".doc", ".odt", ".pptx", ".pptm", ".ppt", ".odp")


def _damaged_refusal(path: Path, kind: str) -> str:
    """Return why a damaged file is refused; a document would not be read if it were sound."""
    if path.suffix.casefold() in _SUFFIXES_OF_DOCUMENTS:
        return (
            f"{path.name}: this is a damaged document and not a table. Export the records as CSV or as an Excel "
            "workbook (.xlsx)."
        )
    return f"{path.name}: this is {kind}: a part of it is missing. Export it again, or copy it again from its source."


def _hidden_remarks(path: Path, grids: Sequence[CellGrid], *, with_hidden: bool) -> tuple[str, ...]:
    """Return a sentence on the hidden sheets of a workbook, if it has any."""
    hidden = [grid.name for grid in grids if grid.is_hidden]
    if not hidden:
        return ()
    sheets = count_phrase(len(hidden), "hidden sheet was", "hidden sheets were")
    if with_hidden:
        return (f"{path.name}: {sheets} read too ({', '.join(hidden)}), as the sheets in view hold no crimes.",)
    return (f"{path.name}: {sheets} not read. Show a sheet and save the workbook to add it.",)


def _kind_remarks(path: Path, kind: str) -> tuple[str, ...]:
    suffix = path.suffix.casefold()
    if suffix in _SUFFIXES[kind] or not any(suffix in suffixes for suffixes in _SUFFIXES.values()):
        return ()
    noun = {TEXT: "delimited text", WORKBOOK: "a workbook"}.get(kind, kind)
    return (f"{path.name}: its name ends in {suffix}, its content is {noun}, and it was read as that.",)


def _sheets(path: Path, grids: Sequence[CellGrid], remarks: tuple[str, ...]) -> SheetReading:
    sheets: list[Sheet] = []
    reasons: list[str] = []
    remarks_on_sheets: list[str] = []
    for grid in grids:
        label = f"{path.name}, sheet {grid.name}" if grid.name else path.name
        try:
            sheets += sheet_tables(path.name, grid)
        except NoTable as error:
            reasons.append(" ".join((f"{label}: {error}", *grid.remarks)))
            remarks_on_sheets.append(f"{label}: {NOTE_SHEET if _is_note(grid) else f'{error} It was left out.'}")
    if sheets:
        first = sheets[0]
        sheets[0] = Sheet(
            first.file, first.name, first.cells, first.lines, first.set_aside, first.encoding, first.delimiter,
            (*remarks, *first.remarks),
        )  # fmt: skip
        return SheetReading(tuple(sheets), (), tuple(remarks_on_sheets))
    return SheetReading((), tuple(_refusals(path, reasons)))


MAX_NOTE_COLUMNS, MAX_NOTE_ROWS = 2, 60
NOTE_SHEET = "not read: a sheet of notes."


def _is_note(grid: CellGrid) -> bool:
    """Return True for a sheet as small as a cover: names and values beside them, and nothing to export again."""
    n_columns = sum(column.null_count < len(column) for column in grid.cells.columns)
    n_rows: int = grid.cells.num_rows
    return n_columns <= MAX_NOTE_COLUMNS and 1 < n_rows <= MAX_NOTE_ROWS


def _refusals(path: Path, reasons: Sequence[str]) -> Iterator[str]:
    yield from reasons or [
        f"{path.name}: no visible sheet holds a cell. Save the sheet with the records and read that."
    ]
