"""Read a rating sheet that was sent back: its answers, and the validation error of each wrong cell.

`rating_validation` validates the rows, as it does those of tablets. Only what is special to a sheet is checked here:
its header, and missing rows.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from assay.casefiles.rating_sheets import MARK_COLUMNS, MARKS, PROPERTIES_SHEET, SHEET_CODE, sheet_code
from assay.casefiles.rating_validation import NO_REFERENCES, File, RatingError, RatingValidator, Row, ValidatedSheet
from assay.contract.question_sets import QuestionSet
from assay.engine.safe_files.archive_limits import ARCHIVE_ERRORS, is_too_large
from assay.engine.safe_files.workbook_limits import fills_memory
from assay.errors import SourceError

COLUMNS_READ = ("force_code", "subject_ref", "question", "text", "answer", "reason")


def read_properties(path: Path) -> dict[str, str]:
    """Return the properties of the sheet: sample, question set, version, checksum, rater; SourceError if none."""
    rows = cells(path, PROPERTIES_SHEET)
    return {row[0]: row[1] for row in rows[1:] if len(row) > 1 and row[0] and row[0] != "how"}


def read_sheet(
    path: Path, instrument: QuestionSet, files: Collection[File], listed: Mapping[File, Collection[str]] = NO_REFERENCES
) -> ValidatedSheet:
    """Read and validate the answers on a sheet; raise SourceError if it is not a sheet of this question set.

    Parameters
    ----------
    files
        The files that its rater was assigned.
    listed
        The references that a list may name, by file.
    """
    properties = read_properties(path)
    if (properties.get("question_set"), properties.get("version")) != (instrument.key, instrument.version):
        raise SourceError(
            f"{path.name}, About: the sheet belongs to another question set or version than {instrument.key}. "
            "Ask for a new sheet."
        )
    if properties.get("checksum") != instrument.checksum:
        raise SourceError(f"{path.name}, About: the checksum is not that of {instrument.key}. Ask for a new sheet.")
    rows = cells(path, MARKS)
    if not rows or tuple(rows[0][: len(MARK_COLUMNS)]) != MARK_COLUMNS:
        raise SourceError(f"{path.name}, {MARKS}!A1: the header is not that of a rating sheet. Restore it.")
    sheet_rows = {
        line: _row(line, row) for line, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)
    }
    # Earlier versions gave out sheets without a code. An empty or false code is one that was changed.
    if properties.get(SHEET_CODE, sheet_code(properties)) != sheet_code(properties) or _belongs_to_another(
        sheet_rows.values(), files
    ):
        raise SourceError(
            f"{path.name}, About: the sheet names the rater {properties.get('marker_code') or 'nobody'}, but its "
            "files were assigned to another rater. Nothing was accepted, so that no rating counts as another "
            "rater's blind reading. Restore the code, or ask for a new sheet."
        )
    found, last = RatingValidator(instrument, files, listed), 1
    for line, row in sheet_rows.items():
        found.add_row(row)
        last = line
    answers = found.consistent()
    return ValidatedSheet(
        path, properties.get("marker_code", ""), answers, found.open, (*found.errors, *_missing_row_errors(found, last))
    )


def _belongs_to_another(rows: Collection[Row], files: Collection[File]) -> bool:
    """Return True if most files on a sheet were not assigned to its rater."""
    sheet_files = {row.file for row in rows}
    return 2 * len(sheet_files - set(files)) > len(sheet_files)


def _row(line: int, cells: Sequence[str]) -> Row:
    cells = [*cells, *[""] * (len(MARK_COLUMNS) - len(cells))]
    values = {name: cells[MARK_COLUMNS.index(name)].strip() for name in COLUMNS_READ}
    cell_names = {name: f"{MARKS}!{_letter(MARK_COLUMNS.index(name))}{line}" for name in COLUMNS_READ}
    file = (values["force_code"], values["subject_ref"])
    return Row(file, values["question"], values["text"], values["answer"], values["reason"], cell_names)


def _missing_row_errors(found: RatingValidator, last: int) -> Iterator[RatingError]:
    """Return an error for rows that were deleted."""
    for file in sorted(found.files):
        for question in found.instrument.questions:
            if (file, question.key) not in found.seen:
                message = f"the row of {' '.join(file)}, {question.key} is missing. Restore it, or ask for a new sheet."
                yield RatingError(f"{MARKS}!A{last + 1}", message)


def _letter(place: int) -> str:
    return chr(ord("A") + place)


def cells(path: Path, name: str) -> list[list[str]]:
    """Return the cells of a worksheet as text; raise SourceError if the file or the worksheet cannot be read."""
    import fastexcel

    try:
        with zipfile.ZipFile(path) as archive:
            if is_too_large(archive) or fills_memory(archive):
                raise SourceError(
                    f"{path.name} is larger than any rating sheet, so it was not read. Ask for a new sheet."
                )
        workbook = fastexcel.read_excel(path)
        if name not in workbook.sheet_names:
            raise SourceError(f"{path.name} has no sheet {name}. Restore it, or ask for a new file.")
        frame = workbook.load_sheet(name, header_row=None, dtypes="string").to_arrow()
    except (fastexcel.FastExcelError, *ARCHIVE_ERRORS):
        problem = f"{path.name} cannot be read as a workbook. Save it as .xlsx or .ods, and send it again."
        raise SourceError(problem) from None
    columns = [[value or "" for value in column.to_pylist()] for column in frame.columns]
    return [list(row) for row in zip(*columns, strict=True)]
