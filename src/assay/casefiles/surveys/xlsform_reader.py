"""How does a questionnaire come in from an XLSForm, one that `survey form` wrote or one that somebody made?

What an XLSForm has no place for stands in columns of its own, which ODK and Kobo pass over: `line` (of enquiry) in
`survey`, empty for a cell by which answers are weighed, and `asked_of` in `settings`. Every fault is told by its cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter.utility import xl_rowcol_to_cell

from assay import reference
from assay.casefiles.rating_sheet_reader import cells
from assay.casefiles.surveys.questionnaire_forms import KEY, RESERVED, Asked, Questionnaire
from assay.casefiles.xlsform import ENGLISH, WELSH
from assay.errors import SourceError

ONE = "select_one "
NOT_ASKED = ("calculate", "note", "begin_group", "end_group", "start", "end", "today", "deviceid")
NEEDED = {
    "survey": ("type", "name", ENGLISH, "required", "line"),
    "choices": ("list_name", "name", ENGLISH),
    "settings": ("form_title", "form_id", "version", "asked_of"),
}
Lists = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Line:
    """One row of a sheet: its number from 0, and its words by the head of their column."""

    sheet: str
    number: int
    heads: tuple[str, ...]
    told: Mapping[str, str]

    def wrong(self, column: str, says: str) -> SourceError:
        """The fault of one cell, which names it as a spreadsheet does."""
        return SourceError(f"{self.sheet} {xl_rowcol_to_cell(self.number, self.heads.index(column))}: {says}")

    def need(self, column: str) -> str:
        """What stands in a cell that may not be empty."""
        if not self.told[column]:
            raise self.wrong(column, f"{column} is empty.")
        return self.told[column]


def read_form(path: Path) -> Questionnaire:
    """The questionnaire that an XLSForm (.xlsx) asks; SourceError, a sentence that names the cell."""
    lists: dict[str, dict[str, str]] = {}
    for line in _lines(path, "choices"):
        options, name = lists.setdefault(line.need("list_name"), {}), line.need("name")
        if name in options:
            raise line.wrong("name", f"{name} stands in its list twice.")
        options[name] = line.need(ENGLISH)
    asked = [one for line in _lines(path, "survey") if (one := _asked(line, lists))]
    named = next(_lines(path, "settings"), None)
    if named is None:
        raise SourceError("settings: the second row is missing, with what the form is called.")
    key, version, title, asked_of = (named.need(name) for name in ("form_id", "version", "form_title", "asked_of"))
    cells_of, questions = ([one for one in asked if bool(one.line) is kind] for kind in (False, True))
    return Questionnaire(key, version, title, asked_of, tuple(cells_of), tuple(questions))


def _asked(line: Line, lists: Lists) -> Asked | None:
    """One row of `survey` as a question or a cell; None for what is no question of its own."""
    kind, name = line.need("type"), line.told["name"]
    if kind in NOT_ASKED or name in RESERVED:
        return None
    if not kind.startswith(ONE) or kind.removeprefix(ONE) not in lists:
        raise line.wrong("type", "only 'select_one LIST' is counted, with a list that stands in choices.")
    if not KEY.fullmatch(name):
        raise line.wrong("name", "a name is small letters, digits and underscores.")
    enquiry = line.told["line"]
    if not enquiry and line.told["required"] != "yes":
        raise line.wrong("line", "a question has a line of enquiry; what has none is a cell, and is required.")
    if enquiry and not reference.lines().knows(enquiry):
        raise line.wrong("line", f"{enquiry} is no line of enquiry.")
    return Asked(name, line.need(ENGLISH), lists[kind.removeprefix(ONE)], enquiry, line.told.get(WELSH, ""))


def _lines(path: Path, sheet: str) -> Iterator[Line]:
    """The rows of a sheet that hold anything."""
    first, *rest = cells(path, sheet) or [[]]
    heads = tuple(first)
    lacking = [name for name in NEEDED[sheet] if name not in heads]
    if lacking:
        raise SourceError(f"{sheet}: there is no column {lacking[0]}.")
    for number, row in enumerate(rest, start=1):
        if any(row):
            yield Line(sheet, number, heads, dict(zip(heads, row, strict=True)))
