"""Which records are behind an answer that is to be looked at, and what is to be mended in each?

One list an indicator and answer: what was not met (or, where lower is better, what was), and what is not known. A
record is named by its references, as the force's own systems have them, and by nothing else that it holds.
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
from assay.workflows.selfaudit.answer_reasons import Sent, day_or_time
from assay.workflows.selfaudit.correction_advice import Why

COLUMNS = ("only for", "answer", "crime", "person entry", "record", "began", "allowed", "done", "why", "what to do")
REFERENCES = ("crime_ref", "involvement_ref", "about_ref", "missing_ref")
OF_A_DUTY = (
    "standard", "start_event", "end_event", "starts", "starts_last", "starts_day", "ended", "ended_last", "ended_day",
    "state", "rights_known",
)  # fmt: skip
Line = tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """The records of one answer: its name as a file, what it is a list of, its lines (COLUMNS), and how often why."""

    key: str
    answer: str
    title: str
    lines: tuple[Line, ...]
    reasons: tuple[tuple[Why, int], ...] = ()

    @property
    def name(self) -> str:
        """'told_of_arrest_not_met'."""
        return f"{self.key}_{self.answer.replace(' ', '_')}"


def failing(form: Indicator) -> str:
    """The answer of an indicator that is not the wished one: where lower is better, that it was met."""
    return MET if form.better == "lower" else NOT_MET


def lists(sent: ToSender) -> dict[str, tuple[Listed, ...]]:
    """By indicator: a list for each answer that some record gave."""
    by_form: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in sent.rows("answers"):
        by_form[row["indicator"]].append(row)
    told = Sent.of(sent)
    barred = {row["indicator"] for row in sent.rows("ladders") if row["not_askable"]}
    return {
        form.key: () if form.key in barred else tuple(_lists(form, by_form[form.key], sent, told))
        for form in indicators()
    }


def _lists(form: Indicator, rows: Sequence[Mapping[str, Any]], sent: ToSender, told: Sent) -> list[Listed]:
    facts = _facts(form, sent)
    found = []
    for answer in (failing(form), NOT_KNOWN, UNKNOWN_IF_COUNTED):
        mine = [facts[row["record_ref"]] for row in rows if row["answer"] == answer]
        if mine:
            found.append(_listed(form, answer, mine, sent.mark, told))
    return found


def _facts(form: Indicator, sent: ToSender) -> dict[str, Mapping[str, Any]]:
    """What is known of each record of the form's table, by its reference; only what a list has a use for."""
    table = sent.tables[form.record]
    wanted = {"record_ref", *columns_read(form), *REFERENCES, *OF_A_DUTY}
    kept = table.select([name for name in table.column_names if name in wanted])
    return {row["record_ref"]: row for row in kept.to_pylist()}


def _listed(form: Indicator, answer: str, rows: Sequence[Mapping[str, Any]], mark: str, told: Sent) -> Listed:
    whys = [told.why(form, answer, row) for row in rows]
    lines = sorted(_line(row, answer, why, mark) for row, why in zip(rows, whys, strict=True))
    return Listed(form.key, answer, f"{form.title}: {answer}", tuple(lines), tuple(Counter(whys).most_common()))


def _line(row: Mapping[str, Any], answer: str, why: Why, mark: str) -> Line:
    return (
        mark,
        answer,
        row.get("crime_ref") or "",
        row.get("involvement_ref") or "",
        row.get("about_ref") or row["record_ref"],
        *moments(row),
        why.says,
        why.do,
    )


def moments(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """When a duty began, how long was allowed, and when it was done; three empty texts of any other record."""
    if "standard" not in row:
        return "", "", ""
    return (
        day_or_time(row["starts"], row["starts_last"], row["starts_day"]),
        allowed(row["standard"]),
        day_or_time(row["ended"], row["ended_last"], row["ended_day"]),
    )


def allowed(standard: str) -> str:
    """The limit of a standard in words: '1 working day'; '' where there is none."""
    return reference.standards().get(standard).allowed if standard else ""
