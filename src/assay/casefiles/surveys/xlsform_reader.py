"""Read a questionnaire from an XLSForm.

Properties that XLSForm does not have are in additional columns, which ODK and Kobo ignore: `line` (the theme) in
`survey`, empty for a weighting cell, and `asked_of` in `settings`. Every error gives its cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter.utility import xl_rowcol_to_cell

from assay import reference
from assay.casefiles.rating_sheet_reader import cells
from assay.casefiles.surveys.questionnaire_forms import KEY, RESERVED, Questionnaire, SurveyQuestion
from assay.casefiles.xlsform import ENGLISH, WELSH
from assay.errors import SourceError

SELECT_ONE = "select_one "
IGNORED_TYPES = ("calculate", "note", "begin_group", "end_group", "start", "end", "today", "deviceid")
NEEDED = {
    "survey": ("type", "name", ENGLISH, "required", "line"),
    "choices": ("list_name", "name", ENGLISH),
    "settings": ("form_title", "form_id", "version", "asked_of"),
}
Lists = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Line:
    """One row of a worksheet: its row number (from 0), and its texts by column."""

    sheet: str
    number: int
    heads: tuple[str, ...]
    values: Mapping[str, str]

    def wrong(self, column: str, message: str) -> SourceError:
        """Return an error about one cell, located by its spreadsheet address such as B7."""
        return SourceError(f"{self.sheet} {xl_rowcol_to_cell(self.number, self.heads.index(column))}: {message}")

    def need(self, column: str) -> str:
        """Return the text of a required cell."""
        if not self.values[column]:
            raise self.wrong(column, f"{column} is empty.")
        return self.values[column]


def read_form(path: Path) -> Questionnaire:
    """Read a questionnaire from an XLSForm (.xlsx); raise SourceError, with the cell, if it is not valid."""
    lists: dict[str, dict[str, str]] = {}
    for line in _lines(path, "choices"):
        options, name = lists.setdefault(line.need("list_name"), {}), line.need("name")
        if name in options:
            raise line.wrong("name", f"{name} occurs twice in its list. Delete one.")
        options[name] = line.need(ENGLISH)
    questions_and_cells = [item for line in _lines(path, "survey") if (item := _read_question(line, lists))]
    settings = next(_lines(path, "settings"), None)
    if settings is None:
        raise SourceError("settings: the second row, with the title of the form, is missing. Add it.")
    key, version, title, asked_of = (settings.need(name) for name in ("form_id", "version", "form_title", "asked_of"))
    cells_of, questions = ([item for item in questions_and_cells if bool(item.line) is kind] for kind in (False, True))
    return Questionnaire(key, version, title, asked_of, tuple(cells_of), tuple(questions))


def _read_question(line: Line, lists: Lists) -> SurveyQuestion | None:
    """Return a row of `survey` as a question or a cell; None for any other row."""
    kind, name = line.need("type"), line.values["name"]
    if kind in IGNORED_TYPES or name in RESERVED:
        return None
    if not kind.startswith(SELECT_ONE) or kind.removeprefix(SELECT_ONE) not in lists:
        raise line.wrong("type", "only 'select_one LIST' is supported, with a list of the sheet choices.")
    if not KEY.fullmatch(name):
        raise line.wrong("name", "a name must consist of lower-case letters, digits and underscores.")
    enquiry = line.values["line"]
    if not enquiry and line.values["required"] != "yes":
        raise line.wrong(
            "line", "a question needs an inspection theme. A field without one is a cell, and must be required."
        )
    if enquiry and not reference.inspection_themes().knows(enquiry):
        raise line.wrong("line", f"{enquiry} is not the key of an inspection theme.")
    return SurveyQuestion(
        name, line.need(ENGLISH), lists[kind.removeprefix(SELECT_ONE)], enquiry, line.values.get(WELSH, "")
    )


def _lines(path: Path, sheet: str) -> Iterator[Line]:
    """Return the rows of a worksheet that are not empty."""
    first, *rest = cells(path, sheet) or [[]]
    heads = tuple(first)
    lacking = [name for name in NEEDED[sheet] if name not in heads]
    if lacking:
        raise SourceError(f"{sheet}: there is no column {lacking[0]}.")
    for number, row in enumerate(rest, start=1):
        if any(row):
            yield Line(sheet, number, heads, dict(zip(heads, row, strict=True)))
