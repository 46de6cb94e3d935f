"""What stands on a marking sheet that came back: which marks, and what is wrong in which cell?

Rows are judged by `checking`, as those of a tablet are. What only a sheet can lack is told here: its header, and rows
that are gone.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from assay.casefiles.rating_sheets import ABOUT, MARK_COLUMNS, MARKS, SHEET_CODE, sheet_code
from assay.casefiles.rating_validation import NOBODY, Checking, Fault, File, Read, Row
from assay.contract.question_sets import QuestionSet
from assay.engine.safe_files.archive_limits import BROKEN, too_large
from assay.engine.safe_files.workbook_limits import fills_memory
from assay.errors import SourceError

KEPT = ("force_code", "subject_ref", "question", "text", "answer", "reason")


def about_of(path: Path) -> dict[str, str]:
    """What `About` says: sample, question_set, version, checksum, marker_code. SourceError where there is none."""
    rows = cells(path, ABOUT)
    return {row[0]: row[1] for row in rows[1:] if len(row) > 1 and row[0] and row[0] != "how"}


def read_sheet(
    path: Path, asked: QuestionSet, files: Collection[File], listed: Mapping[File, Collection[str]] = NOBODY
) -> Read:
    """The marks on a sheet of these files by this question set; SourceError where it is no such sheet as a whole.

    `files`: those that its marker was given; `listed`: of each file, the references that a list may name.
    """
    about = about_of(path)
    if (about.get("question_set"), about.get("version")) != (asked.key, asked.version):
        raise SourceError(f"{path.name}, About: it was written for another question set or version than {asked.key}.")
    if about.get("checksum") != asked.checksum:
        raise SourceError(f"{path.name}, About: the checksum is not that of {asked.key}. Ask for the sheet anew.")
    rows = cells(path, MARKS)
    if not rows or tuple(rows[0][: len(MARK_COLUMNS)]) != MARK_COLUMNS:
        raise SourceError(f"{path.name}, {MARKS}!A1: the header is not that of a marking sheet. Put it back as it was.")
    came = {line: _row(line, row) for line, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)}
    # Earlier versions gave out sheets without a code. An empty or false code is one that was changed.
    if about.get(SHEET_CODE, sheet_code(about)) != sheet_code(about) or _of_another(came.values(), files):
        raise SourceError(
            f"{path.name}, About: it says that the sheet is {about.get('marker_code') or 'nobody'}'s, and it was given "
            "to another marker. Nothing was taken in, so that no mark counts as another's blind reading. Put the code "
            "back as it was, or ask for the sheet anew."
        )
    found, last = Checking(asked, files, listed), 1
    for line, row in came.items():
        found.take(row)
        last = line
    kept = found.consistent()
    return Read(path, about.get("marker_code", ""), kept, found.open, (*found.faults, *_gone(found, last)))


def _of_another(rows: Collection[Row], files: Collection[File]) -> bool:
    """Whether most files on a sheet were not given to its marker: it is somebody else's."""
    there = {row.file for row in rows}
    return 2 * len(there - set(files)) > len(there)


def _row(line: int, cells: Sequence[str]) -> Row:
    cells = [*cells, *[""] * (len(MARK_COLUMNS) - len(cells))]
    told = {name: cells[MARK_COLUMNS.index(name)].strip() for name in KEPT}
    at = {name: f"{MARKS}!{_letter(MARK_COLUMNS.index(name))}{line}" for name in KEPT}
    file = (told["force_code"], told["subject_ref"])
    return Row(file, told["question"], told["text"], told["answer"], told["reason"], at)


def _gone(found: Checking, last: int) -> Iterator[Fault]:
    """The rows that are not there any more."""
    for file in sorted(found.files):
        for question in found.asked.questions:
            if (file, question.key) not in found.seen:
                said = f"the row of {' '.join(file)}, {question.key} is gone. Put it back, or ask for a new sheet."
                yield Fault(f"{MARKS}!A{last + 1}", said)


def _letter(place: int) -> str:
    return chr(ord("A") + place)


def cells(path: Path, name: str) -> list[list[str]]:
    """The cells of a sheet as text; SourceError where the file or the sheet cannot be read."""
    import fastexcel

    try:
        with zipfile.ZipFile(path) as archive:
            if too_large(archive) or fills_memory(archive):
                raise SourceError(f"{path.name} is larger than any sheet that is given out. Nothing of it was read.")
        book = fastexcel.read_excel(path)
        if name not in book.sheet_names:
            raise SourceError(f"{path.name} has no sheet {name}. Put it back, or ask for the sheet anew.")
        frame = book.load_sheet(name, header_row=None, dtypes="string").to_arrow()
    except (fastexcel.FastExcelError, *BROKEN):
        said = f"{path.name} cannot be read as a workbook. Save it as .xlsx or .ods, and send it again."
        raise SourceError(said) from None
    columns = [[value or "" for value in column.to_pylist()] for column in frame.columns]
    return [list(row) for row in zip(*columns, strict=True)]
