"""Write rating sheets: the files and questions of one rater, in a workbook that can be read in again.

Worksheet `Marks` has one row per file and question, with cells for the answer and the reason. `Steps` has what happened
in each file, in every force, with texts without names. `About` has the sample, the question set with version and
checksum, the rater, and a code that binds the sheet to the rater. The formats are .xlsx and .ods; `rating_sheet_reader`
reads both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from assay.casefiles.case_timeline import Step
from assay.contract.question_sets import CountQuestion, ListQuestion, Question, QuestionSet
from assay.errors import UsageError

MARKS, STEPS, PROPERTIES_SHEET = "Marks", "Steps", "About"
SHEET_CODE = "sheet_code"
BOUND = ("sample", "question_set", "version", "checksum", "marker_code")
"""The properties in `About` that identify a sheet; `sheet_code` is computed from them."""
MARK_COLUMNS = (
    "file", "force_code", "subject_ref", "stage", "question", "text", "answer", "reason", "guidance", "may_be",
)  # fmt: skip
ANSWER = MARK_COLUMNS.index("answer")
STEP_COLUMNS = (
    "file", "force_code", "subject_ref", "when", "crime", "about", "what", "detail", "by_role", "written", "held_by",
    "tied_by",
)  # fmt: skip
WIDTHS = {"text": 60, "reason": 50, "guidance": 50, "what": 60, "detail": 30, "question": 22, "stage": 16, "answer": 18,
          "may_be": 40, "tied_by": 44, "written": 90}  # fmt: skip
HOW = (
    "Answer every question of a file before you start the next. Change only the columns answer and reason.",
    "Give a reason for partly met, for not met and for every grade. Name no person in it.",
    "Not enough evidence: the file does not answer the question. Not applicable: the question does not arise.",
    "For each step, the columns crime and about give the crime and the person, by the references of the force that "
    "holds the step.",
    "For a step of another force, held_by names the force and tied_by says what links it to the file. If the step is "
    "about another person, write that in a reason, and ignore the step in your answers.",
    "Texts are shown without the names of the people in the case ([VICTIM 1]). A name that no return contains may "
    "remain: keep the sheet inside the inspection.",
    "The column may_be lists the permitted answers. Write a whole number in digits; 0 is a number too.",
)


def sheet_code(properties: Mapping[str, str]) -> str:
    """Return the code that binds a sheet to its rater: SHA-256 of sample, question set and rater.

    If somebody changes only the rater on a sheet, the code no longer matches, and the answers are not stored as another
    person's blind reading.
    """
    bound = "\n".join(properties.get(name, "") for name in BOUND)
    return hashlib.sha256(bound.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Sheet:
    """The sheet of one rater: sample, question set, rater, and files in reading order."""

    sample: str
    instrument: QuestionSet
    marker: str
    files: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...] = ()

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The rows of the worksheet `Marks` below its header: one for each file and question, with no answer yet."""
        for place, (code, ref) in enumerate(self.files, start=1):
            for question in self.instrument.questions:
                yield (
                    str(place),
                    code,
                    ref,
                    question.stage,
                    question.key,
                    question.text,
                    "",
                    "",
                    question.guidance,
                    question.answer_hint,
                )

    def properties(self) -> list[tuple[str, str]]:
        """The rows of the worksheet `About`: name and value."""
        entries = [("sample", self.sample), ("question_set", self.instrument.key), ("version", self.instrument.version)]
        entries += [
            ("checksum", self.instrument.checksum),
            ("marker_code", self.marker),
            ("files", str(len(self.files))),
        ]
        return [*entries, (SHEET_CODE, sheet_code(dict(entries))), *(("how", line) for line in HOW)]

    def step_rows(self) -> Iterator[tuple[str, ...]]:
        """The rows of the worksheet `Steps` below its header: the dated steps of each file."""
        places = {file: str(place) for place, file in enumerate(self.files, start=1)}
        for step in self.steps:
            place = places.get((step.force_code, step.subject_ref))
            if place is not None:
                context = (step.when, step.crime, step.person_ref)
                details = (step.description, step.detail, step.by_role, step.text, step.held_by, step.tied_by)
                yield (place, step.force_code, step.subject_ref, *context, *details)


def write_sheet(path: Path, sheet: Sheet) -> None:
    """Write a sheet as .xlsx or .ods, by the suffix of its path; raise UsageError for any other."""
    if path.suffix == ".xlsx":
        _write_xlsx(path, sheet)
    elif path.suffix == ".ods":
        _write_ods(path, sheet)
    else:
        raise UsageError(f"{path.name}: a rating sheet must be .xlsx or .ods.")


def _write_xlsx(path: Path, sheet: Sheet) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        head = workbook.add_format({"bold": True, "text_wrap": True})
        wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
        open_cell = workbook.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFF8E1", "border": 1})
        for name, columns, rows in _tables(sheet):
            page = workbook.add_worksheet(name)
            page.freeze_panes(1, 0)
            page.write_row(0, 0, columns, head)
            for place, column in enumerate(columns):
                page.set_column(place, place, WIDTHS.get(column, 13))
            for line, row in enumerate(rows, start=1):
                for place, value in enumerate(row):
                    is_answer_cell = name == MARKS and columns[place] in ("answer", "reason")
                    page.write_string(line, place, value, open_cell if is_answer_cell else wrap)
                if name == MARKS:
                    row_question = next(question for question in sheet.instrument.questions if question.key == row[4])
                    page.data_validation(line, ANSWER, line, ANSWER, _allowed(row_question, line))
            if name == MARKS:
                page.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)


def _allowed(question: Question, line: int) -> dict[str, object]:
    """Return the data validation of an answer cell; `line` counts from 0."""
    if isinstance(question, ListQuestion):
        return {"validate": "any"}
    if not isinstance(question, CountQuestion):
        return {"validate": "list", "source": list(question.answers)}
    cell, words = xl_rowcol_to_cell(line, ANSWER), ",".join(f'{{cell}}="{answer}"' for answer in question.answers)
    rule = f"=IF(ISNUMBER({cell}),AND({cell}>=0,{cell}=INT({cell})),OR({words.format(cell=cell)}))"
    return {"validate": "custom", "value": rule, "error_message": f"Enter {question.answer_hint}."}


def _write_ods(path: Path, sheet: Sheet) -> None:
    from odfdo import Document, Row, Table

    document = Document("spreadsheet")
    document.body.clear()
    for name, columns, rows in _tables(sheet):
        table = Table(name)
        for values in (columns, *rows):
            row = Row()
            row.set_values(list(values))
            table.append_row(row)
        document.body.append(table)
    document.save(str(path))


def _tables(sheet: Sheet) -> list[tuple[str, Sequence[str], list[tuple[str, ...]]]]:
    """Return every worksheet: name, header and rows."""
    return [
        (MARKS, MARK_COLUMNS, list(sheet.rows())),
        (STEPS, STEP_COLUMNS, list(sheet.step_rows())),
        (PROPERTIES_SHEET, ("name", "value"), list(sheet.properties())),
    ]
