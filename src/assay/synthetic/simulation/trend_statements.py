"""Calibration of statements that a series fell.

Reads the trends of an inspection (`scale/trends.parquet`) and the truth. Two series have a true direction: crimes
flagged as exploitation, if the flagging probability changed on an injected day; and children on no list, if their
number changed. A statement gives a direction with a probability of 50% or more; it is right if that is the true
direction. Without a change there is no true direction, and certain statements are counted as false certainty.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from assay.stats.binomial_intervals import wilson
from assay.synthetic.simulation.truth_folder import FILE

MARKED, HIDDEN, RECORDED = "marked", "hidden", "recorded"
TOTALS = "hidden_totals.csv"
CHANGED_RATE = "flag_sensitivity"
BINS = (0.5, 0.7, 0.8, 0.9, 1.0)
"""Limits of the probability bins."""
HIGH_PROBABILITY = 0.9


class Statement(NamedTuple):
    """A stated probability that a series of one force fell; `truly_fell`: the truth, None if nothing changed."""

    place: str
    kind: str
    probability_fell: float
    truly_fell: bool | None

    @property
    def stated_probability(self) -> float:
        """The probability of the likelier direction."""
        return max(self.probability_fell, 1 - self.probability_fell)

    @property
    def is_right(self) -> bool:
        """True if the likelier direction is the true one."""
        return (self.probability_fell >= 0.5) == self.truly_fell


class CalibrationBin(NamedTuple):
    """Statements in one probability bin: number, mean stated probability, number right, and its 95% interval."""

    low: float
    high: float
    number: int
    stated: float
    right: int
    right_low: float
    right_high: float


def statements(inspection: Path, truth: Path) -> list[Statement]:
    """Return every one-year statement of an inspection on a force's series, with the truth."""
    path = inspection / "scale" / "trends.parquet"
    return compare_statements(pq.read_table(path).to_pylist() if path.is_file() else [], truth)


def compare_statements(rows: Iterable[Mapping[str, Any]], truth: Path) -> list[Statement]:
    """Return the statements about trends of a run's table, each with the true trend."""
    force_truths = tomllib.loads((truth / FILE).read_text(encoding="utf-8"))["forces"]
    hidden = _hidden(truth / TOTALS)
    found = []
    for row in rows:
        place, kind = row["place_code"], row["kind"]
        is_scored = row["years_apart"] == 1 and place in force_truths and kind in (MARKED, HIDDEN, RECORDED)
        if is_scored and row["probability_fell"] is not None:
            true_decline = {MARKED: _has_fallen(force_truths[place]), HIDDEN: hidden.get(place)}.get(kind)
            found.append(Statement(place, kind, row["probability_fell"], true_decline))
    return found


def calibration_bins(all_statements: Iterable[Statement]) -> list[CalibrationBin]:
    """Return the calibration of statements with a true direction, by stated probability."""
    scored = [statement for statement in all_statements if statement.truly_fell is not None]
    bins = []
    for low, high in pairwise(BINS):
        bin_statements = [
            statement
            for statement in scored
            if low <= statement.stated_probability < high or (high == BINS[-1] and statement.stated_probability == high)
        ]
        right = sum(statement.is_right for statement in bin_statements)
        if bin_statements:
            stated = sum(statement.stated_probability for statement in bin_statements) / len(bin_statements)
            bins.append(
                CalibrationBin(low, high, len(bin_statements), stated, right, *wilson(right, len(bin_statements)))
            )
    return bins


def false_certainty(all_statements: Iterable[Statement]) -> tuple[int, int]:
    """Return how many statements on unchanged series have a probability of 90% or more, and how many there are."""
    unchanged = [statement for statement in all_statements if statement.truly_fell is None]
    return sum(statement.stated_probability >= HIGH_PROBABILITY for statement in unchanged), len(unchanged)


def _has_fallen(force: Mapping[str, object]) -> bool | None:
    """Return True if the flagging rate fell, False if it rose; None if it did not change."""
    turns = force.get("turns")
    points = [turn["points"] for turn in turns if turn["key"] == CHANGED_RATE] if isinstance(turns, list) else []
    return points[-1] < 0 if points else None


def _hidden(path: Path) -> dict[str, bool]:
    """Return, by force, whether there were fewer hidden children in the last year than in the year before."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    years: dict[str, list[int]] = {}
    for row in sorted(rows, key=lambda row: int(row["year"])):
        years.setdefault(row["force_code"], []).append(int(row["children"]))
    return {
        place: yearly_counts[-1] < yearly_counts[-2]
        for place, yearly_counts in years.items()
        if len(yearly_counts) > 1 and yearly_counts[-1] != yearly_counts[-2]
    }
