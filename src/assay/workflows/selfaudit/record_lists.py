"""List the records behind each failing answer, and what to correct in each.

There is one list for each indicator and answer: records that are not met (or, if lower is better, met), and records
that are not known. A record is named by its references in the force's own systems, and by nothing else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay import reference
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
