"""What do a force's own records answer: each indicator, each wait, each count, and what could not be asked?

Exact counts, since they are for the force alone. A share never stands without what is not known beside it, and under
twenty records the counts are said and no share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from assay.compare.comparability import FEWEST_RECORDS
from assay.indicators import ALL
from assay.indicators.form_sentences import SAID
from assay.indicators.indicator_catalogue import forms, indicators
from assay.indicators.indicator_registers import registers
from assay.report.pages.inspection.figure_sentences import Status, status
from assay.sdc import ToSender
from assay.wording import counted, number

FIVE = ("met", "not_met", "not_known", "not_known_if_counted", "left_out")
COUNTS = pa.schema([("force_code", pa.string()), ("indicator", pa.string()), *((name, pa.int64()) for name in FIVE)])
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Answered:
    """One indicator: its words (a row of the register), whether it grades, what may be said, and its counts.

    `before`: the counts of last time, where they differ. `cannot`: why it cannot be asked; then there are no counts.
    """

    form: Row
    status: Status
    said: str
    counts: Row
    left_out: tuple[tuple[str, int], ...]
    before: Row | None
    cannot: str = ""

    @property
    def unknown(self) -> int:
        """How many records do not tell."""
        return int(self.counts["not_known"] + self.counts["not_known_if_counted"])


@dataclass(frozen=True)
class Measured:
    """A wait, or a count under one definition: its words, what is said of it, or why it cannot be asked."""

    form: Row
    title: str
    said: str
    cannot: str = ""


def answers(sent: ToSender, before: pa.Table | None) -> tuple[Answered, ...]:
    """Every indicator, in the order in which they are shown; `before` has the counts (COUNTS) of last time."""
    rows = {row["indicator"]: row for row in sent.rows("ladders") if row["when_reported"] == ALL}
    words = {row["indicator"]: row for row in registers(forms())["indicators"].to_pylist()}
    last = {row["indicator"]: row for row in before.to_pylist()} if before is not None else {}
    aside = [row for row in sent.rows("left_out") if row["records"]]
    return tuple(
        _answered(
            words[form.key],
            rows[form.key],
            last.get(form.key),
            tuple((row["reason"], row["records"]) for row in aside if row["indicator"] == form.key),
        )
        for form in indicators()
    )


def counts_now(sent: ToSender) -> pa.Table:
    """The five answers of every indicator that could be asked: what the next run calls 'last time'."""
    rows = [row for row in sent.rows("ladders") if row["when_reported"] == ALL and not row["not_askable"]]
    return pa.Table.from_pylist([{**row, "force_code": row["place_code"]} for row in rows], schema=COUNTS)


def _answered(form: Row, row: Row, last: Row | None, left_out: tuple[tuple[str, int], ...]) -> Answered:
    counts = {name: row[name] or 0 for name in FIVE}
    if row["not_askable"]:
        return Answered(form, status(dict(form)), "", counts, (), None, _to_you(row["not_askable"]))
    changed = last if last and any(last[name] != counts[name] for name in FIVE) else None
    return Answered(form, status(dict(form)), share_said(row, SAID[form["indicator"]].noun), counts, left_out, changed)


def _to_you(why: str) -> str:
    """A sentence about a force, said to it."""
    return why.replace("This force", "You").replace("this force", "you")


def share_said(row: Row, noun: str) -> str:
    """'Met: 65 of the 120 crimes that tell, 54 in 100; of all 130, 50 to 58 in 100, since 10 do not tell.'"""
    met, base = row["met"], row["met"] + row["not_met"]
    unknown = row["not_known"] + row["not_known_if_counted"]
    if not base + unknown:
        return f"None of your {noun} is asked about here."
    if not base:
        return f"{_of(unknown, noun)} may count, and none tells."
    known = f"Met: {number(met)} of the {_of(base, noun)} {'that tells' if base == 1 else 'that tell'}"
    if base >= FEWEST_RECORDS and row["share"] is not None:
        known += f", {round(100 * row['share'])} in 100"
    return f"{known}{_bounds(row, base, unknown)}."


def _bounds(row: Row, base: int, unknown: int) -> str:
    if not unknown:
        return ""
    since = "1 does not tell" if unknown == 1 else f"{number(unknown)} do not tell"
    if base + unknown < FEWEST_RECORDS or row["share"] is None:
        return f"; of all {base + unknown}, {row['met']} to {row['met'] + unknown}, since {since}"
    low, high = round(100 * row["share_lowest"]), round(100 * row["share_highest"])
    return f"; of all {number(base + unknown)}, {low} to {high} in 100, since {since}"


def _of(count: int, noun: str) -> str:
    """'1 record', '12 crimes': nouns of records are plurals, and one is said plainly."""
    return "1 record" if count == 1 else f"{number(count)} {noun}"


def waits(sent: ToSender) -> tuple[Measured, ...]:
    """The median of every wait with its interval, those that still wait counted."""
    words = {row["wait"]: row for row in registers(forms())["waits"].to_pylist()}
    return tuple(_wait(words[row["wait"]], row) for row in sent.rows("wait_medians"))


def _wait(form: Row, row: Row) -> Measured:
    if row["not_askable"]:
        return Measured(form, form["title"], "", _to_you(row["not_askable"]))
    if not row["records"]:
        return Measured(form, form["title"], "No record of yours is followed here.")
    parts = f"{number(row['ended'])} ended so, {number(row['ended_otherwise'])} otherwise, "
    parts += f"{number(row['still_waiting'])} still wait"
    unknown = f"; of {number(row['not_known'])} more it is not known" if row["not_known"] else ""
    return Measured(form, form["title"], f"{_median(row)} Of {counted(row['records'], 'wait')}: {parts}{unknown}.")


def _median(row: Row) -> str:
    if row["median_days"] is None:
        return "The median is not reached: fewer than half have ended in this way."
    low, high = (f"{round(row[name])}" if row[name] is not None else "" for name in ("median_low", "median_high"))
    between = f"95% interval {low} to {high}" if low and high else f"95% interval from {low or '0'}, no upper end"
    most = row["p90_days"]
    nine = "" if most is None else f" Nine in ten ended within {counted(round(most), 'day')}."
    return f"Half ended within {counted(round(row['median_days']), 'day')} ({between}).{nine}"


def counts(sent: ToSender) -> tuple[Measured, ...]:
    """The records under each definition, side by side; they overlap and do not add up."""
    words = {(row["count"], row["definition"]): row for row in registers(forms())["definitions_used"].to_pylist()}
    titles = {form.key: form.title.split(",")[0] for form in forms()}
    return tuple(
        _count(words[row["count"], row["definition"]], titles[row["count"]], row) for row in sent.rows("counts")
    )


def _count(form: Row, title: str, row: Row) -> Measured:
    if row["not_askable"]:
        return Measured(form, title, "", _to_you(row["not_askable"]))
    unknown = f"; of {number(row['not_known'])} it is not known" if row["not_known"] else ""
    return Measured(form, title, f"{number(row['records'])}{unknown}")
