"""Show a force the answers of its own records: each indicator, waiting time and count, with exact counts.

Counts are exact because they are for the force alone. A share is always shown with the number of unknown records; with
fewer than twenty records only counts are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from assay.compare.comparability import MIN_RECORDS
from assay.indicators import ALL
from assay.indicators.form_sentences import FORM_WORDING
from assay.indicators.indicator_catalogue import forms, indicators
from assay.indicators.indicator_registers import registers
from assay.report.pages.inspection.figure_sentences import Status, grading_status
from assay.sdc import ToSender
from assay.sdc.released_rows.indicator_rows import IndicatorsRow
from assay.wording import count_phrase, format_number

FIVE_ANSWERS = ("met", "not_met", "not_known", "not_known_if_counted", "excluded")
COUNTS = pa.schema(
    [("force_code", pa.string()), ("indicator", pa.string()), *((name, pa.int64()) for name in FIVE_ANSWERS)]
)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class IndicatorAnswer:
    """One indicator for one force: its definition, status, sentence and exact counts.

    `previous_counts`: the counts of the previous run, if they differ. `not_askable`: why it is not askable; then there
    are no counts.
    """

    form: Row
    status: Status
    sentence: str
    counts: Row
    excluded: tuple[tuple[str, int], ...]
    previous_counts: Row | None
    not_askable: str = ""

    @property
    def unknown_count(self) -> int:
        """Return the number of records without a known answer."""
        return int(self.counts["not_known"] + self.counts["not_known_if_counted"])


@dataclass(frozen=True)
class MeasureResult:
    """A waiting time, or a count by one definition: its sentence, or why it cannot be computed."""

    form: Row
    title: str
    sentence: str
    not_askable: str = ""


def indicator_answers(sender_tables: ToSender, previous: pa.Table | None) -> tuple[IndicatorAnswer, ...]:
    """Return every indicator, in the order in which they are displayed."""
    rows = {row["indicator"]: row for row in sender_tables.rows("ladders") if row["when_reported"] == ALL}
    words = {row["indicator"]: row for row in registers(forms())["indicators"].to_pylist()}
    previous_by_indicator = {row["indicator"]: row for row in previous.to_pylist()} if previous is not None else {}
    excluded_rows = [row for row in sender_tables.rows("excluded_records") if row["records"]]
    return tuple(
        _indicator_answer(
            words[form.key],
            rows[form.key],
            previous_by_indicator.get(form.key),
            tuple((row["reason"], row["records"]) for row in excluded_rows if row["indicator"] == form.key),
        )
        for form in indicators()
    )


def current_counts(sender_tables: ToSender) -> pa.Table:
    """Return the five answer counts of every indicator that can be evaluated; the next run compares with them."""
    rows = [row for row in sender_tables.rows("ladders") if row["when_reported"] == ALL and not row["not_askable"]]
    return pa.Table.from_pylist([{**row, "force_code": row["place_code"]} for row in rows], schema=COUNTS)


def _indicator_answer(
    form: IndicatorsRow, row: Row, previous_row: Row | None, excluded: tuple[tuple[str, int], ...]
) -> IndicatorAnswer:
    answer_counts = {name: row[name] or 0 for name in FIVE_ANSWERS}
    if row["not_askable"]:
        return IndicatorAnswer(
            form,
            grading_status(form),
            "",
            answer_counts,
            (),
            None,
            _second_person(row["not_askable"]),
        )
    previous_counts = (
        previous_row
        if previous_row and any(previous_row[name] != answer_counts[name] for name in FIVE_ANSWERS)
        else None
    )
    return IndicatorAnswer(
        form,
        grading_status(form),
        share_sentence(row, FORM_WORDING[form["indicator"]].noun),
        answer_counts,
        excluded,
        previous_counts,
    )


def _second_person(sentence: str) -> str:
    """Return a sentence about a force in the second person."""
    return sentence.replace("This force", "You").replace("this force", "you")


def share_sentence(row: Row, noun: str) -> str:
    """Return the answers as a sentence: how many records met, their share of those with an answer, and bounds."""
    met, base = row["met"], row["met"] + row["not_met"]
    unknown = row["not_known"] + row["not_known_if_counted"]
    if not base + unknown:
        return f"None of your {noun} is asked about here."
    if not base:
        return f"{_count_noun(unknown, noun)} may count, and none tells."
    known = f"Met: {format_number(met)} of the {_count_noun(base, noun)} {'that tells' if base == 1 else 'that tell'}"
    if base >= MIN_RECORDS and row["share"] is not None:
        known += f", {round(100 * row['share'])}%"
    return f"{known}{_bounds(row, base, unknown)}."


def _bounds(row: Row, base: int, unknown: int) -> str:
    if not unknown:
        return ""
    reason = "1 does not tell" if unknown == 1 else f"{format_number(unknown)} do not tell"
    if base + unknown < MIN_RECORDS or row["share"] is None:
        return f"; of all {base + unknown}, {row['met']} to {row['met'] + unknown}, since {reason}"
    low, high = round(100 * row["share_lowest"]), round(100 * row["share_highest"])
    return f"; of all {format_number(base + unknown)}, {low}% to {high}%, since {reason}"


def _count_noun(count: int, noun: str) -> str:
    """Return '1 record' or '12 crimes': nouns of records are plurals, except for a single record."""
    return "1 record" if count == 1 else f"{format_number(count)} {noun}"


def wait_results(sender_tables: ToSender) -> tuple[MeasureResult, ...]:
    """Return the median of every waiting time with its interval; records that still wait are censored."""
    words = {row["wait"]: row for row in registers(forms())["waits"].to_pylist()}
    return tuple(_wait_result(words[row["wait"]], row) for row in sender_tables.rows("wait_medians"))


def _wait_result(form: Row, row: Row) -> MeasureResult:
    if row["not_askable"]:
        return MeasureResult(form, form["title"], "", _second_person(row["not_askable"]))
    if not row["records"]:
        return MeasureResult(form, form["title"], "No record of yours is followed here.")
    parts = f"{format_number(row['ended'])} ended so, {format_number(row['ended_otherwise'])} otherwise, "
    parts += f"{format_number(row['still_waiting'])} still wait"
    unknown = f"; of {format_number(row['not_known'])} more it is not known" if row["not_known"] else ""
    return MeasureResult(
        form, form["title"], f"{_median_text(row)} Of {count_phrase(row['records'], 'wait')}: {parts}{unknown}."
    )


def _median_text(row: Row) -> str:
    if row["median_days"] is None:
        return "The median is not reached: fewer than half have ended in this way."
    low, high = (f"{round(row[name])}" if row[name] is not None else "" for name in ("median_low", "median_high"))
    interval = f"95% interval {low} to {high}" if low and high else f"95% interval from {low or '0'}, no upper end"
    upper_days = row["p90_days"]
    upper_text = "" if upper_days is None else f" Nine in ten ended within {count_phrase(round(upper_days), 'day')}."
    return f"Half ended within {count_phrase(round(row['median_days']), 'day')} ({interval}).{upper_text}"


def count_results(sender_tables: ToSender) -> tuple[MeasureResult, ...]:
    """Return the records under each definition; definitions overlap and do not add up."""
    words = {(row["count"], row["definition"]): row for row in registers(forms())["definitions_used"].to_pylist()}
    titles = {form.key: form.title.split(",")[0] for form in forms()}
    return tuple(
        _count_result(words[row["count"], row["definition"]], titles[row["count"]], row)
        for row in sender_tables.rows("counts_by_definition")
    )


def _count_result(form: Row, title: str, row: Row) -> MeasureResult:
    if row["not_askable"]:
        return MeasureResult(form, title, "", _second_person(row["not_askable"]))
    unknown = f"; of {format_number(row['not_known'])} it is not known" if row["not_known"] else ""
    return MeasureResult(form, title, f"{format_number(row['records'])}{unknown}")
