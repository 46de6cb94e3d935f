"""List the records that fail or lack an answer, with the reason for each and what to correct, and write the lists.

There is one list for each indicator and answer: records that are not met (or, if lower is better, met), and records
that are not known. A record is named by its references in the force's own systems, and by nothing else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from assay import reference
from assay.engine.safe_files.spreadsheet_cells import write_csv
from assay.facts.duty_facts import DID_NOT_HAPPEN, REPORT_EVENTS
from assay.indicators import MET, NOT_KNOWN, NOT_MET, UNKNOWN_IF_COUNTED, Condition, Indicator, columns_read
from assay.indicators.indicator_catalogue import indicators
from assay.ingest.london_time import local_time
from assay.reference.time_standards import BREACH, LATE, UNLESS_EXTENDED
from assay.sdc import ToSender
from assay.workflows.selfaudit.correction_advice import MISSING, NO_ADVICE, Advice
from assay.workflows.selfaudit.failing_advice import FAILING

# Explain why a record gives an answer, and what the force can correct.
#
# "Not known" comes from the facts themselves: the deciding columns that are missing in the record. "Not met" is either
# late, or absent from a list that the force declares complete, or simply as recorded.

Row = Mapping[str, Any]
PAST_LIMIT = {
    LATE: "",
    BREACH: ", which the law sets as a maximum: a breach",
    UNLESS_EXTENDED: ", which the law sets as a maximum: a breach unless it was extended, which no return says",
}
"""Text for a duty past its limit, by its state."""


@dataclass(frozen=True)
class ReturnCompleteness:
    """The completeness of a return: complete kinds of event, and cases of which some rows were set aside."""

    complete: frozenset[str]
    set_aside: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    @classmethod
    def from_return(cls, sender_tables: ToSender) -> ReturnCompleteness:
        """Return the completeness that the tables `kinds` and `incomplete` of a return state."""
        rows = [row for row in sender_tables.rows("incomplete") if row["kind"]]
        lost_events = {(row["kind"], row[name]) for row in rows for name in ("crime_ref", "missing_ref") if row[name]}
        return cls(
            frozenset(row["kind"] for row in sender_tables.rows("kinds") if row["complete"]), frozenset(lost_events)
        )

    def why(self, form: Indicator, answer: str, row: Row) -> Advice:
        """Return why a record (a row of the indicator's table) has this answer."""
        if answer == UNKNOWN_IF_COUNTED:
            return _missing_columns((form.population, *form.excluding.values()), row)
        if answer == NOT_KNOWN:
            return self._not_known(row) if form.record == "duty" else _missing_columns((form.met,), row)
        return _failed_duty(row) if form.record == "duty" else FAILING[form.key]

    def _not_known(self, row: Row) -> Advice:
        """Return what is not known of a duty: its beginning, its end, or which of two limits applies."""
        end = row["end_event"]
        if not row["standard"]:
            return Advice("Which country's standard holds is not known.", "local_authority_code")
        if row["starts"] is None:
            return Advice("When the clock began is not known.", column_of_event(row["start_event"]))
        if row["ended"] is None and {(end, row["crime_ref"]), (end, row["about_ref"])} & self.set_aside:
            return Advice("A row that may be the one looked for was set aside.", "see the letter for rows set aside")
        if row["ended"] is None and end not in self.complete:
            return Advice(
                f"No '{event_text(end)}' is on record, and the return does not say that all are sent.",
                f"{column_of_event(end)}: enter it; or declare {end} complete in return.toml",
            )
        if row["ended"] is None:
            return Advice(
                (
                    f"No '{event_text(end)}' can be tied to it for certain: one may not say whose it is, may lie "
                    "before the clock began, or the return may not cover its day."
                ),
                f"{column_of_event(end)}; events.person_ref, about_event_ref",
            )
        if not row["rights_known"]:
            return Advice("Whether the victim has enhanced rights, and so which limit holds, is not known.",
                       "involvements.enhanced_rights")  # fmt: skip
        return Advice(
            "Beginning or end is known by its day alone, so in or out of time cannot be said.",
            f"the hour in {column_of_event(row['start_event'])} and {column_of_event(end)}",
        )


def _missing_columns(conditions: tuple[str, ...], row: Row) -> Advice:
    """Return the deciding columns that this record does not hold."""
    columns = dict.fromkeys(name for text in conditions for name in Condition(text).columns)
    reasons = [MISSING[name] for name in columns if row.get(name) is None and name in MISSING]
    if not reasons:
        return NO_ADVICE
    return Advice(" ".join(reason.reason for reason in reasons), "; ".join(reason.action for reason in reasons))


def _failed_duty(row: Row) -> Advice:
    end = row["end_event"]
    if row["state"] in PAST_LIMIT:
        sentence = f"'{event_text(end).capitalize()}' came after the limit{PAST_LIMIT[row['state']]}."
        return Advice(sentence, f"if the time is wrong: {column_of_event(end)}")
    if row["state"] == DID_NOT_HAPPEN:
        return Advice(
            (
                f"The time allowed is over, and no '{event_text(end)}' is on record, though the return says that all "
                "are sent."
            ),
            f"{column_of_event(end)}: enter it if it was done; if not, it is still owed",
        )
    return NO_ADVICE


def event_text(kind: str) -> str:
    """Return a kind of event in words: 'victim informed'."""
    return kind.replace("_", " ")


def column_of_event(kind: str) -> str:
    """Return where a return holds a kind of event: 'events (victim_informed)', 'crimes.recorded_at'."""
    if kind in REPORT_EVENTS:
        return "crimes.reported_at, or reports.received_at"
    if kind not in reference.event_kinds():
        return f"events ({kind})"
    column = reference.event_kinds().get(kind).home
    return column if "." in column else f"events ({kind})"


def day_or_time(first: datetime | None, last: datetime | None, day: object) -> str:
    """Return a time, or a date alone, in local time (Europe/London); '' if it is not known."""
    if first is None or last is None:
        return str(day) if day is not None else ""
    known_to_the_minute = (last - first).total_seconds() < 60
    return local_time(first).strftime("%Y-%m-%d %H:%M") if known_to_the_minute else str(day or local_time(first).date())


COLUMNS = ("only for", "answer", "crime", "person entry", "record", "began", "allowed", "done", "why", "what to do")
REFERENCES = ("crime_ref", "involvement_ref", "about_ref", "missing_ref")
DUTY_COLUMNS = (
    "standard", "start_event", "end_event", "starts", "starts_last", "starts_day", "ended", "ended_last", "ended_day",
    "state", "rights_known",
)  # fmt: skip
Line = tuple[str, ...]


@dataclass(frozen=True)
class RecordList:
    """The records with one answer: file name, title, lines, and how often each reason occurs."""

    key: str
    answer: str
    title: str
    lines: tuple[Line, ...]
    reasons: tuple[tuple[Advice, int], ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the list, such as 'told_of_arrest_not_met'."""
        return f"{self.key}_{self.answer.replace(' ', '_')}"


def failing_answer(form: Indicator) -> str:
    """Return the answer of an indicator that counts as failing: `met` if lower is better, otherwise `not met`."""
    return MET if form.better == "lower" else NOT_MET


def record_lists(sender_tables: ToSender) -> dict[str, tuple[RecordList, ...]]:
    """Return, for each indicator, one list for its failing answer and one for records not known."""
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
    """Return when a duty began, its time limit, and when it was done; three empty texts for a record without a duty."""
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
    """One list as a file: its name without an ending, its columns, its lines."""

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
