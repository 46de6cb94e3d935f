"""What do the marks of a sample drawn by a score say of all texts, of a part of them, and of the score itself?

`Audited` holds one row for each text of the frame, marked or not: what was found in it, its stratum, and the answer, if
it was marked. Counts of what a score called are never an estimate: where nothing was marked, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from assay.contract.question_sets import MET_ANSWER, NOT_APPLICABLE, NOT_ENOUGH
from assay.indicators import EVERYWHERE
from assay.stats.interval_estimates import Answer, unanswered
from assay.stats.samples.prediction_powered import most_left
from assay.stats.samples.stratified_sampling import Stratum, stratified_share
from assay.stats.samples.subgroup_shares import number_in, share_of_first, share_of_part, weighed_share

NOT_MARKED = (
    "Nobody has marked any of these texts. What a score calls is a reason to read, and no count of anything, so "
    "nothing is said."
)
PART_READ = "A band of the score has texts here that nobody read, so nothing is said of them together."
MOST_UNREAD = 0.05
"""A force of whose texts a larger share could not be read is not compared."""
FILE = {"force_code": pl.String, "subject_ref": pl.String}
ANSWER = "answer"
DECIMALS = 6
Files = Mapping[tuple[str, str], str]
"""Answers by text."""


@dataclass(frozen=True)
class Audited:
    """The texts of a frame (force_code, subject_ref, stratum, score, band and what else is known of each) and the
    answers to one question. `sample`: which sample was marked, '' if none was."""

    rows: pl.DataFrame
    sample: str = ""

    def of(self, condition: pl.Expr) -> Audited:
        """Those of which something holds; where it is not known, they are not among them."""
        return Audited(self.rows.filter(condition.fill_null(value=False)), self.sample)

    def place(self, code: str) -> Audited:
        """Those of one force, or of all."""
        return self if code == EVERYWHERE else self.of(pl.col("force_code") == code)

    @property
    def records(self) -> int:
        """How many texts there are."""
        return self.rows.height

    @property
    def read(self) -> int:
        """How many were marked."""
        return int(self.rows[ANSWER].is_not_null().sum())

    @property
    def told(self) -> int:
        """How many of these told."""
        return int(self.rows.select(_told()).to_series().sum())

    @property
    def met(self) -> int:
        """In how many it was met."""
        return int((self.rows[ANSWER] == MET_ANSWER).sum())

    @property
    def places(self) -> list[str]:
        """All together, then each force."""
        return [EVERYWHERE, *sorted(self.rows["force_code"].unique())]

    def strata(self) -> list[Stratum]:
        """Each stratum as far as its texts told: its size is the part of its texts in which the question arises."""
        return [one for _, one in self._cells()]

    def bands(self) -> list[list[Stratum]]:
        """The same by bands of the score."""
        found: dict[str, list[Stratum]] = {}
        for band, one in self._cells():
            found.setdefault(band, []).append(one)
        return list(found.values())

    def _cells(self) -> list[tuple[str, Stratum]]:
        met = (pl.col(ANSWER) == MET_ANSWER).sum()
        counts = {"records": pl.len(), "read": pl.col(ANSWER).is_not_null().sum(), "told": _told().sum(), "met": met}
        rows = self.rows.group_by("stratum", "band").agg(**counts).sort("stratum", "band")
        cells = []
        for row in rows.iter_rows(named=True):
            part = row["told"] / row["read"] if row["read"] else 1.0
            size = max(round(row["records"] * part), row["told"])
            cells.append((row["band"] or "", Stratum(size, row["told"], row["met"])))
        return cells


def _told() -> pl.Expr:
    return pl.col(ANSWER).is_not_null() & ~pl.col(ANSWER).is_in([NOT_ENOUGH, NOT_APPLICABLE])


def rate(audited: Audited) -> Answer:
    """The share of all texts in which it was met, by their strata, and of several forces by bands of the score; a
    refusal in words where nothing can be said."""
    if not audited.told:
        return unanswered(NOT_MARKED)
    strata = [one for one in audited.strata() if one.size]
    if any(not one.drawn for one in strata):
        return unanswered(PART_READ)
    return stratified_share(strata) if audited.rows["force_code"].n_unique() == 1 else share_of_part(audited.bands())


def rate_of_part(audited: Audited) -> Answer:
    """The same of a part that cuts across the strata."""
    return share_of_part(audited.bands()) if audited.told else unanswered(NOT_MARKED)


def number(audited: Audited) -> Answer:
    """How many of all texts it is met in."""
    strata = [one for one in audited.strata() if one.size]
    return number_in(strata, rate(audited) if strata else unanswered(""))


def number_of_part(audited: Audited) -> Answer:
    """The same of a part that cuts across the strata."""
    return number_in([one for one in audited.strata() if one.size], rate_of_part(audited))


def split(audited: Audited, first: pl.Expr) -> Answer:
    """Of the texts in which it is met, the share of which something holds: the recall of a score, for one."""
    if not audited.told:
        return unanswered(NOT_MARKED)
    parts = [number(audited.of(first)), number(audited.of(~first))]
    refused = next((one for one in parts if one.value is None), None)
    return refused or share_of_first(*parts)


def lowest_most(audited: Audited) -> int | None:
    """The most texts of the lowest band in which it may be met: what no score can exclude. None before any was read."""
    if not audited.records:
        return None
    lowest = audited.of(pl.col("band") == audited.rows.sort("score", nulls_last=True)["band"][0])
    strata = [one for one in lowest.strata() if one.size]
    if not strata or any(not one.drawn for one in strata):
        return None
    return most_left(strata)


def weighed(audited: Audited, question: str) -> tuple[int, int, Answer]:
    """Of a second question to the same texts (a column), which arises in few of them: in how many it arose, in how many
    it was met, and the share, each text weighed by how many it stands for."""
    weights = audited.rows.select(
        pl.len().over("stratum") / pl.col(ANSWER).is_not_null().sum().over("stratum")
    ).to_series()
    arose = audited.rows[question].is_not_null() & ~audited.rows[question].is_in([NOT_ENOUGH, NOT_APPLICABLE])
    met = (audited.rows[question] == MET_ANSWER).filter(arose)
    share = weighed_share(met.cast(pl.Int64).to_numpy(), weights.filter(arose).to_numpy())
    return int(arose.sum()), int(met.sum()), share


def unread_share(volume: pl.DataFrame, table: str, place: str) -> float | None:
    """Of the texts that there are (`volume`), the share that was not read; None where there are none."""
    mine = volume.filter((pl.col("table_name") == table) & ((pl.col("force_code") == place) | (place == EVERYWHERE)))
    texts, read = int(mine["texts"].sum()), int(mine["read"].sum())
    return (texts - read) / texts if texts else None


def why_not_compared(unread: float | None, texts: str) -> str:
    """Why a force is not compared, as far as reading goes; '' where it may be."""
    if unread is None:
        return f"Not comparable: no {texts} were sent."
    if unread > MOST_UNREAD:
        limit = f"more than {100 * MOST_UNREAD:.0f} in 100 {texts} could not be read"
        return f"Not comparable: {limit}. That is neither good nor bad."
    return ""


def as_stored(rows: Iterable[Mapping[str, Any]], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Rows as a table of this form, estimates to six decimals; what a row does not have is empty there."""
    held = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=dict(schema))
    return held.with_columns(pl.col(pl.Float64).round(DECIMALS))


def joined(frame: pl.DataFrame, scores: pl.DataFrame, answers: Mapping[str, Files], sample: str) -> Audited:
    """What was found in every text (`frame`), its stratum and score (`scores`), and the answers to each question. The
    first question is the one that is asked; the others stand in columns of their own names."""
    same = frame.height == scores.height and all(frame[name].equals(scores[name]) for name in FILE)
    rows = frame.hstack(scores.drop(FILE)) if same else frame.join(scores, on=list(FILE), how="inner")
    for place, (question, told) in enumerate(answers.items()):
        name = question if place else ANSWER
        marks = [(*file, answer) for file, answer in told.items()]
        rows = rows.join(pl.DataFrame(marks, {**FILE, name: pl.String}, orient="row"), on=list(FILE), how="left")
    return Audited(rows, sample)


def unmarked(frame: pl.DataFrame, questions: Iterable[str]) -> Audited:
    """The texts of a frame of which nobody has marked any."""
    names = [name if place else ANSWER for place, name in enumerate(questions)]
    nothing = {name: pl.lit(None, pl.String) for name in names}
    return Audited(frame.with_columns(stratum=pl.lit(""), score=pl.lit(None, pl.Float64), **nothing))
