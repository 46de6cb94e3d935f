"""List the records behind each failing answer, and what to correct in each, and write the lists.

There is one list for each indicator and answer: records that are not met (or, if lower is better, met), and records
that are not known. A record is named by its references in the force's own systems, and by nothing else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from assay import reference
from assay.engine.safe_files.spreadsheet_cells import write_csv
from assay.indicators import MET, NOT_KNOWN, NOT_MET, UNKNOWN_IF_COUNTED, Indicator, columns_read
from assay.indicators.indicator_catalogue import indicators
from assay.sdc import ToSender
from assay.workflows.selfaudit.answer_reasons import ReturnCompleteness, day_or_time
from assay.workflows.selfaudit.correction_advice import Advice

COLUMNS = ("only for", "answer", "crime", "person entry", "record", "began", "allowed", "done", "why", "what to do")
REFERENCES = ("crime_ref", "involvement_ref", "about_ref", "missing_ref")
DUTY_COLUMNS = (
    "standard", "start_event", "end_event", "starts", "starts_last", "starts_day", "ended", "ended_last", "ended_day",
    "state", "rights_known",
)  # fmt: skip
Line = tuple[str, ...]


@dataclass(frozen=True)
class RecordList:
    """The records of one answer: file name, title, lines, and how often each reason occurs."""

    key: str
    answer: str
    title: str
    lines: tuple[Line, ...]
    reasons: tuple[tuple[Advice, int], ...] = ()

    @property
    def name(self) -> str:
        """Return the name, such as 'told_of_arrest_not_met'."""
        return f"{self.key}_{self.answer.replace(' ', '_')}"


def failing_answer(form: Indicator) -> str:
    """Return the failing answer of an indicator: `met` if lower is better, else `not met`."""
    return MET if form.better == "lower" else NOT_MET


def record_lists(sender_tables: ToSender) -> dict[str, tuple[RecordList, ...]]:
    """Return by indicator one list for each failing or unknown answer."""
    by_form: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in sender_tables.rows("answers"):
        by_form[row["indicator"]].append(row)
    completeness = ReturnCompleteness.from_return(sender_tables)
    not_askable = {row["indicator"] for row in sender_tables.rows("ladders") if row["not_askable"]}
    return {
        form.key: ()
        if form.key in not_askable
        else tuple(_indicator_lists(form, by_form[form.key], sender_tables, completeness))
        for form in indicators()
    }


def _indicator_lists(
    form: Indicator, rows: Sequence[Mapping[str, Any]], sender_tables: ToSender, completeness: ReturnCompleteness
) -> list[RecordList]:
    facts = _facts(form, sender_tables)
    lists_found = []
    for answer in (failing_answer(form), NOT_KNOWN, UNKNOWN_IF_COUNTED):
        failing_facts = [facts[row["record_ref"]] for row in rows if row["answer"] == answer]
        if failing_facts:
            lists_found.append(_record_list(form, answer, failing_facts, sender_tables.mark, completeness))
    return lists_found


def _facts(form: Indicator, sender_tables: ToSender) -> dict[str, Mapping[str, Any]]:
    """Return the facts of each record of the form's table by its reference, as far as a list needs them."""
    table = sender_tables.tables[form.record]
    column_names = {"record_ref", *columns_read(form), *REFERENCES, *DUTY_COLUMNS}
    fact_rows = table.select([name for name in table.column_names if name in column_names])
    return {row["record_ref"]: row for row in fact_rows.to_pylist()}


def _record_list(
    form: Indicator, answer: str, rows: Sequence[Mapping[str, Any]], mark: str, completeness: ReturnCompleteness
) -> RecordList:
    advice = [completeness.why(form, answer, row) for row in rows]
    lines = sorted(_line(row, answer, record_advice, mark) for row, record_advice in zip(rows, advice, strict=True))
    return RecordList(form.key, answer, f"{form.title}: {answer}", tuple(lines), tuple(Counter(advice).most_common()))


def _line(row: Mapping[str, Any], answer: str, advice: Advice, mark: str) -> Line:
    return (
        mark,
        answer,
        row.get("crime_ref") or "",
        row.get("involvement_ref") or "",
        row.get("about_ref") or row["record_ref"],
        *duty_times(row),
        advice.reason,
        advice.action,
    )


def duty_times(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return when a duty began, its limit, and when it was done; three empty texts for any other record."""
    if "standard" not in row:
        return "", "", ""
    return (
        day_or_time(row["starts"], row["starts_last"], row["starts_day"]),
        limit_text(row["standard"]),
        day_or_time(row["ended"], row["ended_last"], row["ended_day"]),
    )


def limit_text(standard: str) -> str:
    """Return the limit of a standard in words: '1 working day'; '' if it has none."""
    return reference.standards().get(standard).allowed_time if standard else ""


# Write lists of records as CSV, and as a workbook whose cells are all text.
#
# The CSV files are UTF-8 with a byte order mark and unchanged cells. All lists together form one workbook whose cells
# are text, so that 0012 stays 0012. No cell of a CSV file becomes a formula.

CREATED = datetime(2026, 1, 1)
"""One date for every workbook, so that the same lists are the same bytes."""
MAX_SHEET_NAME = 31
MAX_ROWS = 1_048_575
RecordLine = Sequence[str]


@dataclass(frozen=True)
class File:
    """One list: its name without an ending, its columns, its lines."""

    name: str
    columns: RecordLine
    lines: Sequence[RecordLine]


def write_list(path: Path, file: File) -> None:
    """Write one list as CSV."""
    write_csv(path, file.columns, file.lines, line_end="\r\n", encoding="utf-8-sig")


def write_list_workbook(path: Path, files: Iterable[File]) -> None:
    """Write every list as a sheet of one workbook; all cells are text."""
    workbook = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"title": "Self-audit: records to look at", "created": CREATED})
    text, header_format = workbook.add_format({"num_format": "@"}), workbook.add_format({"bold": True, "bottom": 1})
    for number, file in enumerate(files, start=1):
        sheet = workbook.add_worksheet(f"{number} {file.name}"[:MAX_SHEET_NAME])
        sheet.write_row(0, 0, file.columns, header_format)
        sheet.set_column(0, len(file.columns) - 1, 24, text)
        sheet.freeze_panes(1, 0)
        for row, line in enumerate(file.lines[:MAX_ROWS], start=1):
            for column_number, cell in enumerate(line):
                sheet.write_string(row, column_number, cell, text)
    workbook.close()
