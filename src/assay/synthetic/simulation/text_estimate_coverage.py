"""Does the interval of each figure that people's marks give hold what is true of the same texts?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from assay.indicators import EVERYWHERE
from assay.indicators.audited_samples import FILE
from assay.indicators.catalogue.attitudes import blaming_language
from assay.workflows.run.confirmed_texts import SENSITIVITY, SETS, SPECIFICITY
from assay.workflows.run.text_stage import NOTES, SUMMARIES

NUMBER = "unflagged crimes"
TITLES = {
    blaming_language.BLAMING: "entries that blame",
    NUMBER: "crimes told of and unflagged",
    SENSITIVITY: "sensitivity of flags",
    SPECIFICITY: "specificity of flags",
}
ROUNDED = 1e-6


@dataclass(frozen=True)
class TextEstimate:
    """A figure of one force (or of all) with its interval, and what is true of the same texts."""

    measure: str
    place: str
    value: float
    low: float
    high: float
    truth: float

    @property
    def holds(self) -> bool:
        """Whether the interval holds the truth, as exactly as figures are stored."""
        return self.low - ROUNDED <= self.truth <= self.high + ROUNDED


def true_of(frame: pl.DataFrame, table: str, marks: Any) -> pl.DataFrame:
    """Every text of the frame with the true answer; nothing of a text that the truth does not know."""
    question = SETS[table][1][0]
    answers = [marks.true(file, question) for file in frame.select(*FILE).rows()]
    true = [answer == "met" if answer else None for answer in answers]
    return frame.with_columns(true=pl.Series(true, dtype=pl.Boolean))


def text_estimates(
    rates: pl.DataFrame, flags: pl.DataFrame, true: Mapping[str, pl.DataFrame]
) -> Iterator[TextEstimate]:
    """Every figure of the tables `language` and `unflagged`, beside what is true of the texts of `true_of`."""
    own = true[NOTES].filter(~pl.col("imported"))
    for row in rates.filter(pl.col("measure") == blaming_language.BLAMING, pl.col("share").is_not_null()).to_dicts():
        mine = _within(own, row["place_code"])
        if row["part_of"] == blaming_language.WHOLE:
            yield _estimate(blaming_language.BLAMING, row, ("share", "low", "high"), float(mine["true"].mean() or 0))  # type: ignore[arg-type]
    for row in flags.filter(pl.col("unflagged").is_not_null()).to_dicts():
        mine = _within(true[SUMMARIES], row["place_code"]).filter("true")
        missed, whole = int((~mine["cse_flagged"]).sum()), mine.height
        yield _estimate(NUMBER, row, ("unflagged", "unflagged_low", "unflagged_high"), missed)
        if whole and row["sensitivity"] is not None:
            names = ("sensitivity", "sensitivity_low", "sensitivity_high")
            yield _estimate(SENSITIVITY, row, names, 1 - missed / whole)
        others = _within(true[SUMMARIES], row["place_code"]).filter(~pl.col("true"))
        if others.height and row["specificity"] is not None:
            names = ("specificity", "specificity_low", "specificity_high")
            yield _estimate(SPECIFICITY, row, names, 1 - float(others["cse_flagged"].mean()))  # type: ignore[arg-type]


def _estimate(measure: str, row: Mapping[str, Any], names: Sequence[str], truth: float) -> TextEstimate:
    value, low, high = (float(row[name]) for name in names)
    return TextEstimate(measure, row["place_code"], value, low, high, truth)


def _within(rows: pl.DataFrame, place: str) -> pl.DataFrame:
    return rows if place == EVERYWHERE else rows.filter(pl.col("force_code") == place)
