"""Of the statements that a series fell with some probability, how many came true?

Reads the trends of an inspection (`scale/trends.parquet`) and the truth. Two series have a true direction: crimes
marked as exploitation, where the chance that a case is flagged turned up or down on a planted day; and children on no
list, where their number changed. A statement says one direction with a probability from 50 in 100 up; it is right if
that is the true one. Where nothing was changed a statement has no true direction: of these it is counted how many were
made surely all the same.
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
TURNED = "flag_sensitivity"
BINS = (0.5, 0.7, 0.8, 0.9, 1.0)
"""Ends of the probabilities that are counted together."""
SURE = 0.9


class Statement(NamedTuple):
    """A series of one force said to have fallen with a probability; `fell`: the truth, None where nothing changed."""

    place: str
    kind: str
    probability_fell: float
    fell: bool | None

    @property
    def stated(self) -> float:
        """The probability of the direction that is the likelier."""
        return max(self.probability_fell, 1 - self.probability_fell)

    @property
    def is_right(self) -> bool:
        """Whether the likelier direction is the true one."""
        return (self.probability_fell >= 0.5) == self.fell


class Kept(NamedTuple):
    """Statements of one range of stated probability: how many, their mean, how many were right and its 95% interval."""

    low: float
    high: float
    number: int
    stated: float
    right: int
    right_low: float
    right_high: float


def statements(inspection: Path, truth: Path) -> list[Statement]:
    """Every statement of an inspection on a series of a force over one year, with what is true of it."""
    path = inspection / "scale" / "trends.parquet"
    return judged(pq.read_table(path).to_pylist() if path.is_file() else [], truth)


def judged(rows: Iterable[Mapping[str, Any]], truth: Path) -> list[Statement]:
    """The same, of the rows of the table of trends."""
    told = tomllib.loads((truth / FILE).read_text(encoding="utf-8"))["forces"]
    hidden = _hidden(truth / TOTALS)
    found = []
    for row in rows:
        place, kind = row["place_code"], row["kind"]
        of_this = row["years_apart"] == 1 and place in told and kind in (MARKED, HIDDEN, RECORDED)
        if of_this and row["probability_fell"] is not None:
            fell = {MARKED: _turned(told[place]), HIDDEN: hidden.get(place)}.get(kind)
            found.append(Statement(place, kind, row["probability_fell"], fell))
    return found


def calibrated(found: Iterable[Statement]) -> list[Kept]:
    """Statements with a true direction, by how surely they were made."""
    held = [one for one in found if one.fell is not None]
    kept = []
    for low, high in pairwise(BINS):
        mine = [one for one in held if low <= one.stated < high or (high == BINS[-1] and one.stated == high)]
        right = sum(one.is_right for one in mine)
        if mine:
            stated = sum(one.stated for one in mine) / len(mine)
            kept.append(Kept(low, high, len(mine), stated, right, *wilson(right, len(mine))))
    return kept


def sure_of_nothing(found: Iterable[Statement]) -> tuple[int, int]:
    """Where nothing was changed: how many statements were made with nine in ten or more, and of how many."""
    held = [one for one in found if one.fell is None]
    return sum(one.stated >= SURE for one in held), len(held)


def _turned(force: Mapping[str, object]) -> bool | None:
    """Whether marking turned down (True) or up; None where it did not turn."""
    turns = force.get("turns")
    points = [turn["points"] for turn in turns if turn["key"] == TURNED] if isinstance(turns, list) else []
    return points[-1] < 0 if points else None


def _hidden(path: Path) -> dict[str, bool]:
    """Whether there were fewer children in the last year than in the year before, by force."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    years: dict[str, list[int]] = {}
    for row in sorted(rows, key=lambda row: int(row["year"])):
        years.setdefault(row["force_code"], []).append(int(row["children"]))
    return {place: held[-1] < held[-2] for place, held in years.items() if len(held) > 1 and held[-1] != held[-2]}
