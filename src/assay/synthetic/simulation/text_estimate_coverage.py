"""Interval coverage of figures estimated from rated texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from assay.indicators import EVERYWHERE
from assay.indicators.audited_samples import FILE
from assay.indicators.catalogue.attitudes import blaming_language
from assay.workflows.run.confirmed_texts import QUESTIONS_OF_TABLE, SENSITIVITY, SPECIFICITY
from assay.workflows.run.text_stage import NOTES, SUMMARIES

NUMBER = "unflagged crimes"
TITLES = {
    blaming_language.BLAMING: "entries that blame",
    NUMBER: "crimes told of and unflagged",
    SENSITIVITY: "sensitivity of flags",
    SPECIFICITY: "specificity of flags",
}
TOLERANCE = 1e-6


@dataclass(frozen=True)
class TextEstimate:
    """A figure of one force (or of all) with its interval, and the true value for the same texts."""

    measure: str
    place: str
    value: float
    low: float
    high: float
    truth: float

    @property
    def covers_truth(self) -> bool:
        """True if the interval covers the truth, up to the rounding of stored figures."""
        return self.low - TOLERANCE <= self.truth <= self.high + TOLERANCE


def with_truth(frame: pl.DataFrame, table: str, marks: Any) -> pl.DataFrame:
    """Return every text of the frame with its true answer; texts without truth are dropped."""
    question = QUESTIONS_OF_TABLE[table][1][0]
    answers = [marks.true_answer(file, question) for file in frame.select(*FILE).rows()]
    true = [answer == "met" if answer else None for answer in answers]
    return frame.with_columns(true=pl.Series(true, dtype=pl.Boolean))


def text_estimates(
    rates: pl.DataFrame, flags: pl.DataFrame, true: Mapping[str, pl.DataFrame]
) -> Iterator[TextEstimate]:
    """Return every figure of the tables `language` and `unflagged`, with the truth of the texts of `with_truth`."""
    police_notes = true[NOTES].filter(~pl.col("imported"))
    for row in rates.filter(pl.col("measure") == blaming_language.BLAMING, pl.col("share").is_not_null()).to_dicts():
        place_texts = _place_rows(police_notes, row["place_code"])
        if row["part_of"] == blaming_language.WHOLE:
            true_share = float(place_texts["true"].mean() or 0)  # type: ignore[arg-type]
            yield _estimate(blaming_language.BLAMING, row, ("share", "low", "high"), true_share)
    for row in flags.filter(pl.col("unflagged").is_not_null()).to_dicts():
        place_texts = _place_rows(true[SUMMARIES], row["place_code"]).filter("true")
        missed, total = int((~place_texts["cse_flagged"]).sum()), place_texts.height
        yield _estimate(NUMBER, row, ("unflagged", "unflagged_low", "unflagged_high"), missed)
        if total and row["sensitivity"] is not None:
            names = ("sensitivity", "sensitivity_low", "sensitivity_high")
            yield _estimate(SENSITIVITY, row, names, 1 - missed / total)
        negatives = _place_rows(true[SUMMARIES], row["place_code"]).filter(~pl.col("true"))
        if negatives.height and row["specificity"] is not None:
            names = ("specificity", "specificity_low", "specificity_high")
            yield _estimate(SPECIFICITY, row, names, 1 - float(negatives["cse_flagged"].mean()))  # type: ignore[arg-type]


def _estimate(measure: str, row: Mapping[str, Any], names: Sequence[str], truth: float) -> TextEstimate:
    value, low, high = (float(row[name]) for name in names)
    return TextEstimate(measure, row["place_code"], value, low, high, truth)


def _place_rows(rows: pl.DataFrame, place: str) -> pl.DataFrame:
    return rows if place == EVERYWHERE else rows.filter(pl.col("force_code") == place)
